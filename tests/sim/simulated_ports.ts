/**
 * The ports that need no world.
 *
 * @module
 */

import type { Digest, Logger } from "../../server/ports/outside.ts";

/** A server that nobody listens to. */
export const SILENT_LOGGER: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** Something like SHA-256 as far as anybody needs it here: two tokens never have the same. */
export const simulatedDigest: Digest = (text) => `d${text.slice(0, 32)}`;
