/**
 * The marked blocks of a document.
 *
 * @module
 */

import { type Marker, readMarker } from "./marker.ts";
import { readMarkdown } from "./markdown.ts";

/** A runnable block. */
export interface RunnableBlock extends Marker {
  readonly text: string;
  /** The line of its opening fence. */
  readonly line: number;
  /** Background programs end before the first block of another section. */
  readonly section: number;
  /** The block of `text` right below: the expected output. */
  readonly shown: string | undefined;
}

/** The marked blocks of a document, and the faults of its markers. */
export interface RunnableBlocks {
  readonly blocks: readonly RunnableBlock[];
  /** Each with its line. */
  readonly problems: readonly string[];
}

/** Finds the marked blocks of a document. */
export function runnableBlocks(text: string): RunnableBlocks {
  const problems: string[] = [];
  const { fences } = readMarkdown(text);
  const blocks = fences.flatMap(({ info, text, line, section }, index) => {
    const marker = readMarker(info);
    if (marker === undefined) return [];
    if ("problem" in marker) problems.push(`line ${line}: ${marker.problem}`);
    else if (commandLines(text).length === 0) problems.push(`line ${line}: there is nothing to run`);
    else {
      const next = fences[index + 1];
      const shown = next?.info === "text" ? next.text.trim() : undefined;
      if (shown === undefined || marker.manner !== "in a terminal") {
        return [{ ...marker, text, line, section, shown }];
      }
      problems.push(`line ${line}: a block of text cannot show what is in a terminal`);
    }
    return [];
  });
  return { blocks, problems };
}

/** The commands of a block that stand on a line each, or on several with a backslash at the end of all but the last. */
export function commandLines(text: string): string[] {
  return text.replaceAll("\\\n", " ").split("\n").map((line) => line.trim()).filter((line) =>
    line !== "" && !line.startsWith("#")
  );
}
