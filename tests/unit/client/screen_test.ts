import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { positionAfter } from "../../../client/terminal/display/cells.ts";
import { type Block, Screen } from "../../../client/terminal/display/screen.ts";
import { span, textOf } from "../../../client/terminal/display/spans.ts";
import { wrapped } from "../../../client/terminal/display/wrapping.ts";
import { scale } from "../../testing/scale.ts";
import { FakeTerminal } from "./fake_terminal.ts";

const COLUMNS = 20;
const ROWS = 8;

interface Seen {
  readonly screen: Screen;
  readonly terminal: FakeTerminal;
}

function start(columns = COLUMNS, rows = ROWS): Seen {
  const seen = { screen: new Screen(columns, rows, true), terminal: new FakeTerminal(columns, rows) };
  type(seen, "");
  return seen;
}

function type({ screen, terminal }: Seen, before: string, after = ""): void {
  terminal.write(
    screen.setPrompt({ prompt: [span("bob> ", "bold")], beforeCursor: before, afterCursor: after }),
  );
}

function block(text: string, key?: string): Block {
  return { key, lines: text.split("\n").map((line) => [span(line, "cyan")]) };
}

Deno.test("Screen.print() keeps the line being typed and the cursor", () => {
  const seen = start();
  type(seen, "hello", " you");
  seen.terminal.write(seen.screen.print([block("12:00 #a1 bob> hi")]));
  assertEquals(seen.terminal.screen, ["12:00 #a1 bob> hi", "bob> hello you"]);
  assertEquals([seen.terminal.row, seen.terminal.column], [1, 10]);
});

Deno.test("Screen.print() keeps a line that wraps, whatever its length", () => {
  for (let length = 0; length <= 3 * COLUMNS; length++) {
    const seen = start();
    const typed = "x".repeat(length);
    type(seen, typed);
    seen.terminal.write(seen.screen.print([block("one")]) + seen.screen.print([block("two")]));
    const rows = `bob> ${typed}`.match(/.{1,20}/g) ?? [];
    assertEquals(
      seen.terminal.screen,
      ["one", "two", ...rows.map((row) => row.trimEnd())],
      `length ${length}`,
    );
  }
});

Deno.test("Screen.setPrompt() shows the part of a long line where the cursor is", () => {
  const seen = start();
  type(seen, "a".repeat(400) + "HERE", "b".repeat(400));
  assertEquals(seen.terminal.scrolledOut.length, 0);
  assertEquals(seen.terminal.screen.join("").includes("HEREb"), true);
  type(seen, "short");
  assertEquals(seen.terminal.screen, ["bob> short"]);
});

Deno.test("Screen.replace() changes a line where it stands", () => {
  const seen = start();
  seen.terminal.write(seen.screen.print([block("12:00 #a1 .  me> hi", "a"), block("later", "b")]));
  type(seen, "typing more than one row of text");
  seen.terminal.write(seen.screen.replace("a", block("12:00 #a1 ++ me> hi")));
  assertEquals(seen.terminal.screen, [
    "12:00 #a1 ++ me> hi",
    "later",
    "bob> typing more tha",
    "n one row of text",
  ]);
  assertEquals([seen.terminal.row, seen.terminal.column], [3, 17]);
});

Deno.test("Screen.replace() writes less over more, and never more over less", () => {
  const seen = start();
  seen.terminal.write(seen.screen.print([block("one\ntwo\nthree", "a"), block("later")]));
  seen.terminal.write(seen.screen.replace("a", block("(deleted)", "a")));
  assertEquals(seen.terminal.screen, ["(deleted)", "", "", "later", "bob>"]);
  seen.terminal.write(seen.screen.replace("a", block("1\n2\n3\n4", "a")));
  assertEquals(seen.terminal.screen.slice(3), ["later", "bob>"]);
});

Deno.test("Screen.replace() leaves alone what has left the screen", () => {
  const seen = start();
  seen.terminal.write(seen.screen.print([block("first", "a")]));
  for (let i = 0; i < ROWS; i++) seen.terminal.write(seen.screen.print([block(`line ${i}`)]));
  assertEquals(seen.screen.replace("a", block("other")), "");
});

Deno.test("Screen.repaint() shows the latest lines in another size", () => {
  const seen = start();
  for (let i = 0; i < 20; i++) seen.terminal.write(seen.screen.print([block(`line ${i}`, `${i}`)]));
  const terminal = new FakeTerminal(30, 4);
  terminal.write("some other text");
  terminal.write(seen.screen.repaint(30, 4));
  assertEquals(terminal.screen, ["line 17", "line 18", "line 19", "bob>"]);
  terminal.write(seen.screen.replace("18", block("LINE 18")));
  assertEquals(terminal.screen, ["line 17", "LINE 18", "line 19", "bob>"]);
});

type Step =
  | { readonly kind: "print"; readonly texts: readonly string[] }
  | { readonly kind: "type"; readonly before: string; readonly after: string }
  | { readonly kind: "replace"; readonly index: number };

const characters = fc.constantFrom("a", "b", " ", "é", "漢", "👍", "e\u0301", "z");
const text = fc.array(characters, { maxLength: 70, size: "max" }).map((each) => `.${each.join("")}.`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("print" as const), texts: fc.array(text, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("type" as const), before: text, after: text }),
  fc.record({ kind: fc.constant("replace" as const), index: fc.nat(20) }),
);

