/**
 * Keys, as terminals send them.
 *
 * @module
 */

/** A key that the editor knows by name. */
export type KeyName =
  | "enter"
  | "lineBreak"
  | "tab"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "wordLeft"
  | "wordRight"
  | "backspace"
  | "delete"
  | "killToEnd"
  | "killToStart"
  | "killWord"
  | "killWordRight"
  | "yank"
  | "search"
  | "nextUnread"
  | "redraw"
  | "interrupt"
  | "suspend"
  | "endOfInput"
  | "escape"
  | "focusIn"
  | "focusOut"
  | "unknown";

/** One key, text that was typed, or text that was pasted. */
export type Key =
  | { readonly name: KeyName }
  | { readonly name: "text" | "paste"; readonly text: string };

const CONTROL: Readonly<Record<string, KeyName>> = {
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "endOfInput",
  "\x05": "end",
  "\x06": "right",
  "\x07": "escape",
  "\x08": "backspace",
  "\t": "tab",
  "\n": "enter",
  "\x0b": "killToEnd",
  "\x0c": "redraw",
  "\r": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x12": "search",
  "\x15": "killToStart",
  "\x17": "killWord",
  "\x19": "yank",
  "\x1a": "suspend",
  "\x7f": "backspace",
};

/** Sequences behind ESC (ECMA-48 and xterm's modifiers; 3 is Alt, 5 is Ctrl). */
const ESCAPED: Readonly<Record<string, KeyName>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  "[I": "focusIn",
  "[O": "focusOut",
  "OA": "up",
  "OB": "down",
  "OC": "right",
  "OD": "left",
  "OH": "home",
  "OF": "end",
  "[1~": "home",
  "[3~": "delete",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[1;3C": "wordRight",
  "[1;3D": "wordLeft",
  "[1;5C": "wordRight",
  "[1;5D": "wordLeft",
  "a": "nextUnread",
  "b": "wordLeft",
  "f": "wordRight",
  "d": "killWordRight",
  "\x7f": "killWord",
  "\x08": "killWord",
  "\r": "lineBreak",
  "\n": "lineBreak",
};

/** The mark before pasted text. */
export const PASTE_BEGIN = "\x1b[200~";
/** The mark behind pasted text. */
export const PASTE_END = "\x1b[201~";

/** Longest beginning of a sequence that is waited for, characters: more than any key has. */
const SEQUENCE_MAX = 32;

/*
 * An escape sequence is CSI, SS3, `ESC [ [` with a letter (F1 to F5 of the Linux console), or ESC with one
 * character. Any other character ends it and is a key of its own, so that Ctrl-C always is one.
 */

/** The beginning of a sequence, which the next character may complete. */
// deno-lint-ignore no-control-regex -- the characters that terminals send for keys are control characters
const UNFINISHED = /^\x1b(?:\[\[|\[[0-?]*[ -/]*|O)?$/;
/** A whole sequence. */
// deno-lint-ignore no-control-regex -- see above
const SEQUENCE = /^\x1b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\x00-\x1f[O]|[\b\n\r])/u;
/** A sequence that the character behind it cannot continue. */
// deno-lint-ignore no-control-regex -- see above
const BROKEN = /^\x1b(?:\[[0-?]*[ -/]*|O)?/;
// deno-lint-ignore no-control-regex -- see above
const TEXT = /^[^\x00-\x1f\x7f]+/;

/**
 * The keys in the bytes of a terminal so far.
 *
 * @returns also the `rest`, the beginning of a sequence or of pasted text, to be put before the next input
 */
export function readKeys(input: string): { readonly keys: readonly Key[]; readonly rest: string } {
  const keys: Key[] = [];
  let rest = input;
  while (rest !== "") {
    const read = readKey(rest);
    if (read === undefined) break;
    keys.push(read.key);
    rest = rest.slice(read.length);
  }
  return { keys, rest };
}

function readKey(input: string): { readonly key: Key; readonly length: number } | undefined {
  if (input.startsWith(PASTE_BEGIN)) return readPaste(input);
  const text = TEXT.exec(input)?.[0];
  if (text !== undefined) return { key: { name: "text", text }, length: text.length };
  if (!input.startsWith("\x1b")) return { key: { name: CONTROL[input.charAt(0)] ?? "unknown" }, length: 1 };
  if (input.length <= SEQUENCE_MAX && UNFINISHED.test(input)) return undefined;
  const sequence = SEQUENCE.exec(input)?.[0];
  if (sequence === undefined) return { key: endedKey(input), length: BROKEN.exec(input)?.[0].length ?? 1 };
  return { key: { name: ESCAPED[sequence.slice(1)] ?? "unknown" }, length: sequence.length };
}

function readPaste(input: string): { readonly key: Key; readonly length: number } | undefined {
  const end = input.indexOf(PASTE_END);
  if (end < 0) return undefined;
  return { key: endedKey(input.slice(0, end)), length: end + PASTE_END.length };
}

/** The key that the beginning of one becomes if nothing completes it. */
export function endedKey(input: string): Key {
  if (input.startsWith(PASTE_BEGIN)) {
    // Terminals paste a line break as the Enter key would send it.
    return { name: "paste", text: input.slice(PASTE_BEGIN.length).replaceAll(/\r\n?/g, "\n") };
  }
  // ESC with a control character behind it: nobody has waited for more.
  return { name: BROKEN.exec(input)?.[0] === "\x1b" ? "escape" : "unknown" };
}
