/**
 * A parser for the part of Markdown that the documents of this project use: headings, fenced blocks and prose.
 *
 * @module
 */

/** A heading. */
export interface Heading {
  /** Number of `#`. */
  readonly level: number;
  readonly text: string;
}

/** A fenced block. */
export interface Fence {
  /** Text behind the opening fence. */
  readonly info: string;
  /** The lines within. */
  readonly text: string;
  /** The line of the opening fence, from 1 on. */
  readonly line: number;
  /** Number of headings of at most two `#` above it. */
  readonly section: number;
}

/** A document in its parts, each in the order of the document. */
export interface Markdown {
  readonly headings: readonly Heading[];
  readonly fences: readonly Fence[];
  /** The text outside fenced blocks; an empty line stands for each line of a block, so line numbers are the same. */
  readonly prose: string;
}

/** The deepest heading that begins a section. */
const SECTION_LEVEL_MAX = 2;

const HEADING = /^(#{1,6}) +(.*?)[ #]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,}) *(.*?) *$/;

/** Takes a document apart. A fenced block without an end goes to the end of the document. */
export function readMarkdown(text: string): Markdown {
  const headings: Heading[] = [];
  const fences: Fence[] = [];
  const prose: string[] = [];
  let section = 0;
  let open: { readonly mark: string; readonly info: string; readonly line: number } | undefined;
  let within: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, mark, info = ""] = FENCE.exec(line) ?? [];
    prose.push(open === undefined && mark === undefined ? line : "");
    if (open !== undefined) {
      if (mark?.startsWith(open.mark) && info === "") {
        fences.push({ info: open.info, text: within.join("\n"), line: open.line, section });
        open = undefined;
      } else within.push(line);
    } else if (mark !== undefined) {
      open = { mark, info, line: index + 1 };
      within = [];
    } else {
      const [, signs, title] = HEADING.exec(line) ?? [];
      if (signs === undefined || title === undefined) continue;
      headings.push({ level: signs.length, text: title });
      if (signs.length <= SECTION_LEVEL_MAX) section++;
    }
  }
  if (open !== undefined) {
    fences.push({ info: open.info, text: within.join("\n"), line: open.line, section });
  }
  return { headings, fences, prose: prose.join("\n") };
}
