/**
 * Completion with Tab: of commands, names, short ids, nodes.
 *
 * @module
 */

import type { Model } from "../../core/model.ts";
import { nodeNames } from "../../core/nodes.ts";
import { shortIds } from "../words/short_ids.ts";
import { COMMANDS, findCommand } from "./commands.ts";

/** A completed text, and the candidates where it can go on in several ways. */
interface Completion {
  /** The text before the cursor, completed as far as it is clear. */
  readonly text: string;
  /** Words that the last one can become; empty if there is nothing to choose. */
  readonly candidates: readonly string[];
}

/** The most candidates that are shown. */
const CANDIDATES_MAX = 50;

/** Completes the last word of the text before the cursor. */
export function complete(model: Model, text: string): Completion {
  const word = /\S*$/.exec(text)?.[0] ?? "";
  const before = text.slice(0, text.length - word.length);
  const typed = word.toLowerCase();
  const candidates = possible(model, before, word).filter((each) => each.toLowerCase().startsWith(typed));
  const [only] = candidates;
  if (only === undefined) return { text, candidates: [] };
  if (candidates.length === 1) return { text: `${before}${only} `, candidates: [] };
  const common = commonPrefix(candidates);
  const longer = common.length > word.length ? common : word;
  return { text: before + longer, candidates: candidates.slice(0, CANDIDATES_MAX) };
}

function possible(model: Model, before: string, word: string): readonly string[] {
  if (before === "") return word.startsWith("/") ? COMMANDS.map((each) => `/${each.name}`) : [];
  const name = /^\/(\S+)\s/.exec(before)?.[1];
  const command = name === undefined ? undefined : findCommand(name, false);
  if (command === undefined || typeof command === "string") return [];
  switch (command.completes) {
    case "user":
      return /^\S+\s+$/.test(before) ? [...model.names.values()].sort() : [];
    case "searched":
      return /\sfrom\s+$/.test(before) ? [...model.names.values()].sort() : [];
    case "id":
      return shortIds(model).map((each) => `#${each}`);
    case "command":
      return COMMANDS.map((each) => each.name);
    case "node":
      return nodeNames(model);
    default:
      return [];
  }
}

/** The common beginning of all, in any case. */
function commonPrefix(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  let length = first.length;
  for (const word of rest) {
    while (!word.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length--;
  }
  return first.slice(0, length);
}
