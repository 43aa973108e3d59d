/**
 * The settings of the client: its command line with every value checked.
 *
 * @module
 */

import type { NodePlace } from "../../core/node_list.ts";
import { type CommandLine, type Mode, parseCommandLine, parseDuration, type Wait, WAITS } from "./flags.ts";
import { parseServers } from "./places.ts";

/** The settings of the client. */
export interface Settings {
  readonly mode: Mode;
  /** The nodes of `--server`; without it those of the configuration file are used. */
  readonly places?: readonly NodePlace[];
  readonly configFile?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly sessionFile?: string;
  readonly tls: boolean;
  readonly caFile?: string;
  readonly register: boolean;
  readonly json: boolean;
  readonly plain: boolean;
  readonly strict: boolean;
  readonly wait: Wait;
  /** Id of the message to send, in lower case. */
  readonly id?: string;
  readonly timeoutMs: number;
  readonly count: number;
  readonly words: readonly string[];
}

/** A command line that was read: settings, a request for the help or the version, or a problem. */
type Start =
  | { readonly settings: Settings }
  | { readonly show: "help" | "version"; readonly mode: Mode }
  | { readonly problem: string };

const TIMEOUT_MS = 10_000;
const COUNT = 20;
const COUNT_MAX = 10_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a command line. */
export function readSettings(args: readonly string[]): Start {
  // The runtime has put this character in the place of bytes that are not UTF-8.
  const garbled = args.findIndex((arg) => arg.includes("\ufffd"));
  if (garbled >= 0) {
    return {
      problem:
        `argument ${garbled + 1} (${args[garbled]}) is not UTF-8, or has the character U+FFFD that stands ` +
        "for what is not; a text with it comes from the standard input",
    };
  }
  const line = parseCommandLine(args);
  if ("problem" in line) return line;
  const { mode, flags } = line;
  if (flags.has("help")) return { show: "help", mode };
  if (flags.has("version")) return { show: "version", mode };
  const problem = valueProblem(line) ?? wordsProblem(line);
  return problem === undefined ? { settings: settingsOf(line) } : { problem };
}

function valueProblem({ flags }: CommandLine): string | undefined {
  const server = flags.get("server");
  const servers = server === undefined ? undefined : parseServers(server);
  if (servers !== undefined && "problem" in servers) return `--server: ${servers.problem}`;
  if (server !== undefined && flags.has("config")) return "--server and --config do not go together";
  if (flags.has("ca") && !flags.has("tls")) return "--ca means nothing without --tls";
  const wait = flags.get("wait");
  if (wait !== undefined && !WAITS.some((each) => each === wait)) {
    return `--wait is ${JSON.stringify(wait)} and must be one of ${WAITS.join(", ")}`;
  }
  const id = flags.get("id");
  if (id !== undefined && !UUID.test(id)) {
    return `--id is ${JSON.stringify(id)} and must be a UUID, as uuidgen makes it`;
  }
  const timeout = flags.get("timeout");
  if (timeout !== undefined && parseDuration(timeout) === undefined) {
    return `--timeout is ${JSON.stringify(timeout)} and must be a duration up to 24h, such as 10s or 500ms`;
  }
  const count = flags.get("count");
  if (count !== undefined && !(/^\d{1,5}$/.test(count) && Number(count) >= 1 && Number(count) <= COUNT_MAX)) {
    return `-n is ${JSON.stringify(count)} and must be a number from 1 to ${COUNT_MAX}`;
  }
  const empty = [...flags].find(([name, value]) =>
    value === "" && ["user", "config", "ca", "password-file", "session"].includes(name)
  );
  return empty === undefined ? undefined : `--${empty[0]} is empty`;
}

function wordsProblem({ mode, words }: CommandLine): string | undefined {
  if (mode === "send" && words.length === 0) return "to whom? usage: send USER [TEXT|-]";
  if (mode === "history" && words.length !== 1) return "history is of one user: history USER";
  if (mode === "tail" && words.length > 0) return `tail takes no ${JSON.stringify(words[0])}`;
  if (mode === "run" && words.length !== 1) return "run takes one file, or - for the standard input";
  return undefined;
}

function settingsOf({ mode, flags, words }: CommandLine): Settings {
  const servers = flags.has("server") ? parseServers(flags.get("server") ?? "") : undefined;
  const texts = {
    ...text("configFile", flags.get("config")),
    ...text("user", flags.get("user")),
    ...text("passwordFile", flags.get("password-file")),
    ...text("sessionFile", flags.get("session")),
    ...text("caFile", flags.get("ca")),
    ...text("id", flags.get("id")?.toLowerCase()),
  };
  return {
    mode,
    ...(servers !== undefined && "places" in servers ? { places: servers.places } : {}),
    ...texts,
    tls: flags.has("tls"),
    register: flags.has("register"),
    json: flags.has("json"),
    plain: flags.has("plain"),
    strict: flags.has("strict"),
    wait: WAITS.find((each) => each === flags.get("wait")) ?? "stored",
    timeoutMs: parseDuration(flags.get("timeout") ?? "") ?? TIMEOUT_MS,
    count: Number(flags.get("count") ?? COUNT),
    words,
  };
}

function text<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}
