import { assertEquals } from "@std/assert";
import { span, textOf } from "../../../client/terminal/display/spans.ts";
import { visibleJson, visibleLines, visibleText } from "../../../common/visible_text.ts";

Deno.test("visibleText() shows every character that a terminal would obey", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["\x1b[2J", "\\u{1b}[2J"],
    ["\x07", "\\u{7}"],
    ["a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"],
    ["\x7f\x9b31m", "\\u{7f}\\u{9b}31m"],
    ["\u202eevil\u202c", "\\u{202e}evil\\u{202c}"],
    ["\u2066a\u2069\u200e\u200f\u061c", "\\u{2066}a\\u{2069}\\u{200e}\\u{200f}\\u{61c}"],
    ["\u2028\u2029\0", "\\u{2028}\\u{2029}\\u{0}"],
  ];
  for (const [text, shown] of cases) assertEquals(visibleText(text), shown);
});

Deno.test("visibleText() leaves everything else alone", () => {
  const text = "Grüße, 漢字, \u{1f468}\u200d\u{1f469}\u200d\u{1f467} שלום عربي \\u{1b} \u00a0!";
  assertEquals(visibleText(text), text);
  assertEquals(visibleJson(text), text);
});

Deno.test("visibleText() lets no control or bidirectional character through", () => {
  let checked = 0;
  for (let code = 0; code <= 0x2fff; code++) {
    const shown = visibleText(String.fromCodePoint(code));
    assertEquals(/[\p{Cc}\p{Bidi_Control}]/u.test(shown), false, code.toString(16));
    checked++;
  }
  console.log(`checked ${checked} characters`);
});

Deno.test("visibleLines() breaks lines and nothing else", () => {
  assertEquals(visibleLines("a\r\nb\n\nc\rd"), ["a", "b", "", "c\\u{d}d"]);
});

Deno.test("span() makes text harmless", () => {
  assertEquals(textOf([span("\x1b[31m", "red"), span("!")]), "\\u{1b}[31m!");
});
