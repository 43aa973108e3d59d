import { assertEquals } from "@std/assert";
import { type KeyName, readKeys } from "../../../client/terminal/keyboard/keys.ts";

Deno.test("readKeys() knows the keys that terminals send", () => {
  const cases: Readonly<Record<string, KeyName>> = {
    "\r": "enter",
    "\t": "tab",
    "\x01": "home",
    "\x05": "end",
    "\x0b": "killToEnd",
    "\x15": "killToStart",
    "\x17": "killWord",
    "\x12": "search",
    "\x03": "interrupt",
    "\x04": "endOfInput",
    "\x7f": "backspace",
    "\x1b[A": "up",
    "\x1bOB": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[H": "home",
    "\x1b[4~": "end",
    "\x1b[3~": "delete",
    "\x1b[1;5D": "wordLeft",
    "\x1bf": "wordRight",
    "\x1ba": "nextUnread",
    "\x1b\x7f": "killWord",
    "\x1b[99;9X": "unknown",
    "\x1b[[A": "unknown",
    "\x1bé": "unknown",
    "\x1b😀": "unknown",
    "\x1b\r": "lineBreak",
    "\x00": "unknown",
  };
  for (const [input, name] of Object.entries(cases)) {
    assertEquals(readKeys(input), { keys: [{ name }], rest: "" }, JSON.stringify(input));
  }
});

Deno.test("readKeys() reads text and keys in one piece", () => {
  assertEquals(readKeys("hé漢\x1b[Dx\r").keys, [
    { name: "text", text: "hé漢" },
    { name: "left" },
    { name: "text", text: "x" },
    { name: "enter" },
  ]);
});

Deno.test("readKeys() waits for the rest of a sequence", () => {
  for (const part of ["\x1b", "\x1b[", "\x1b[1;5", "\x1bO", "\x1b[200~pasted"]) {
    assertEquals(readKeys(`a${part}`), { keys: [{ name: "text", text: "a" }], rest: part });
  }
});

Deno.test("readKeys() takes pasted text as it is, line breaks as line breaks", () => {
  assertEquals(readKeys("\x1b[200~one\rtwo\r\nthree\x1b[A\x1b[201~x").keys, [
    { name: "paste", text: "one\ntwo\nthree\x1b[A" },
    { name: "text", text: "x" },
  ]);
});
