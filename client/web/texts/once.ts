/**
 * Things that are made at their first use.
 *
 * @module
 */

/** Makes something once, and not before it is used. */
export function once<Thing>(make: () => Thing): () => Thing {
  let made: Thing | undefined;
  return () => made ??= make();
}
