/**
 * The schedule of a simulated world: operations and faults, each at its moment. It is derived from a seed,
 * and can be cut down without a change to the rest.
 *
 * @module
 */

/** Kinds of operations of clients. */
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
  "search",
  "watch",
  "block",
  "accept",
  "listBlocked",
] as const;

/** One of `OPERATION_KINDS`. */
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** Kinds of faults. */
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
  "endLost",
  "rotBehind",
] as const;

/** One of `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** An operation of a client. Its numbers choose among the objects that exist when it runs. */
export interface Operation {
  readonly atMs: number;
  readonly kind: OperationKind;
  readonly client: number;
  readonly machine: number;
  readonly pick: number;
  /** Length of the message's padding, in characters. */
  readonly size: number;
}

/** A fault and its duration. */
export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly machine: number;
  /** Choice of the other machine, or of another object of the fault. */
  readonly other: number;
  readonly forMs: number;
  readonly amount: number;
}

/** Kinds of acts of operators. */
export type ActKind =
  | "disableUser"
  | "enableUser"
  | "setPassword"
  | "endLogins"
  | "deleteUser"
  | "invite"
  | "revokeInvitation";

/** An act of an operator at a node, about the account that a person has when it is done, or about an invitation. */
export interface OperatorAct {
  readonly atMs: number;
  readonly kind: ActKind;
  readonly machine: number;
  /** Number of a person; or a choice of the uses of an invitation, or of one that is known. */
  readonly person: number;
}

/** The shape of a world. */
export interface WorldSettings {
  readonly machines: number;
  /** True if the last machine is an archive, which clients do not know. */
  readonly hasArchive: boolean;
  /** Moment at which the last machine joins the others, ms; `undefined` if it is there from the start. */
  readonly joinsAtMs: number | undefined;
  readonly people: number;
  /** More than people: some people are logged in twice. */
  readonly clients: number;
  /** Number of the people's names: if it is smaller than that of the people, they compete for them. */
  readonly names: number;
  /** Usual and longest delay of messages between nodes, ms. */
  readonly delayMs: number;
  readonly delayMsMax: number;
  /** Usual and longest duration of syncs, ms. */
  readonly syncMs: number;
  readonly syncMsMax: number;
  /** Probability that an unsynced page survives a crash. */
  readonly keptPages: number;
  readonly isCompacting: boolean;
  /** Entries that the first machine has before the others start: none, or more than a window holds. */
  readonly backlog: number;
  readonly hasCertificates: boolean;
  /** True if most clients tell accounts apart, by the feature `account-ids`. */
  readonly hasAccountIds: boolean;
  /** True if people block each other. */
  readonly hasBlocks: boolean;
  /** True if people search. */
  readonly hasSearches: boolean;
  /** True if every client watches people. */
  readonly hasWatchers: boolean;
  /** True if nobody registers without an invitation. */
  readonly needsInvitations: boolean;
}

/** Settings, operations, faults and acts of operators of one run. */
export interface Schedule {
  readonly seed: number;
  readonly settings: WorldSettings;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
  readonly acts: readonly OperatorAct[];
  /** Moment at which the faults end and everything is healed, ms. */
  readonly healsAtMs: number;
}
