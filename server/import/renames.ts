/**
 * New names for people of the original, as the command line gives them: `OLD=NEW`, where an old name with unusual
 * characters may stand in JSON.
 *
 * @module
 */

import { visibleText } from "../../common/visible_text.ts";
import { nameProblem } from "../core/accounts/register.ts";

/** Names of accounts here, by the names in the files. */
export type Renames = ReadonlyMap<string, string>;

/** A rename, or the problem of its text as the end of a sentence that begins with it. */
export function parseRename(text: string): { readonly old: string; readonly new: string } | string {
  const at = text.lastIndexOf("=");
  const old = at < 0 ? undefined : unquoted(text.slice(0, at));
  if (old === undefined) {
    return "is no rename; give OLD=NEW, as in 'Ann Lee=ann.lee'; OLD may be a text in JSON with its quotes";
  }
  const name = text.slice(at + 1);
  const problem = nameProblem(name)?.message;
  return problem === undefined ? { old, new: name } : `gives a name that cannot be: ${problem}`;
}

/** The flag that renames, to be pasted into a shell. */
export function renameFlag(old: string, name: string): string {
  // A shell leaves everything as it is within single quotes, and what is not visible could not be copied.
  const isPlain = /^[^'"]+$/.test(old) && visibleText(old) === old;
  const shown = isPlain ? old : JSON.stringify(old).replace(/[^ -~]|'/gu, escaped);
  return `--rename='${shown}=${name}'`;
}

/** All renames of a command line, or the problem of one that contradicts another. */
export function readRenames(texts: readonly string[]): Renames | string {
  const renames = new Map<string, string>();
  const sources = new Map<string, string>();
  for (const text of texts) {
    const rename = parseRename(text);
    if (typeof rename === "string") return `--rename=${text} ${rename}`;
    const { old, new: name } = rename;
    const other = sources.get(name.toLowerCase()) ?? old;
    if ((renames.get(old) ?? name) !== name || other !== old) {
      return `--rename=${text} contradicts an earlier one: a name becomes one other, and two do not become the same`;
    }
    renames.set(old, name);
    sources.set(name.toLowerCase(), old);
  }
  return renames;
}

function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON escapes of a text. */
function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
