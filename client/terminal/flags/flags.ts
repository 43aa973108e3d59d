/**
 * The command line of the client: a table of flags, which may stand anywhere.
 *
 * @module
 */

import { didYouMean } from "../../../common/suggestion.ts";

/** The subcommands; `chat` stands for none. */
export const MODES = ["chat", "send", "history", "search", "tail", "run", "export"] as const;

/** A subcommand. */
export type Mode = (typeof MODES)[number];

/** The statuses that `send` can wait for. */
export const WAITS = ["stored", "delivered", "read"] as const;

/** A status that `send` can wait for. */
export type Wait = (typeof WAITS)[number];

interface Flag {
  /** Name of its value in the help; undefined if it takes none. */
  readonly value?: string;
  readonly letter?: string;
  readonly help: string;
  /** The subcommands that take it; all unless given. */
  readonly modes?: readonly Mode[];
}

/** THE table. */
export const FLAGS = {
  server: {
    value: "HOST:PORT[,HOST:PORT...]",
    help: "nodes to try; those of cluster_config.json unless given, else 127.0.0.1:5000",
  },
  config: { value: "FILE", help: "takes the nodes from this cluster_config.json" },
  user: { value: "NAME", letter: "u", help: "who logs in" },
  "password-file": { value: "FILE", help: "the password is its first line; - for the standard input" },
  session: { value: "FILE", help: "keeps the login in this file, and takes the next run from it" },
  tls: { help: "encrypts the connection" },
  ca: { value: "FILE", help: "certificate (PEM) of the authority to trust, with --tls" },
  register: { help: "makes a new account if there is none of that name" },
  invitation: {
    value: "CODE",
    help: "code of an invitation, where a new account needs one; used once, it is worth nothing any more",
  },
  json: { help: "data as JSON, one object a line" },
  plain: { help: "no prompt, no colour, no cursor movement" },
  wait: { value: "stored|delivered|read", help: "how far to wait; stored unless given", modes: ["send"] },
  id: {
    value: "UUID",
    help: "id of the message, by which a repetition is known; a new one unless given",
    modes: ["send"],
  },
  timeout: { value: "10s", help: "bounds finding a node, and each wait for answers; 10s unless given" },
  count: {
    value: "N",
    letter: "n",
    help: "how many messages, or all (search: at most 5000); 20 unless given, but tail does not end",
    modes: ["history", "search", "tail"],
  },
  since: {
    value: "TIME",
    help: "only messages from TIME on: 2026-11-22T14:00, or an age: 2h",
    modes: ["history"],
  },
  before: { value: "TIME", help: "only messages before TIME", modes: ["history"] },
  from: {
    value: "NAME",
    help: "tail takes messages of NAME only, others stay undelivered; search looks into the chat with NAME",
    modes: ["search", "tail"],
  },
  for: { value: "30s", help: "ends after this time", modes: ["tail"] },
  strict: { help: "stops at the first error", modes: ["run", "chat"] },
  help: { letter: "h", help: "shows this help" },
  version: { letter: "V", help: "shows the version" },
} as const satisfies Record<string, Flag>;

/** Name of a flag, without its hyphens. */
export type FlagName = keyof typeof FLAGS;

/** A command line that was understood. */
export interface CommandLine {
  readonly mode: Mode;
  /** Values of the flags that were given; of one without a value, the empty string. */
  readonly flags: ReadonlyMap<FlagName, string>;
  /** All words but the flags and the subcommand. */
  readonly words: readonly string[];
}

/** Reads a command line, or names its problem. */
export function parseCommandLine(args: readonly string[]): CommandLine | { readonly problem: string } {
  const flags = new Map<FlagName, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    }
    if (arg === "-" || !arg.startsWith("-")) {
      words.push(arg);
      continue;
    }
    const read = readFlag(arg, args[i + 1]);
    if ("problem" in read) return read;
    flags.set(read.name, read.value);
    if (read.tookNext) i++;
  }
  return withMode(flags, words);
}

type ReadFlag = { readonly name: FlagName; readonly value: string; readonly tookNext: boolean };

function readFlag(arg: string, next: string | undefined): ReadFlag | { readonly problem: string } {
  const [, hyphens = "", written = "", , given] = /^(--?)([^=]*)(=(.*))?$/s.exec(arg) ?? [];
  const name = (Object.keys(FLAGS) as FlagName[]).find((each) =>
    hyphens === "--" ? each === written : (FLAGS[each] as Flag).letter === written
  );
  if (name === undefined) {
    return { problem: `there is no flag ${arg}${didYouMean(written, Object.keys(FLAGS))}` };
  }
  const { value } = FLAGS[name] as Flag;
  if (value === undefined) {
    return given === undefined
      ? { name, value: "", tookNext: false }
      : { problem: `--${name} takes no value, and was given ${JSON.stringify(given)}` };
  }
  if (given !== undefined) return { name, value: given, tookNext: false };
  return next === undefined
    ? { problem: `--${name} needs a value: --${name} ${value}` }
    : { name, value: next, tookNext: true };
}

function withMode(
  flags: ReadonlyMap<FlagName, string>,
  words: readonly string[],
): ReturnType<typeof parseCommandLine> {
  const [first, ...rest] = words;
  const mode = first === undefined ? "chat" : MODES.find((each) => each === first && each !== "chat");
  if (mode === undefined) {
    return { problem: `there is no subcommand ${first}${didYouMean(first ?? "", MODES.slice(1))}` };
  }
  const misplaced = [...flags.keys()].find((name) => !((FLAGS[name] as Flag).modes ?? MODES).includes(mode));
  if (misplaced !== undefined && !flags.has("help")) {
    const where = ((FLAGS[misplaced] as Flag).modes ?? []).filter((each) => each !== "chat").join(", ");
    return { problem: `--${misplaced} goes with ${where} only` };
  }
  return { mode, flags, words: rest };
}
