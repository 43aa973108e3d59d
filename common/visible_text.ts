/**
 * Makes foreign text harmless: its control characters can neither move a cursor, nor reorder a line, nor make
 * one line look like two (CWE-150, CWE-117).
 *
 * @module
 */

/** C0, DEL and C1 controls, line and paragraph separators, and the controls of text direction. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Shows these characters, line breaks included, as `\u{..}`. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${codeOf(character)}}`);
}

/** The lines of a text, each made visible; `\r\n` counts as one break. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visibleText);
}

/** Escapes these characters in JSON text, by JSON's own escapes. It parses to the same value as before. */
export function visibleJson(json: string): string {
  return json.replace(INVISIBLE, (character) => `\\u${codeOf(character).padStart(4, "0")}`);
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16);
}
