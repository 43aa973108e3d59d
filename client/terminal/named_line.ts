/**
 * Lines that a program gives a name, to find their consequences in the output.
 *
 * @module
 */

/** A line, and the name that it was given. */
export interface NamedLine {
  readonly text: string;
  readonly name?: string;
}

/** Reads `{"id": "NAME", "line": "TEXT"}`, or names its problem; everything else is a line without a name. */
export function readNamedLine(text: string): NamedLine | { readonly problem: string } {
  if (!text.trimStart().startsWith("{")) return { text };
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return { text };
  }
  const { id, line, ...rest } = value;
  if (typeof id !== "string" || typeof line !== "string" || Object.keys(rest).length > 0) return { text };
  if (!line.isWellFormed()) {
    return {
      problem: `the line ${
        JSON.stringify(id)
      } holds half of a surrogate pair, which is no text; it was left out`,
    };
  }
  return { text: line, name: id };
}
