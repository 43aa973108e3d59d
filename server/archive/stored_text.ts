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

const UUID_LENGTH = 36;
const UUID_BYTES = 16;
/** Indexes of the bytes of a UUID that a hyphen stands before. */
const HYPHENS = new Set([4, 6, 8, 10]);
const HYPHEN = "-".charCodeAt(0);

/** Values of the lower-case hexadecimal digits by their codes; 16 and above for every other code up to 127. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(code));
  return value < 0 ? 16 : value;
});

/** A message id in the form that is stored: 16 bytes if it is a UUID in lower case, and nearly all are. */
export function storedId(id: string): string | Uint8Array {
  return uuidBytes(id) ?? storedText(id);
}

function uuidBytes(id: string): Uint8Array | undefined {
  if (id.length !== UUID_LENGTH) return undefined;
  const bytes = new Uint8Array(UUID_BYTES);
  for (let i = 0, at = 0; i < UUID_BYTES; i++, at += 2) {
    if (HYPHENS.has(i) && id.charCodeAt(at++) !== HYPHEN) return undefined;
    const high = DIGITS[id.charCodeAt(at)] ?? 16;
    const low = DIGITS[id.charCodeAt(at + 1)] ?? 16;
    if ((high | low) > 15) return undefined;
    bytes[i] = high << 4 | low;
  }
  return bytes;
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
