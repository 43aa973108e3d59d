/**
 * Identifiers made of random bytes.
 *
 * @module
 */

/** Hexadecimal digits of bytes, in lower case. */
export function hex(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return digits;
}

/**
 * Numbers of random bytes in a UUID, an account id, an incarnation, a login token, the keys of an account, and the code
 * of an invitation.
 */
export const RANDOM_BYTES = {
  uuid: 16,
  account: 9,
  incarnation: 6,
  token: 32,
  fingerprintKey: 32,
  addressKey: 32,
  invitation: 16,
} as const;

/** Digits of an account id that depend on the name: 256 values, so that accounts can be divided by name. */
const NAME_DIGITS = 2;

/**
 * The id of a new account: the first byte of a digest of its name and nine random bytes, as 20 hexadecimal
 * digits. It does not reveal the name: every 256th name has the same first byte.
 *
 * @param digest SHA-256 of a text, hexadecimal
 */
export function accountId(name: string, digest: (text: string) => string, random: Uint8Array): string {
  return digest(name.toLowerCase()).slice(0, NAME_DIGITS) + hex(random);
}

/** A version 4 UUID (RFC 9562, section 5.4) made of 16 random bytes. */
export function uuidOf(random: Uint8Array): string {
  const digits = hex(random);
  const variant = ((random[8] ?? 0) & 0x3f | 0x80).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-` +
    `${variant}${digits.slice(18, 20)}-${digits.slice(20)}`;
}
