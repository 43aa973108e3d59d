/**
 * The settings of the client: its command line with every value checked.
 *
 * @module
 */

import type { NodePlace } from "../../core/node_list.ts";
import { FOUND_MAX } from "../../core/search.ts";
import { type CommandLine, type Mode, parseCommandLine, type Wait, WAITS } from "./flags.ts";
import { parseServers } from "./places.ts";
import { parseDuration, parseTime } from "./times.ts";

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
  /** Code of an invitation. */
  readonly invitation?: string;
  readonly json: boolean;
  readonly plain: boolean;
  readonly strict: boolean;
  readonly wait: Wait;
  /** Id of the message to send, in lower case. */
  readonly id?: string;
  readonly timeoutMs: number;
  /** True if `--timeout` was given. */
  readonly hasTimeout: boolean;
  /** The most messages; `Infinity` for all. */
  readonly count: number;
  /** Times of the earliest and after the latest message, seconds since the Unix epoch. */
  readonly since?: number;
  readonly before?: number;
  /** The only sender, or the only other end. */
  readonly from?: string;
  /** Time after which `tail` ends, ms. */
  readonly forMs?: number;
  readonly words: readonly string[];
}

/** A command line that was read: settings, a request for the help or the version, or a problem. */
type Start =
  | { readonly settings: Settings }
  | { readonly show: "help" | "version"; readonly mode: Mode }
  | { readonly problem: string };

const TIMEOUT_MS = 10_000;
const COUNT = 20;
/** A count, or the word for all. */
const COUNT_PATTERN = /^([1-9]\d{0,14}|all)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads a command line.
 *
 * @param nowMs the present, milliseconds since the Unix epoch
 */
export function readSettings(args: readonly string[], nowMs: number): Start {
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
  const problem = valueProblem(line) ?? timesProblem(line, nowMs) ?? wordsProblem(line);
  return problem === undefined ? { settings: settingsOf(line, nowMs) } : { problem };
}

function valueProblem({ mode, flags }: CommandLine): string | undefined {
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
  const count = flags.get("count");
  if (count !== undefined && !isCount(count, mode)) {
    const range = mode === "search" ? `a number from 1 to ${FOUND_MAX}` : "a number from 1 on, or all";
    return `--count is ${JSON.stringify(count)} and must be ${range}`;
  }
  const empty = [...flags].find(([name, value]) =>
    value === "" && ["user", "config", "ca", "password-file", "session", "from", "invitation"].includes(name)
  );
  return empty === undefined ? undefined : `--${empty[0]} is empty`;
}

function isCount(text: string, mode: Mode): boolean {
  return COUNT_PATTERN.test(text) && (mode !== "search" || Number(text) <= FOUND_MAX);
}

function timesProblem({ flags }: CommandLine, nowMs: number): string | undefined {
  for (const name of ["timeout", "for"] as const) {
    const text = flags.get(name);
    if (text === undefined || parseDuration(text) !== undefined) continue;
    return `--${name} is ${JSON.stringify(text)} and must be a duration up to 24h, such as 10s or 500ms`;
  }
  const [since, before] = (["since", "before"] as const).map((name) => {
    const text = flags.get(name);
    return text === undefined ? undefined : { text, time: parseTime(text, nowMs), name };
  });
  const wrong = [since, before].find((each) => each !== undefined && each.time === undefined);
  if (wrong !== undefined) {
    return `--${wrong.name} is ${JSON.stringify(wrong.text)} and must be a time, such as 2026-11-22, ` +
      "2026-11-22T14:00 or 2026-11-22T14:00Z, or an age, such as 2h or 7d";
  }
  if ((since?.time ?? -Infinity) < (before?.time ?? Infinity)) return undefined;
  return `--since ${since?.text} is not earlier than --before ${before?.text}`;
}

function wordsProblem({ mode, words }: CommandLine): string | undefined {
  if (mode === "send" && words.length === 0) return "to whom? usage: send USER [TEXT|-]";
  if (mode === "history" && words.length !== 1) return "history is of one user: history USER";
  if (mode === "search" && words.length === 0) return "which words? usage: search WORDS [--from NAME]";
  if ((mode === "tail" || mode === "export") && words.length > 0) {
    return `${mode} takes no ${JSON.stringify(words[0])}`;
  }
  if (mode === "run" && words.length !== 1) return "run takes one file, or - for the standard input";
  return undefined;
}

function settingsOf({ mode, flags, words }: CommandLine, nowMs: number): Settings {
  const servers = flags.has("server") ? parseServers(flags.get("server") ?? "") : undefined;
  const texts = {
    ...field("configFile", flags.get("config")),
    ...field("user", flags.get("user")),
    ...field("passwordFile", flags.get("password-file")),
    ...field("sessionFile", flags.get("session")),
    ...field("invitation", flags.get("invitation")),
    ...field("caFile", flags.get("ca")),
    ...field("id", flags.get("id")?.toLowerCase()),
    ...field("from", flags.get("from")),
  };
  const numbers = {
    ...field("since", parseTime(flags.get("since") ?? "", nowMs)),
    ...field("before", parseTime(flags.get("before") ?? "", nowMs)),
    ...field("forMs", parseDuration(flags.get("for") ?? "")),
  };
  return {
    mode,
    ...(servers !== undefined && "places" in servers ? { places: servers.places } : {}),
    ...texts,
    ...numbers,
    tls: flags.has("tls"),
    register: flags.has("register"),
    json: flags.has("json") || mode === "export",
    plain: flags.has("plain"),
    strict: flags.has("strict"),
    wait: WAITS.find((each) => each === flags.get("wait")) ?? "stored",
    timeoutMs: parseDuration(flags.get("timeout") ?? "") ?? TIMEOUT_MS,
    hasTimeout: flags.has("timeout"),
    count: countOf(flags.get("count"), mode === "tail" || flags.has("since")),
    words,
  };
}

/** A field, unless it has no value. */
function field<Key extends string, T>(key: Key, value: T | undefined): { readonly [K in Key]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: T };
}

/** @param isEndless true if there is no bound unless one is given */
function countOf(text: string | undefined, isEndless: boolean): number {
  if (text === undefined) return isEndless ? Infinity : COUNT;
  return text === "all" ? Infinity : Number(text);
}
