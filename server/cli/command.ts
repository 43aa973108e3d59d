/**
 * What the server program can be asked to do.
 *
 * @module
 */

import type { LogRecord } from "../log/log_record.ts";
import type { LogLevel } from "../diagnostics/log_level.ts";

/** Start a node, and go on until it is told to stop. */
export interface RunCommand {
  readonly name: "run";
  /** Configuration file; if undefined, what `loadConfiguration` finds. */
  readonly config: string | undefined;
  /** Name of the node; the first of the configuration if undefined. */
  readonly node: string | undefined;
  /** Data folder; `defaultDataFolder` of the node if undefined. */
  readonly data: string | undefined;
  /** Port for clients in place of the configured one; 0 for any that is free. */
  readonly port: number | undefined;
  readonly logLevel: LogLevel;
  /** Whether the node may listen beyond this machine without TLS, whatever the configuration says. */
  readonly insecure: boolean;
}

/** Say what is wrong with a configuration. */
export interface CheckCommand {
  readonly name: "check";
  /** As for `run`. */
  readonly config: string | undefined;
  /** As for `run`. */
  readonly insecure: boolean;
}

/** A type of log line. */
export type RecordType = LogRecord["type"];

/** Print a node's log. */
export interface LogShowCommand {
  readonly name: "log show";
  readonly data: string;
  /** Only what is about the account of this name. */
  readonly user: string | undefined;
  /** Only these types; all where there is none. */
  readonly types: readonly RecordType[];
  /** Whether to print the lines as they are in the files. */
  readonly json: boolean;
}

/** Read a node's whole log and say whether it is as it was written. */
export interface LogVerifyCommand {
  readonly name: "log verify";
  readonly data: string;
}

/** Cut out of a node's log what cannot be read. */
export interface LogRepairCommand {
  readonly name: "log repair";
  readonly data: string;
  /** Whether to change anything; without it, only what would be lost is said. */
  readonly acceptLoss: boolean;
}

/** Take over accounts and messages of the original server. */
export interface ImportCommand {
  readonly name: "import";
  /** As for `run`. */
  readonly config: string | undefined;
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** At least one. */
  readonly files: readonly string[];
}

/** Say how a running node and its peers are. */
export interface StatusCommand {
  readonly name: "status";
  /** Not both of these; the first node of the configuration if neither is given. */
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** As for `run`. */
  readonly config: string | undefined;
  /** Whether to print one JSON object. */
  readonly json: boolean;
}

/** Make the certificates with which nodes prove to each other who they are, as far as they are missing. */
export interface InitCommand {
  readonly name: "init";
  /** Configuration file, which must be there. */
  readonly config: string;
}

/** Everything that can be asked for. */
export type Command =
  | RunCommand
  | CheckCommand
  | InitCommand
  | LogShowCommand
  | LogVerifyCommand
  | LogRepairCommand
  | ImportCommand
  | StatusCommand;

/** Something to print on standard output: help, or the version. */
export interface HelpText {
  readonly name: "help";
  readonly text: string;
}

/** A command line that says nothing sensible. */
export interface UsageError {
  readonly name: "usage error";
  /** Everything that is wrong, and where help is; to be printed on standard error. */
  readonly message: string;
}

/** Exit status of a command line or a configuration that is wrong. */
export const USAGE_STATUS = 2;
