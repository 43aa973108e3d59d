/**
 * THE table of commands, for the parser and for the help.
 *
 * @module
 */

import { CONFIG_FILE } from "../config/configuration.ts";
import { defaultDataFolder } from "../config/node_configuration.ts";
import { isLogLevel, LOG_LEVELS, type LogLevel } from "../diagnostics/log_level.ts";
import { readRenames } from "../import/renames.ts";
import { DRAIN_MS_MAX } from "../ports/node.ts";
import { BACKUP, EXPORT, RESTORE } from "./copy_commands.ts";
import type { Command, DrainCommand, LogLevelCommand, LogRepairCommand, RecordType } from "./command.ts";
import { chooseNode, type CommandDescription, type GivenFlags, NODE_OR_DATA } from "./command_description.ts";
import { durationMs } from "./duration.ts";
import { choiceProblem } from "./flags.ts";
import { INVITATION_COMMANDS } from "./invitation_commands.ts";
import { PEOPLE_COMMANDS } from "./people_commands.ts";

const WHOSE_LOG = "Name the node or its data folder.";

/** Time for which another level of diagnostics holds, unless one is given. */
const DEFAULT_LEVEL_TIME = "10m";

/** Time that clients have to move, unless one is given. */
const DEFAULT_DRAIN_TIME = "30s";

