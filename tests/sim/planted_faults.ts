/**
 * Faults planted between a server and one of its ports: the invariants must find every one of them.
 *
 * @module
 */

import type { Mutation } from "./mutation.ts";
import { ARCHIVE_FAULTS } from "./planted/archive_faults.ts";
import { BLOCK_FAULTS } from "./planted/block_faults.ts";
import { CLIENT_FAULTS } from "./planted/client_faults.ts";
import { CLOCK_FAULTS } from "./planted/clock_faults.ts";
import { DISK_FAULTS } from "./planted/disk_faults.ts";
import { ERASURE_FAULTS } from "./planted/erasure_faults.ts";
import { EVICTION_FAULTS } from "./planted/eviction_faults.ts";
import { FOLLOWER_FAULTS } from "./planted/follower_faults.ts";
import { INVITATION_FAULTS } from "./planted/invitation_faults.ts";
import { LOAD_FAULTS } from "./planted/load_faults.ts";
import { LOG_FAULTS } from "./planted/log_faults.ts";
import { NODE_FAULTS } from "./planted/node_faults.ts";
import { OPERATOR_FAULTS } from "./planted/operator_faults.ts";
import { RECIPIENT_FAULTS } from "./planted/recipient_faults.ts";
import { REPLICATION_FAULTS } from "./planted/replication_faults.ts";
import { WATCHING_FAULTS } from "./planted/watching_faults.ts";

/** A planted fault and its name for people. */
export interface PlantedFault {
  readonly name: string;
  readonly mutation: Mutation;
}

/** All planted faults. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...DISK_FAULTS,
  ...LOG_FAULTS,
  ...REPLICATION_FAULTS,
  ...NODE_FAULTS,
  ...CLIENT_FAULTS,
  ...OPERATOR_FAULTS,
  ...INVITATION_FAULTS,
  ...RECIPIENT_FAULTS,
  ...ERASURE_FAULTS,
  ...CLOCK_FAULTS,
  ...ARCHIVE_FAULTS,
  ...EVICTION_FAULTS,
  ...LOAD_FAULTS,
  ...FOLLOWER_FAULTS,
  ...WATCHING_FAULTS,
  ...BLOCK_FAULTS,
];
