/**
 * Text of others, made harmless: control characters and what reorders a line can neither move a cursor nor
 * make one line look like two (CWE-150, CWE-117).
 *
 * @module
 */

/** C0, DEL and C1 controls, line and paragraph separators, and the controls of text direction. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Shows these characters as `\u{..}`, for people; line breaks included. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${codeOf(character)}}`);
}

/** The lines of a text, each made visible; `\r\n` counts as one break. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visibleText);
}

/** Shows those that JSON leaves as they are by JSON's own escapes; what the text says stays the same. */
export function visibleJson(json: string): string {
  return json.replace(INVISIBLE, (character) => `\\u${codeOf(character).padStart(4, "0")}`);
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16);
}