Deno.test("Screen shows what a person would expect, after any steps", () => {
  let checked = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const seen = start();
      const texts: string[] = [];
      let typed = { before: "", after: "" };
      for (const each of steps) {
        if (each.kind === "print") {
          const blocks = each.texts.map((text, i) => block(text, `${texts.length + i}`));
          seen.terminal.write(seen.screen.print(blocks));
          texts.push(...each.texts);
        } else if (each.kind === "type") {
          typed = each;
          type(seen, each.before, each.after);
        } else {
          replaceMark(seen, texts, each.index);
        }
        // If the typed line does not fit the screen, only a part of it is shown: not checked here.
        if (positionAfter(`bob> ${typed.before}${typed.after}`, COLUMNS).row + 1 >= ROWS) return;
        checked++;
        assertShown(seen, texts, typed);
      }
    }),
    { numRuns: scale(80, 1_000) },
  );
  console.log(`checked ${checked} screens`);
});

/** Changes the first character of a line, as a mark changes, if the line is still on the screen. */
function replaceMark({ screen, terminal }: Seen, texts: string[], index: number): void {
  const text = texts[index];
  if (text === undefined) return;
  const { row } = rendered(rowsOf(texts.slice(0, index)));
  const changed = (text.startsWith("+") ? "." : "+") + text.slice(1);
  terminal.write(screen.replace(`${index}`, block(changed, `${index}`)));
  if (row >= terminal.scrolledOut.length) texts[index] = changed;
}

function assertShown(
  { terminal }: Seen,
  texts: readonly string[],
  typed: { before: string; after: string },
): void {
  const lines = rowsOf(texts);
  assertEquals(terminal.everything, rendered(`${lines}bob> ${typed.before}${typed.after}`).everything);
  const cursor = positionAfter(`bob> ${typed.before}`, COLUMNS);
  assertEquals(terminal.column, cursor.column);
  assertEquals(terminal.scrolledOut.length + terminal.row, rendered(lines).row + cursor.row);
}

/** The rows of lines, as the screen divides them. */
function rowsOf(texts: readonly string[]): string {
  const rows = texts.flatMap((text) => wrapped([span(text)], COLUMNS));
  return rows.map((row) => `${textOf(row)}\r\n`).join("");
}

function rendered(output: string): FakeTerminal {
  const tall = new FakeTerminal(COLUMNS, 1_000);
  tall.write(output);
  return tall;
}

Deno.test("Screen.print() takes a line away that has just been sent, without a gap below the prompt", () => {
  const seen = start();
  seen.terminal.write(seen.screen.print([block("1\n2\n3\n4\n5\n6\n7")]));
  type(seen, "x".repeat(50));
  const prompt = { prompt: [span("bob> ")], beforeCursor: "", afterCursor: "" };
  seen.terminal.write(seen.screen.print([block("sent")], prompt));
  assertEquals(seen.terminal.screen.at(-1), "bob>");
  assertEquals(seen.terminal.row, 6);
});

Deno.test("Screen.repaint() shows the end of what does not fit, and all of it once there is room again", () => {
  const seen = start();
  const lines = Array.from({ length: 7 }, (_, i) => `line ${i}`);
  seen.terminal.write(seen.screen.print([block(lines.join("\n"), "key"), block("after")]));
  const low = new FakeTerminal(COLUMNS, 4);
  low.write(seen.screen.repaint(COLUMNS, 4));
  assertEquals(low.screen, ["line 5", "line 6", "after", "bob>"]);
  low.write(seen.screen.replace("key", block("changed", "key")));
  assertEquals(low.screen, ["line 5", "line 6", "after", "bob>"]);
  const high = new FakeTerminal(COLUMNS, 9);
  high.write(seen.screen.repaint(COLUMNS, 9));
  assertEquals(high.screen, ["changed", "after", "bob>"]);
});

Deno.test("Screen.replace() shows the beginning of what needs more rows than there are", () => {
  const seen = start();
  seen.terminal.write(seen.screen.print([block("short", "key"), block("after")]));
  seen.terminal.write(seen.screen.replace("key", block("12:00 #a1 bob>\n(deleted)", "key")));
  assertEquals(seen.terminal.screen, ["12:00 #a1 bob> (del", "after", "bob>"]);
});

Deno.test("Screen.print() shows a screenful of what is longer, and says how much more there is", () => {
  const lines = (count: number): Block => ({
    ...block(Array.from({ length: count }, (_, i) => `line ${i}`).join("\n"), "key"),
    more: (rowsHidden) => [span(`... ${rowsHidden} more`)],
  });
  const seen = start();
  seen.terminal.write(seen.screen.print([block("before"), lines(16_384)]));
  const rows = ["line 0", "line 1", "line 2", "line 3", "line 4"];
  assertEquals(seen.terminal.everything, ["before", ...rows, "... 16379 more", "bob>"]);
  assertEquals(seen.terminal.scrolledOut, []);
  seen.terminal.write(seen.screen.repaint());
  assertEquals(seen.terminal.screen, ["before", ...rows, "... 16379 more", "bob>"]);
  // A row is not left out to say so in its place.
  const other = start();
  other.terminal.write(other.screen.print([lines(6)]));
  assertEquals(other.terminal.screen, [...rows, "line 5", "bob>"]);
});

Deno.test("Screen.print() lets no row go on where a terminal counts its characters as wider", () => {
  const { screen, terminal } = start();
  const output = screen.print([block(`${"x".repeat(COLUMNS)} ${"y".repeat(COLUMNS)}`)]);
  const wide = new FakeTerminal(COLUMNS / 2, ROWS);
  wide.write(output);
  assertEquals(wide.screen.filter((row) => /^[xy]/.test(row)).length, 1);
  assertEquals(terminal.screen, ["bob>"]);
});
