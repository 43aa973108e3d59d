/**
 * The version of this release.
 *
 * @module
 */

/** Version of the programs: that of `deno.json`, all of which would be in the page if it were imported. */
export const VERSION = "1.1.0";
