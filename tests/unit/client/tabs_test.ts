import { assertEquals } from "@std/assert";
import { visibleTabbed } from "../../../client/terminal/display/tabs.ts";
import { EMPTY_EDITOR, withText } from "../../../client/terminal/keyboard/editor.ts";
import { promptArea } from "../../../client/terminal/prompt_area.ts";
import { untypableText } from "../../../client/terminal/words/questions.ts";
import { newModel } from "../../../client/core/model.ts";

const OPTIONS = { script: false, receives: true, creates: true };

Deno.test("visibleTabbed() fills up to the next tab stop, and leaves nothing that a terminal obeys", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", ""],
    ["\t", "        "],
    ["a\tb", "a       b"],
    ["12345678\tb", "12345678        b"],
    ["漢\tb", "漢      b"],
    ["a\tb\tc", "a       b       c"],
    ["\x1b[A\t", "\\u{1b}[A        "],
  ];
  for (const [text, tabbed] of cases) assertEquals(visibleTabbed(text), tabbed, JSON.stringify(text));
});

Deno.test("promptArea() shows line breaks and tabs of the line being typed, the cursor where it is", () => {
  const model = newModel(OPTIONS);
  const text = "one\ntwo\tx\x07";
  for (let cursor = 0; cursor <= text.length; cursor++) {
    const { beforeCursor, afterCursor } = promptArea(model, withText(EMPTY_EDITOR, text, cursor));
    assertEquals(beforeCursor + afterCursor, "one↵two x\\u{7}", `cursor ${cursor}`);
  }
  assertEquals(promptArea(model, withText(EMPTY_EDITOR, text, 8)).beforeCursor, "one↵two ");
});

Deno.test("untypableText() refuses control characters in new passwords, and in no other answer", () => {
  const isRefused = (answer: string, kind: "newPassword" | "password"): boolean =>
    untypableText({ kind, name: "bob" }, answer) !== undefined;
  for (const answer of ["a\nb", "a\tb", "\x1b[A"]) {
    assertEquals([isRefused(answer, "newPassword"), isRefused(answer, "password")], [true, false]);
  }
  assertEquals(isRefused("correct horse é漢", "newPassword"), false);
});