/** The table by name, so that each command has exactly one row. */
const COMMANDS_BY_NAME: { readonly [Name in Command["name"]]: CommandDescription<Name> } = {
  run: {
    name: "run",
    summary: "Starts a node; this is what happens without a command.",
    details: [
      "Without --node, it is the first node of the configuration.",
      "Where there is no cluster_config.json, it is node1 on its own, on 127.0.0.1:5000, with a page for browsers",
      "on http://127.0.0.1:5080/ unless another program has that port.",
      "It logs to standard error: JSON lines, or readable ones on a terminal. SIGINT and SIGTERM stop it.",
      "SIGHUP has it read the configuration again: which other nodes there are is taken over without a restart.",
    ],
    flags: [
      "node",
      "config",
      "data",
      "port",
      "web-port",
      "no-web",
      "log-level",
      "insecure",
      "cluster-key",
      "unproven-peers",
      "alone",
      "verify",
    ],
    examples: [
      ["run --node node2", "starts node2 of cluster_config.json"],
      ["--port 0 --web-port 0 --data trial", "tries the first node out, on any free ports"],
    ],
    build: (flags) => {
      const webPort = optionalNumber(flags.value("web-port"));
      const hasNoWeb = flags.given("no-web");
      if (hasNoWeb && webPort !== undefined) return "give either --web-port PORT or --no-web, not both";
      return {
        name: "run",
        config: flags.value("config"),
        node: flags.value("node"),
        data: flags.value("data"),
        port: optionalNumber(flags.value("port")),
        webPort: hasNoWeb ? "none" : webPort,
        logLevel: (flags.value("log-level") ?? "info") as LogLevel,
        insecure: flags.given("insecure"),
        clusterKey: flags.value("cluster-key"),
        unprovenPeers: flags.given("unproven-peers"),
        alone: flags.given("alone"),
        verify: flags.given("verify"),
      };
    },
  },
  status: {
    name: "status",
    summary: "Says how a running node is, which of its peers are in sync, and what may be lost.",
    details: [
      "The node must run on this machine. Without --node and --data, it is the first node of the configuration,",
      "or node1 if there is none. The exit status is 1 if it does not run or does not answer within 3 s.",
    ],
    flags: ["node", "data", "config", "json"],
    examples: [
      ["status --node node2", "shows how node2 is"],
      ["status --json", "the same of the first node, for jq"],
    ],
    build: (flags) => chooseNode(flags, (node) => ({ name: "status", ...node, json: flags.given("json") })),
  },
  "log-level": {
    name: "log-level",
    summary: "Lets a running node log more, or less, for a while.",
    details: [
      `LEVEL is what is logged at least: ${
        LOG_LEVELS.join(", ")
      }. At debug, a node logs each request with its`,
      "session, outcome and time, and each connection. No level logs what messages say, or passwords.",
      "Then the level of the start holds again; to have it back at once, name it as LEVEL.",
      "The node must run on this machine, and is chosen as for status. The exit status is 1 if it does not answer.",
    ],
    operands: "LEVEL",
    flags: ["node", "data", "config", "for"],
    examples: [["log-level debug --for 10m", "logs everything for ten minutes"]],
    build: buildLogLevel,
  },
  drain: {
    name: "drain",
    summary: "Moves the clients of a running node to other nodes, and ends it.",
    details: [
      "Nobody can log in to the node any more, and its metrics say that it is not ready. Its clients are told to go",
      "on with another node, some at a time, within two thirds of the time at most. Then the node waits until every",
      "node that it reaches has all its entries, and ends as after SIGTERM, which ends it at once meanwhile. A",
      "second drain gives it another time. Clients of the original server cannot be told: they are served until",
      "the others are elsewhere, and then disconnected.",
      "The node must run on this machine, and is chosen as for status. The exit status is 0 if all of it was done",
      "when the node had ended, and 1 if not, or if clients have nowhere to go: then nothing is done.",
    ],
    flags: ["node", "data", "config", "for"],
    examples: [["drain --node node2 --for 30s", "ends node2 within 30 s, for an upgrade"]],
    build: buildDrain,
  },
  check: {
    name: "check",
    summary: "Checks a configuration and says everything that is wrong with it.",
    details: [
      "Where there is no cluster_config.json, it shows the built-in configuration, which holds then.",
      "The exit status is 0 if every node of it may start, and 2 if not.",
      "Certificates are looked at as far as they are here: those of other nodes may be on other machines.",
    ],
    flags: ["config", "insecure"],
    examples: [["check --config new_config.json", "checks a file before it is used"]],
    build: (flags) => ({ name: "check", config: flags.value("config"), insecure: flags.given("insecure") }),
  },
  init: {
    name: "init",
    summary: "Makes the certificates with which nodes prove to each other who they are.",
    details: [
      "Nodes on several machines need them. They are for all nodes of the configuration, which must be a file, in",
      'the folder that its "certificates" names, or in the folder certificates beside it.',
      "What is there already stays as it is: when a new node was configured, run it again.",
    ],
    flags: ["config"],
    examples: [["init", "makes what cluster_config.json needs"]],
    build: (flags) => ({ name: "init", config: flags.value("config") ?? CONFIG_FILE }),
  },
  "log show": {
    name: "log show",
    summary: "Prints what a node has logged.",
    details: [
      `${WHOSE_LOG} The node may be running.`,
      "Lines about the log itself, as nodeStarted, are shown where --type asks for them.",
      "If the log is damaged, what can be read is shown, and the exit status is 1.",
    ],
    flags: ["node", "data", "user", "admin", "type", "json"],
    examples: [
      ["log show --node node1 --user alice", "shows all that is about alice"],
      ["log show --node node1 --admin", "shows what operators did, where and when"],
      ["log show --node node1 --type messageSent --json", "prints the messages for jq"],
    ],
    build: (flags) =>
      withFolder(flags, (data) => ({
        name: "log show",
        data,
        user: flags.value("user"),
        admin: flags.given("admin"),
        types: flags.values("type") as readonly RecordType[],
        json: flags.given("json"),
      })),
  },
  "log verify": {
    name: "log verify",
    summary: "Reads the whole log of a node and says whether it is as it was written.",
    details: [
      `${WHOSE_LOG} The node may be running.`,
      "The exit status is 1 if it is damaged. An unfinished write at its end is no damage: a start cuts it off.",
      "The last line is a SHA-256 of all that the log comes to: nodes that know the same have the same one.",
    ],
    flags: ["node", "data"],
    examples: [["log verify --node node1", "checks data/node1/log"]],
    build: (flags) => withFolder(flags, (data) => ({ name: "log verify", data })),
  },
  "log repair": {
    name: "log repair",
    summary: "Cuts out of the log of a node what cannot be read, or ends a fork.",
    details: [
      `${WHOSE_LOG} The node must not be running.`,
      "Without one of its three flags nothing is changed: it only says what would be done, and the exit status",
      "is 1 if that is anything.",
      "What is cut is kept in the folder broken/ of the data folder.",
      "A fork: a copy or an old backup of a data folder was started, so two nodes have different entries of one",
      "origin. Stop all nodes, and give --as-new-origin for all their data folders, as root or as the owner of the",
      "folder. When they run again, all nodes have everything.",
    ],
    flags: ["node", "data", "accept-loss", "as-new-origin", "keep-origin"],
    examples: [
      ["log repair --node node1", "says what would be done"],
      ["log repair --node node1 --accept-loss", "repairs the log"],
      ["log repair --node node1 --as-new-origin", "ends a fork, and loses nothing"],
    ],
    build: (flags) => withFolder(flags, (data) => buildRepair(flags, data)),
  },
  import: {
    name: "import",
    summary: "Takes over accounts and messages of the original server.",
    details: [
      "The files are its user_accounts.json and nodeN.json, in any order. The node must not be running.",
      "Without --node, they go to the first node of the configuration, or to node1 if there is none.",
      "It can be done again: what is there already stays as it is. Give user_accounts.json together with the",
      "messages: without it, a message goes to whoever has the name here.",
      "What cannot be taken over is said with file, line and reason; the exit status is 1 then. For a name that",
      "cannot be one here, a --rename that works is proposed.",
    ],
    operands: "FILE...",
    flags: ["node", "config", "data", "rename"],
    examples: [
      ["import user_accounts.json node1.json", "takes over both"],
      ["import user_accounts.json node1.json --rename=ann@home=ann", "gives somebody another name"],
    ],
    build: (flags, files) => {
      if (files.length === 0) return "import needs at least one FILE, as in user_accounts.json";
      const renames = readRenames(flags.values("rename"));
      if (typeof renames === "string") return renames;
      const [config, node, data] = [flags.value("config"), flags.value("node"), flags.value("data")];
      return { name: "import", config, node, data, files, ...renames.size > 0 && { renames } };
    },
  },
  backup: BACKUP,
  restore: RESTORE,
  export: EXPORT,
  ...PEOPLE_COMMANDS,
  ...INVITATION_COMMANDS,
};

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandDescription[] = Object.values(COMMANDS_BY_NAME);

