/**
 * The forms that texts have in the database. The runtime cuts a text that it reads at its first zero character, so
 * that none may be stored; and a UUID takes 16 bytes in place of 36.
 *
 * @module
 */

/** Stands before `0`, for a zero character, and before `1`, for itself. */
const ESCAPE = "\x01";

/** A text in the form that is stored. */
export function storedText(text: string): string {
  if (!text.includes("\0") && !text.includes(ESCAPE)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll("\0", `${ESCAPE}0`);
}

/** The text of a stored one. */
export function textOf(stored: string): string {
  return stored.includes(ESCAPE)
    ? stored.replaceAll(`${ESCAPE}0`, "\0").replaceAll(`${ESCAPE}1`, ESCAPE)
    : stored;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_BYTES = 16;
/** Indexes of the bytes of a UUID that a hyphen stands before. */
const HYPHENS = new Set([4, 6, 8, 10]);

/** A message id in the form that is stored: 16 bytes if it is a UUID in lower case, and nearly all are. */
export function storedId(id: string): string | Uint8Array {
  if (!UUID.test(id)) return storedText(id);
  const bytes = new Uint8Array(UUID_BYTES);
  for (let i = 0, at = 0; i < UUID_BYTES; i++, at += 2) {
    if (HYPHENS.has(i)) at++;
    bytes[i] = digitAt(id, at) << 4 | digitAt(id, at + 1);
  }
  return bytes;
}

function digitAt(id: string, at: number): number {
  const code = id.charCodeAt(at);
  return code < 58 ? code - 48 : code - 87;
}

const BYTE_DIGITS = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** The message id of a stored one. */
export function idOf(stored: string | Uint8Array): string {
  if (typeof stored === "string") return textOf(stored);
  let id = "";
  for (let i = 0; i < stored.length; i++) {
    if (HYPHENS.has(i)) id += "-";
    id += BYTE_DIGITS[stored[i] ?? 0];
  }
  return id;
}
