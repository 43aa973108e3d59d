/**
 * The commands of the server program, parsed.
 *
 * @module
 */

import type { Renames } from "../import/renames.ts";
import type { LogRecord } from "../log/log_record.ts";
import type { LogLevel } from "../diagnostics/log_level.ts";
import type { InvitationCommand, NodeChoice, PeopleCommand } from "./people_command.ts";

/** Runs a node until it is stopped. */
export interface RunCommand {
  readonly name: "run";
  /** Configuration file; `undefined` leaves the choice to `loadConfiguration`. */
  readonly config: string | undefined;
  /** Name of the node; `undefined` takes the first node of the configuration. */
  readonly node: string | undefined;
  /** Data folder; `undefined` takes the `defaultDataFolder` of the node. */
  readonly data: string | undefined;
  /** Port for clients in place of the configured one; 0 takes any free port. */
  readonly port: number | undefined;
  /** Port of the page in place of the configured one, 0 for any free port, or "none" for no page. */
  readonly webPort: number | "none" | undefined;
  readonly logLevel: LogLevel;
  /** True if the node may listen beyond this machine without TLS, regardless of the configuration. */
  readonly insecure: boolean;
  /** File of the cluster key; `undefined` takes the one beside the configuration. */
  readonly clusterKey: string | undefined;
  /** True if peers are taken that prove nothing, as those of an earlier version. */
  readonly unprovenPeers: boolean;
  /** True if the node serves clients even if all other nodes refuse it as a stranger. */
  readonly alone: boolean;
  /** True if the whole log is verified before the node serves. */
  readonly verify: boolean;
}

/** Checks a configuration. */
export interface CheckCommand {
  readonly name: "check";
  /** As for `run`. */
  readonly config: string | undefined;
  /** As for `run`. */
  readonly insecure: boolean;
}

/** A type of log line. */
export type RecordType = LogRecord["type"];

/** Prints a node's log. */
export interface LogShowCommand {
  readonly name: "log show";
  readonly data: string;
  /** Name of the account to which the output is limited. */
  readonly user: string | undefined;
  /** True to print only what operators did. */
  readonly admin: boolean;
  /** Types to which the output is limited; empty for all. */
  readonly types: readonly RecordType[];
  /** True to print the lines of the files unchanged. */
  readonly json: boolean;
}

/** Verifies a node's whole log. */
export interface LogVerifyCommand {
  readonly name: "log verify";
  readonly data: string;
}

/** A way out of a fork. */
type ForkExit = "as-new-origin" | "keep-origin";

/** Cuts the unreadable parts out of a node's log, or ends a fork. Reports what it would do unless told to do it. */
export interface LogRepairCommand {
  readonly name: "log repair";
  readonly data: string;
  /** True to cut out the unreadable parts. */
  readonly acceptLoss: boolean;
  /** The chosen way out of a fork. */
  readonly fork?: ForkExit;
}

/** Imports accounts and messages of the original server. */
export interface ImportCommand {
  readonly name: "import";
  /** As for `run`. */
  readonly config: string | undefined;
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** Other names for people of the original. */
  readonly renames?: Renames;
  /** At least one. */
  readonly files: readonly string[];
}

/** Backs up the log of a node, or verifies a backup. */
export interface BackupCommand {
  readonly name: "backup";
  /** As for `run`. */
  readonly config: string | undefined;
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** The folder of the backup. */
  readonly folder: string;
  /** True to verify the backup that is there, and make none. */
  readonly verify: boolean;
}

/** Makes the log of an empty data folder from a backup. */
export interface RestoreCommand {
  readonly name: "restore";
  /** As for `run`. */
  readonly config: string | undefined;
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** The folder of the backup. */
  readonly folder: string;
  /** Time up to which it is restored, milliseconds since the Unix epoch; `undefined` for all of it. */
  readonly untilMs: number | undefined;
}

/** Prints everything about one person. */
export interface ExportCommand {
  readonly name: "export";
  /** As for `run`. */
  readonly config: string | undefined;
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** Displayed name, or account id. */
  readonly person: string;
}

/** Prints the status of a running node and its peers. */
export interface StatusCommand extends NodeChoice {
  readonly name: "status";
  /** True to print one JSON object. */
  readonly json: boolean;
}

/** Changes the level of a running node's diagnostics for a while. */
export interface LogLevelCommand extends NodeChoice {
  readonly name: "log-level";
  readonly level: LogLevel;
  /** Time for which it holds, ms. */
  readonly forMs: number;
}

/** Moves the clients of a running node to other nodes, and ends it. */
export interface DrainCommand extends NodeChoice {
  readonly name: "drain";
  /** Time after which the node ends in any case, ms. */
  readonly forMs: number;
}

/** Makes the missing certificates that nodes show each other. */
export interface InitCommand {
  readonly name: "init";
  /** Configuration file, which must exist. */
  readonly config: string;
}

/** Any command. */
export type Command =
  | RunCommand
  | CheckCommand
  | InitCommand
  | LogShowCommand
  | LogVerifyCommand
  | LogRepairCommand
  | ImportCommand
  | BackupCommand
  | RestoreCommand
  | ExportCommand
  | StatusCommand
  | PeopleCommand
  | InvitationCommand
  | LogLevelCommand
  | DrainCommand;

/** Text for standard output: the help or the version. */
export interface HelpText {
  readonly name: "help";
  readonly text: string;
}

/** An invalid command line. */
export interface UsageError {
  readonly name: "usage error";
  /** All problems and a hint at the help; for standard error. */
  readonly message: string;
}

/** Exit status of an invalid command line or configuration. */
export const USAGE_STATUS = 2;
