/**
 * The editor of the line being typed: a key in, the changed line and an action out. It knows no terminal.
 *
 * @module
 */

import { graphemes } from "../display/cells.ts";
import type { Key, KeyName } from "./keys.ts";

/** A search through the history, which Ctrl-R begins. */
interface Search {
  readonly query: string;
  /** Index of the found line in the history, or -1. */
  readonly found: number;
}

/** The line being typed, and the state of its editor. */
export interface Editor {
  readonly text: string;
  /** Index into `text`; always between two graphemes. */
  readonly cursor: number;
  /** Lines that were submitted, oldest first. */
  readonly history: readonly string[];
  /** Index of the shown line in the history; `history.length` for the new line. */
  readonly position: number;
  /** The new line, while a line of the history is shown. */
  readonly draft: string;
  readonly search?: Search | undefined;
  /** The text that was cut last, for Ctrl-Y. */
  readonly cut: string;
  /** True if the last key was Ctrl-C: the next one quits. */
  readonly interrupted: boolean;
}

/** An action that a key asks for beyond a change of the line. */
export type Action = "submit" | "complete" | "quit" | "interrupted" | "redraw" | "suspend" | "nextUnread";

/** The editor after a key, the action of the key, and the line that it submitted. */
export interface Edited {
  readonly editor: Editor;
  readonly action?: Action;
  readonly submitted?: string;
}

/** Lines of history that are kept. */
const HISTORY_LINES = 1_000;

/** An empty line. */
export const EMPTY_EDITOR: Editor = {
  text: "",
  cursor: 0,
  history: [],
  position: 0,
  draft: "",
  cut: "",
  interrupted: false,
};

/** Puts a text in place of the line, the cursor behind it. */
export function withText(editor: Editor, text: string, cursor = text.length): Editor {
  return { ...editor, text, cursor };
}

/**
 * The editor after one key.
 *
 * @param answering true for the answer to a question, which has no history and no completion
 */
export function edit(editor: Editor, key: Key, answering = false): Edited {
  const rested: Editor = editor.interrupted ? { ...editor, interrupted: false } : editor;
  if (key.name === "interrupt") return interrupt(editor);
  if (rested.search !== undefined) return searchKey(rested, rested.search, key);
  if ("text" in key) return { editor: insert(rested, key.text) };
  switch (key.name) {
    case "enter":
      return submit(rested, answering);
    case "lineBreak":
      return { editor: answering ? rested : insert(rested, "\n") };
    case "tab":
      return answering ? { editor: rested } : { editor: rested, action: "complete" };
    case "redraw":
    case "suspend":
    case "nextUnread":
      return { editor: rested, action: key.name };
    case "endOfInput":
      return rested.text === "" ? { editor: rested, action: "quit" } : { editor: remove(rested, "right") };
    case "search":
      return answering
        ? { editor: rested }
        : { editor: { ...rested, draft: rested.text, search: { query: "", found: -1 } } };
    case "up":
      return { editor: answering ? rested : recall(rested, rested.position - 1) };
    case "down":
      return { editor: answering ? rested : recall(rested, rested.position + 1) };
    default:
      return { editor: move(rested, key.name) };
  }
}

function interrupt(editor: Editor): Edited {
  if (editor.interrupted) return { editor, action: "quit" };
  const cleared = { ...editor, text: "", cursor: 0, search: undefined, position: editor.history.length };
  return { editor: { ...cleared, draft: "", interrupted: true }, action: "interrupted" };
}

function submit(editor: Editor, answering: boolean): Edited {
  // Text that was copied as a whole line brings its line break along.
  const text = editor.text.replace(/\n+$/, "");
  const repeated = editor.history.at(-1) === text;
  const keep = !answering && text.trim() !== "" && !repeated;
  const history = keep ? [...editor.history, text].slice(-HISTORY_LINES) : editor.history;
  const next = { ...editor, text: "", cursor: 0, draft: "", history, position: history.length };
  return { editor: next, action: "submit", submitted: text };
}

