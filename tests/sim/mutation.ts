/**
 * The places where a test can plant a fault: around every port of a server, and around its node, and nowhere inside.
 *
 * @module
 */

import type { Fingerprinter } from "../../server/core/messages/fingerprint.ts";
import type { Entry } from "../../server/core/entry.ts";
import type { MessageArchive } from "../../server/ports/archive.ts";
import type { WrittenArchive } from "../../server/follower/written_archive.ts";
import type { ResidentArchive } from "../../server/follower/resident_archive.ts";
import type { VerifyReport } from "../../server/follower/verify_protocol.ts";
import type { DurableEnd } from "../../server/log/log_follower.ts";
import type { FileStore } from "../../server/ports/files.ts";
import type { EntryHistory } from "../../server/ports/history.ts";
import type { ClientLink } from "../../server/ports/clients.ts";
import type { State } from "../../server/core/state.ts";
import type { Node } from "../../server/node/node.ts";
import type { ResidentMessages } from "../../server/node/resident_messages.ts";
import type { EntryLog, Replication } from "../../server/ports/node.ts";
import type { PasswordHasher } from "../../server/ports/passwords.ts";
import type { Clock, Digest, Random } from "../../server/ports/outside.ts";
import type { PeerLink, PeerNetwork, PeerStream } from "../../server/ports/peers.ts";
import type { MeshHost } from "../../server/replication/mesh_host.ts";
import type { Session } from "../../server/sessions/session.ts";
import type { ResidentPart } from "../testing/resident_part.ts";
import type { ServerProcess } from "./server_process.ts";

/** Wrappers of a server's ports. Each gets the port and returns its replacement. */
export interface Mutation {
  files?(files: FileStore, process: ServerProcess): FileStore;
  clock?(clock: Clock, process: ServerProcess): Clock;
  random?(random: Random, process: ServerProcess): Random;
  hasher?(hasher: PasswordHasher, process: ServerProcess): PasswordHasher;
  archive?(archive: MessageArchive, process: ServerProcess): MessageArchive;
  /** The files of the archive, as its writer uses them. */
  writtenArchive?(archive: WrittenArchive, process: ServerProcess): WrittenArchive;
  /** The archive as a start opens it, and what a start reads of it. */
  residentArchive?(archive: ResidentArchive, process: ServerProcess): ResidentArchive;
  residentPart?(part: ResidentPart, process: ServerProcess): ResidentPart;
  /** True if a start loads an archive, which only one of this version is to be. */
  mayLoad?(isOfThisVersion: boolean, process: ServerProcess): boolean;
  /** A report of the thread that verifies what a start has not read. */
  verifyReport?(report: VerifyReport, process: ServerProcess): VerifyReport;
  /** The end of the log that the archive is told. */
  durable?(end: DurableEnd, process: ServerProcess): DurableEnd;
  /** The fold of a server with an archive, before its messages may leave memory; it may be changed in place. */
  evicting?(state: State): void;
  residents?(residents: ResidentMessages, process: ServerProcess): ResidentMessages;
  digest?(digest: Digest, process: ServerProcess): Digest;
  fingerprinter?(fingerprinter: Fingerprinter, process: ServerProcess): Fingerprinter;
  log?(log: EntryLog, process: ServerProcess): EntryLog;
  history?(history: EntryHistory, process: ServerProcess): EntryHistory;
  network?(network: PeerNetwork, process: ServerProcess): PeerNetwork;
  /** The link of a stream that a peer has opened, and this node's end of the stream. */
  acceptedLink?(link: PeerLink, process: ServerProcess): PeerLink;
  acceptedStream?(stream: PeerStream, process: ServerProcess): PeerStream;
  host?(host: MeshHost, process: ServerProcess): MeshHost;
  node?(node: Node, process: ServerProcess): Node;
  /** A node whose watches, and whose news of presence, may be changed in place. */
  watched?(node: Node, process: ServerProcess): void;
  /** A node whose invitations, and the ways to register at it, may be changed in place. */
  inviting?(node: Node, process: ServerProcess): void;
  replication?(replication: Replication, process: ServerProcess): Replication;
  /** The callback by which compaction erases an entry. */
  erase?(erase: (entry: Entry) => Entry, process: ServerProcess): (entry: Entry) => Entry;
  clientLink?(link: ClientLink, process: ServerProcess): ClientLink;
  /** The session that gets the frames of a client. */
  session?(session: Session, process: ServerProcess): Session;
  /** The callback that the log calls when a disk error ends it. */
  onFault?(onFault: (error: Error) => void, process: ServerProcess): (error: Error) => void;
}

/** Ports that only a server with an archive has. */
const ARCHIVE_PORTS: ReadonlySet<string> = new Set<keyof Mutation>([
  "archive",
  "writtenArchive",
  "residentArchive",
  "residentPart",
  "mayLoad",
  "verifyReport",
  "durable",
  "evicting",
  "residents",
]);

/** True if a mutation changes nothing in schedules without archives. */
export function needsArchives(mutation: Mutation): boolean {
  return Object.keys(mutation).every((port) => ARCHIVE_PORTS.has(port));
}

/** True if a mutation changes nothing in schedules without clients that watch. */
export function needsWatchers(mutation: Mutation): boolean {
  return Object.keys(mutation).every((port) => port === "watched" satisfies keyof Mutation);
}

/** True if a mutation changes nothing in schedules without invitations. */
export function needsInvitations(mutation: Mutation): boolean {
  return Object.keys(mutation).every((port) => port === "inviting" satisfies keyof Mutation);
}

/** No wrappers: the server as shipped. */
export const NO_MUTATION: Mutation = {};
