import { assertEquals } from "@std/assert";
import { edit, type Edited, type Editor, EMPTY_EDITOR } from "../../../client/terminal/keyboard/editor.ts";
import { readKeys } from "../../../client/terminal/keyboard/keys.ts";

/** The editor after the keys of a terminal. */
function typed(input: string, from: Editor = EMPTY_EDITOR, answering = false): Edited {
  let edited: Edited = { editor: from };
  for (const key of readKeys(input).keys) edited = edit(edited.editor, key, answering);
  return edited;
}

/** The line with its cursor as `|`. */
function shown({ editor: { text, cursor } }: Edited): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";

Deno.test("edit() moves and changes the line as every line editor does", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["hello", "hello|"],
    [`helo${LEFT}l`, "hell|o"],
    [`hello${LEFT}${LEFT}\x7f`, "he|lo"],
    [`hello${LEFT}${LEFT}\x1b[3~`, "hel|o"],
    [`hello${LEFT}\x04`, "hell|"],
    ["hello\x01>", ">|hello"],
    ["hello\x01\x05!", "hello!|"],
    [`one two${LEFT}${LEFT}\x0b`, "one t|"],
    [`one two${LEFT}${LEFT}\x15`, "|wo"],
    ["one two  \x17", "one |"],
    ["one two\x17\x17\x17", "|"],
    ["one two\x17\x19\x19", "one twotwo|"],
    ["one two three\x1bb\x1bb", "one |two three"],
    ["one two\x01\x1bf", "one| two"],
    ["one two\x01\x1bd", "| two"],
    [`${LEFT}${RIGHT}\x7f\x1b[3~x`, "x|"],
  ];
  for (const [input, line] of cases) assertEquals(shown(typed(input)), line, JSON.stringify(input));
});

Deno.test("edit() takes what a person sees as one character as one", () => {
  assertEquals(shown(typed("a👨‍👩‍👧\x7f")), "a|");
  assertEquals(shown(typed(`漢e\u0301${LEFT}${LEFT}x`)), "x|漢e\u0301");
});

Deno.test("edit() submits a line and keeps it in the history", () => {
  const first = typed("one\r");
  assertEquals([first.action, first.submitted, shown(first)], ["submit", "one", "|"]);
  const second = typed("two\r", first.editor);
  const cases: readonly (readonly [string, string])[] = [
    [UP, "two|"],
    [`${UP}${UP}`, "one|"],
    [`${UP}${UP}${UP}`, "one|"],
    [`new${UP}${UP}${DOWN}${DOWN}`, "new|"],
    [DOWN, "|"],
  ];
  for (const [input, line] of cases) {
    assertEquals(shown(typed(input, second.editor)), line, JSON.stringify(input));
  }
});

Deno.test("edit() keeps neither answers nor repeated lines in the history", () => {
  assertEquals(typed("secret\r", EMPTY_EDITOR, true).editor.history, []);
  assertEquals(typed("a\ra\r \rb\r").editor.history, ["a", "b"]);
});

Deno.test("edit() searches the history", () => {
  const { editor } = typed("first one\rsecond\rthird one\r");
  assertEquals(shown(typed("\x12one", editor)), "third |one");
  assertEquals(shown(typed("\x12one\x12", editor)), "first |one");
  assertEquals(typed("\x12sec\r", editor).submitted, "second");
  assertEquals(shown(typed("draft\x12one\x07", editor)), "draft|");
  assertEquals(shown(typed("\x12onex\x7f", editor)), "third |one");
  assertEquals(typed("\x12one\x05!\r", editor).submitted, "third one!");
});

Deno.test("edit() does not submit pasted line breaks", () => {
  const pasted = typed("\x1b[200~one\rtwo\r\x1b[201~");
  assertEquals([pasted.action, shown(pasted)], [undefined, "one\ntwo\n|"]);
});

Deno.test("edit() clears the line with Ctrl-C and quits with a second one", () => {
  const first = typed("hello\x03");
  assertEquals([first.action, shown(first)], ["interrupted", "|"]);
  assertEquals(typed("\x03", first.editor).action, "quit");
  assertEquals(typed("x\x03", first.editor).action, "interrupted");
});

Deno.test("edit() quits with Ctrl-D on an empty line only", () => {
  assertEquals(typed("\x04").action, "quit");
  assertEquals(typed("x\x04").action, undefined);
});

Deno.test("edit() completes lines, but not answers", () => {
  assertEquals(typed("/he\t").action, "complete");
  assertEquals(typed("x\t", EMPTY_EDITOR, true).action, undefined);
});

Deno.test("edit() breaks the line with Alt-Enter, and submits no line break at the end", () => {
  assertEquals(typed("one\x1b\rtwo\r").submitted, "one\ntwo");
  assertEquals(typed("one\x1b\r\x1b\r\r").submitted, "one");
  assertEquals(typed("\x1b[200~a secret\r\x1b[201~\r", EMPTY_EDITOR, true).submitted, "a secret");
  assertEquals(shown(typed("a\x1b\rb", EMPTY_EDITOR, true)), "ab|");
});

Deno.test("edit() suspends at any time, and keeps the line", () => {
  for (const answering of [false, true]) {
    const { action, editor } = typed("half\x1a", EMPTY_EDITOR, answering);
    assertEquals([action, editor.text], ["suspend", "half"]);
  }
});