function insert(editor: Editor, text: string): Editor {
  const before = editor.text.slice(0, editor.cursor) + text;
  return withText(editor, before + editor.text.slice(editor.cursor), before.length);
}

function recall(editor: Editor, position: number): Editor {
  if (position < 0 || position > editor.history.length) return editor;
  const draft = editor.position === editor.history.length ? editor.text : editor.draft;
  return { ...withText(editor, editor.history[position] ?? draft), draft, position };
}

function move(editor: Editor, name: KeyName): Editor {
  const { text, cursor } = editor;
  switch (name) {
    case "left":
      return withText(editor, text, leftOf(text, cursor));
    case "right":
      return withText(editor, text, rightOf(text, cursor));
    case "wordLeft":
      return withText(editor, text, wordStart(text, cursor));
    case "wordRight":
      return withText(editor, text, wordEnd(text, cursor));
    case "home":
      return withText(editor, text, 0);
    case "end":
      return withText(editor, text);
    case "backspace":
      return remove(editor, "left");
    case "delete":
      return remove(editor, "right");
    case "yank":
      return insert(editor, editor.cut);
    case "killToEnd":
      return cut(editor, cursor, text.length);
    case "killToStart":
      return cut(editor, 0, cursor);
    case "killWord":
      return cut(editor, wordStart(text, cursor), cursor);
    case "killWordRight":
      return cut(editor, cursor, wordEnd(text, cursor));
    default:
      return editor;
  }
}

function remove(editor: Editor, side: "left" | "right"): Editor {
  const { text, cursor } = editor;
  const from = side === "left" ? leftOf(text, cursor) : cursor;
  const to = side === "left" ? cursor : rightOf(text, cursor);
  return withText(editor, text.slice(0, from) + text.slice(to), from);
}

function cut(editor: Editor, from: number, to: number): Editor {
  if (from === to) return editor;
  const { text } = editor;
  return { ...withText(editor, text.slice(0, from) + text.slice(to), from), cut: text.slice(from, to) };
}

function leftOf(text: string, cursor: number): number {
  return cursor - (graphemes(text.slice(0, cursor)).at(-1)?.length ?? 0);
}

function rightOf(text: string, cursor: number): number {
  return cursor + (graphemes(text.slice(cursor))[0]?.length ?? 0);
}

function wordStart(text: string, cursor: number): number {
  return Math.max(0, text.slice(0, cursor).search(/\S+\s*$/));
}

function wordEnd(text: string, cursor: number): number {
  return cursor + (/^\s*\S+/.exec(text.slice(cursor))?.[0].length ?? text.length - cursor);
}

function searchKey(editor: Editor, search: Search, key: Key): Edited {
  if ("text" in key) return { editor: find(editor, search.query + key.text, editor.history.length - 1) };
  if (key.name === "search") {
    const from = search.found < 0 ? editor.history.length - 1 : search.found - 1;
    return { editor: find(editor, search.query, from) };
  }
  if (key.name === "backspace") {
    const shorter = graphemes(search.query).slice(0, -1).join("");
    return { editor: find(editor, shorter, editor.history.length - 1) };
  }
  const ended: Editor = { ...editor, search: undefined, draft: "" };
  if (key.name === "escape") return { editor: withText(ended, editor.draft) };
  // Any other key takes the found line and does its usual work.
  return edit(ended, key);
}

function find(editor: Editor, query: string, from: number): Editor {
  for (let at = from; at >= 0 && query !== ""; at--) {
    const line = editor.history[at] ?? "";
    const index = line.indexOf(query);
    if (index >= 0) return { ...withText(editor, line, index), position: at, search: { query, found: at } };
  }
  // The line found before stays, as in other line editors.
  return { ...editor, search: { query, found: editor.search?.found ?? -1 } };
}
