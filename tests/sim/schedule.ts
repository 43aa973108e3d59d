/**
 * What is done in one simulated world: an ordered list of operations and faults, each at its moment. It is made
 * of a seed, and can be cut down without changing what is left.
 *
 * @module
 */

/** What clients do. */
export const OPERATION_KINDS = [
  "send",
  "resend",
  "read",
  "readSome",
  "confirm",
  "deleteOwn",
  "hide",
  "deleteForeign",
  "listMessages",
  "listUndelivered",
  "listUsers",
  "listChats",
  "comeBack",
  "logOut",
  "changePassword",
  "deleteAccount",
] as const;

/** See `OPERATION_KINDS`. */
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** What goes wrong. */
export const FAULT_KINDS = [
  "kill",
  "crash",
  "crashAll",
  "crashInCall",
  "crashInRecovery",
  "wipe",
  "stop",
  "freeze",
  "partition",
  "slow",
  "cutOneWay",
  "cutBothWays",
  "reset",
  "dropClients",
  "syncFails",
  "writeFails",
  "folderSyncFails",
  "diskFull",
  "shortWrites",
  "rot",
  "rotAtEnd",
  "clockJump",
  "clockDrift",
] as const;

/** See `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Something that a client does. Numbers choose among what there is when it happens. */
export interface Operation {
  readonly atMs: number;
  readonly kind: OperationKind;
  readonly client: number;
  readonly machine: number;
  readonly pick: number;
  /** Characters of a content beside the first words. */
  readonly size: number;
}

/** Something that goes wrong, and for how long. */
export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly machine: number;
  /** The other machine, or whatever else there is to choose. */
  readonly other: number;
  readonly forMs: number;
  readonly amount: number;
}

/** What a world is like. */
export interface WorldSettings {
  readonly machines: number;
  /** Whether the last machine is an archive, which no client knows of. */
  readonly hasArchive: boolean;
  /** When the last machine joins the others, ms; undefined where it is there from the start. */
  readonly joinsAtMs: number | undefined;
  readonly people: number;
  /** More clients than people: some are logged in twice. */
  readonly clients: number;
  /** How many names there are for them: with fewer names than people they take them from one another. */
  readonly names: number;
  /** How long messages between nodes take, usually and at most, ms. */
  readonly delayMs: number;
  readonly delayMsMax: number;
  /** The same of syncs. */
  readonly syncMs: number;
  readonly syncMsMax: number;
  /** How likely an unsynced page is to survive a crash. */
  readonly keptPages: number;
  readonly isCompacting: boolean;
  /** Entries that the first machine has before the others start: more than fit on their way at once. */
  readonly backlog: number;
  readonly hasCertificates: boolean;
}

/** A whole schedule. */
export interface Schedule {
  readonly seed: number;
  readonly settings: WorldSettings;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
  /** When the faults end and everything is healed, ms. */
  readonly healsAtMs: number;
}
