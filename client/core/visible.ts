/**
 * Text from elsewhere, made harmless: nothing that was received may move the cursor, ring, colour or
 * reorder anything.
 *
 * @module
 */

/** Control characters (C0, DEL, C1), bidirectional controls, and the two line separators of Unicode. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text with every character that a terminal would obey shown as `\u{..}`, line breaks included. */
export function visible(text: string): string {
  return text.replaceAll(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The lines of a text, each made visible; `\r\n` counts as one break. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visible);
}
