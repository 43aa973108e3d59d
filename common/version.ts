/**
 * Which release this is.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** Version of the programs, as `deno.json` has it. */
export const VERSION: string = configuration.version;
