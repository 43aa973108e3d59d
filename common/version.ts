/**
 * The version of this release.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** Version of the programs, taken from `deno.json`. */
export const VERSION: string = configuration.version;
