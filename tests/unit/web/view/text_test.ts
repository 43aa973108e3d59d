import { assert, assertEquals } from "@std/assert";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { lineOf, Text } from "../../../../client/web/view/text.tsx";
import { hostileTexts } from "./hostile_texts.ts";

function drawn(text: string): string {
  return renderToString(h(Text, { of: text }));
}

function link(href: string, text = href): string {
  return `<a href="${href}" rel="noopener noreferrer" target="_blank">${text}</a>`;
}

const LINKS: readonly (readonly [string, string])[] = [
  ["see http://example.com/a?b=1 now", `see ${link("http://example.com/a?b=1")} now`],
  ["https://example.com", link("https://example.com")],
  ["www.example.com/path", link("https://www.example.com/path", "www.example.com/path")],
  ["bob@example.com", link("mailto:bob@example.com", "bob@example.com")],
  ["mailto:bob@example.com", link("mailto:bob@example.com")],
  ["(https://example.com)", `(${link("https://example.com")})`],
  ["https://bank.com@evil.example/x", link("https://bank.com@evil.example/x")],
];

const NO_LINKS = [
  "javascript:alert(1)",
  "JaVaScRiPt://example.com/%0aalert(1)",
  "data:text/html,<script>alert(1)</script>",
  "ftp://example.com/file",
  "file:///etc/passwd",
  "vbscript:msgbox(1)",
  "about:blank",
];

Deno.test("Text() makes links of http, https and mailto, with their whole address", () => {
  for (const [text, wanted] of LINKS) assertEquals(drawn(text), wanted);
  console.log(`${LINKS.length} texts with a link`);
});

Deno.test("Text() makes a link of no other address", () => {
  for (const text of NO_LINKS) {
    const hrefs = [...drawn(text).matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
    for (const href of hrefs) assert(/^(https?:\/\/|mailto:)/.test(href), `${text}: ${href}`);
    assert(!drawn(text).includes(`href="${text}`), text);
  }
  console.log(`${NO_LINKS.length} texts without one`);
});

Deno.test("Text() keeps line breaks, and interprets nothing else", () => {
  assertEquals(drawn("a\nb\r\n\nc"), "a\nb\n\nc");
  assertEquals(drawn("**a** _b_ `c` # d"), "**a** _b_ `c` # d");
  assertEquals(drawn("<b>&amp;</b>"), "&lt;b>&amp;amp;&lt;/b>");
});

Deno.test("Text() shows control and bidirectional characters", () => {
  assertEquals(drawn("a\u202eb\u0000c\u2028d"), "a\\u{202e}b\\u{0}c\\u{2028}d");
  assertEquals(drawn("https://example.com/\u202egpj.exe").includes("\u202e"), false);
});

Deno.test("200 hostile texts stay text", () => {
  const texts = hostileTexts();
  for (const text of texts) {
    const html = drawn(text);
    // Elements are links and nothing else, and links lead where they say.
    const elements = [...html.matchAll(/<\/?([^\s>]*)(?:"[^"]*"|[^>"])*>/g)];
    for (const [whole, name] of elements) {
      assertEquals(name, "a", JSON.stringify({ text, whole }));
      if (whole.startsWith("</")) continue;
      assert(
        /^<a href="(https?:\/\/|mailto:)[^"]*" rel="noopener noreferrer" target="_blank">$/.test(whole),
        whole,
      );
    }
    assert(!/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(html.replaceAll("\n", "")), JSON.stringify(text));
  }
  assert(texts.length >= 200);
  console.log(`${texts.length} hostile texts drawn`);
});

Deno.test("lineOf() is one line, and not a long one", () => {
  assertEquals(lineOf("a\nb\u202ec"), "a b\\u{202e}c");
  assertEquals(lineOf("x".repeat(100_000)).length, 200);
});
