/**
 * Markdown, as far as the documents of this project use it: headings, fenced blocks, and what is between them.
 *
 * @module
 */

/** A heading. */
export interface Heading {
  /** How many `#` it has. */
  readonly level: number;
  readonly text: string;
}

/** A fenced block. */
export interface Fence {
  /** What stands behind the opening fence. */
  readonly info: string;
  /** The lines within. */
  readonly text: string;
  /** The line of the opening fence, from 1 on. */
  readonly line: number;
  /** How many headings of at most two `#` stand above it. */
  readonly section: number;
}

/** A document in its parts, each in the order of the document. */
export interface Markdown {
  readonly headings: readonly Heading[];
  readonly fences: readonly Fence[];
  /** Everything that is in no fenced block, with empty lines for those that are: line numbers stay what they are. */
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
