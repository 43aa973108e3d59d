/**
 * The limits that clients keep to without being told. `limits.ts` has the reason for each, with all the others.
 *
 * @module
 */

const KIB = 1024;

/** The defaults, by their names in `DEFAULT_LIMITS`. */
export const CLIENT_LIMITS = {
  replyBytes: 16 * KIB * KIB,
  contentBytes: 16 * KIB,
  passwordBytesMin: 8,
  passwordBytesMax: 72,
  usersPageMax: 500,
  watchedNames: 500,
  idsPerPush: 1_000,
};
