/**
 * Ports that sessions use beside those of their node.
 *
 * @module
 */

import type { Fingerprinter } from "../core/messages/fingerprint.ts";
import type { MessageArchive } from "../ports/archive.ts";
import type { PasswordHasher } from "../ports/passwords.ts";
import type { Digest, Logger, Random } from "../ports/outside.ts";

/** Ports of the sessions of one node. */
export interface SessionPorts {
  readonly random: Random;
  readonly hasher: PasswordHasher;
  readonly digest: Digest;
  readonly fingerprinter: Fingerprinter;
  readonly logger: Logger;
  /** Finds messages; a node without it cannot search. */
  readonly archive?: MessageArchive;
}
