import { assert, assertEquals } from "@std/assert";
import { partsOf } from "../../../../client/web/view/links.ts";
import { hostileTexts } from "./hostile_texts.ts";

/** The links of a text. */
function hrefs(text: string): readonly string[] {
  return partsOf(text).flatMap(({ href }) => href ?? []);
}

const FOUND: readonly (readonly [string, ...string[]])[] = [
  ["see http://example.com/a?b=1#c now", "http://example.com/a?b=1#c"],
  ["HTTPS://EXAMPLE.COM", "HTTPS://EXAMPLE.COM"],
  ["http://localhost:5080/", "http://localhost:5080/"],
  ["http://[::1]:5080/x", "http://[::1]:5080/x"],
  ["www.example.com/x", "https://www.example.com/x"],
  ["bob@example.com", "mailto:bob@example.com"],
  ["mailto:bob@example.com?subject=x", "mailto:bob@example.com?subject=x"],
  ["to bob.b+c@mail.example.co.uk.", "mailto:bob.b+c@mail.example.co.uk"],
  ["(https://example.com)", "https://example.com"],
  ["https://example.com/a_(b)", "https://example.com/a_(b)"],
  ["(see https://example.com/a_(b)), then", "https://example.com/a_(b)"],
  ["https://example.com/a, https://example.com/b.", "https://example.com/a", "https://example.com/b"],
  ["https://example.com?!", "https://example.com"],
  ["https://example.com/…", "https://example.com/"],
  ["見て https://example.com/東京。", "https://example.com/東京"],
  ["a\nhttps://example.com\nb", "https://example.com"],
  ["https://example.com/\\u{202e}gpj.exe", "https://example.com/"],
  ["<https://example.com>", "https://example.com"],
];

const NOT_FOUND = [
  "notes.md",
  "example.com",
  "1.5.2",
  "e.g. this",
  "https://",
  "http:/example.com",
  "www.",
  "mailto:",
  "mailto:bob",
  "@bob",
  "bob@",
  "bob@localhost",
  "xhttps://example.com",
  "ftp://example.com",
  "javascript:alert(1)",
  "javascript://https",
  "https://?",
  `https://example.com/${"x".repeat(3_000)}`,
];

Deno.test("partsOf() finds addresses that say their scheme, www names, and mail addresses", () => {
  for (const [text, ...wanted] of FOUND) assertEquals([text, ...hrefs(text)], [text, ...wanted]);
  console.log(`${FOUND.length} texts with addresses`);
});

Deno.test("partsOf() finds no address in anything else", () => {
  for (const text of NOT_FOUND) assertEquals([text, ...hrefs(text)], [text]);
  console.log(`${NOT_FOUND.length} texts without one`);
});

Deno.test("partsOf() loses no character, and takes linear time", () => {
  const texts = [...hostileTexts(), ...FOUND.map(([text]) => text), ...NOT_FOUND];
  const slow = [
    "www.".repeat(4_096),
    "a.".repeat(8_192),
    "a@".repeat(8_192),
    `https://a${")".repeat(16_000)}`,
  ];
  for (const text of [...texts, ...slow]) {
    assertEquals(partsOf(text).map((part) => part.text).join(""), text);
    for (const href of hrefs(text)) assert(/^(https?:\/\/|mailto:)/i.test(href), href);
  }
  console.log(`${texts.length + slow.length} texts in parts`);
});