/** The command of a command line that names none. */
export const DEFAULT_COMMAND: CommandDescription = COMMANDS_BY_NAME.run;

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function buildLogLevel(flags: GivenFlags, [level, ...others]: readonly string[]): LogLevelCommand | string {
  if (level === undefined || others.length > 0) return `log-level needs one LEVEL: ${LOG_LEVELS.join(", ")}`;
  if (!isLogLevel(level)) return `LEVEL "${level}" ${choiceProblem(level, LOG_LEVELS)}`;
  const forMs = durationMs(flags.value("for") ?? DEFAULT_LEVEL_TIME);
  return chooseNode(flags, (node) => ({ name: "log-level", ...node, level, forMs }));
}

function buildDrain(flags: GivenFlags): DrainCommand | string {
  const time = flags.value("for") ?? DEFAULT_DRAIN_TIME;
  const forMs = durationMs(time);
  if (forMs > DRAIN_MS_MAX) return `--for ${time} is too long for a drain; give at most 1h`;
  return chooseNode(flags, (node) => ({ name: "drain", ...node, forMs }));
}

/** The ways to change a log, of which at most one is taken at a time. */
const REPAIRS = ["accept-loss", "as-new-origin", "keep-origin"] as const;

function buildRepair(flags: GivenFlags, data: string): LogRepairCommand | string {
  const [way, ...more] = REPAIRS.filter((name) => flags.given(name));
  if (more.length > 0) return `give at most one of ${REPAIRS.map((name) => `--${name}`).join(", ")}`;
  const command = { name: "log repair", data, acceptLoss: way === "accept-loss" } as const;
  return way === undefined || way === "accept-loss" ? command : { ...command, fork: way };
}

/** Requires exactly one of --node and --data, so that nobody repairs another log than they meant. */
function withFolder<C>(flags: GivenFlags, build: (data: string) => C | string): C | string {
  const node = flags.value("node");
  const data = flags.value("data");
  if (node !== undefined && data !== undefined) return NODE_OR_DATA;
  if (data !== undefined) return build(data);
  return node === undefined
    ? "say whose log: give --node NAME or --data FOLDER"
    : build(defaultDataFolder(node));
}
