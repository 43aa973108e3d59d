/**
 * Names for people of the original who cannot have theirs here.
 *
 * @module
 */

/** Longest name, characters (client protocol, section 5.2). */
const NAME_LENGTH_MAX = 32;

/** The name of somebody of whose own nothing is left. */
const NAMELESS = "user";

/**
 * A name that resembles another and can be registered.
 *
 * @param isFree true for a valid name that nobody has, or will have after the import
 */
export function proposedName(name: string, isFree: (name: string) => boolean): string {
  const base = name.slice(0, 2 * NAME_LENGTH_MAX).normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+|-+$/g, "").slice(0, NAME_LENGTH_MAX) ||
    NAMELESS;
  if (isFree(base)) return base;
  for (let number = 2;; number++) {
    const numbered = `${base.slice(0, NAME_LENGTH_MAX - 1 - String(number).length)}-${number}`;
    if (isFree(numbered)) return numbered;
  }
}
