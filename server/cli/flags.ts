/**
 * THE table of flags. A name means the same in every command that has it.
 *
 * @module
 */

import { INVITATION_USES_MAX } from "../core/accounts/invite.ts";
import { didYouMean } from "../../common/suggestion.ts";
import { NODE_NAME } from "../config/node_configuration.ts";
import { LOG_LEVELS } from "../diagnostics/log_level.ts";
import { parseRename } from "../import/renames.ts";
import { durationProblem, expiryProblem } from "./duration.ts";
import type { RecordType } from "./command.ts";

/** One flag. */
interface Flag {
  /** Name of its value in the help; absent if it takes none. */
  readonly value?: string;
  /** One-letter form. */
  readonly letter?: string;
  /** True if it may be given several times. */
  readonly repeatable?: true;
  /** Lines of the help. */
  readonly help: readonly string[];
  /** The problem of a value, as the end of a sentence that begins with flag and value. */
  readonly problem?: (value: string) => string | undefined;
}

/** Every type of log line; one that is forgotten here fails the type check. */
const RECORD_TYPES: Readonly<Record<RecordType, true>> = {
  accountCreated: true,
  passwordChanged: true,
  passwordRehashed: true,
  accountDeleted: true,
  accountDisabled: true,
  accountEnabled: true,
  nameForgotten: true,
  personBlocked: true,
  personUnblocked: true,
  tokenIssued: true,
  tokenRevoked: true,
  tokensUsed: true,
  messageSent: true,
  messagesDelivered: true,
  messagesRead: true,
  messagesDeleted: true,
  messagesHidden: true,
  fingerprintKeyMade: true,
  addressKeyMade: true,
  addressKnown: true,
  invitationMade: true,
  invitationRevoked: true,
  segmentOpened: true,
  nodeStarted: true,
  idle: true,
  nodeStopped: true,
  repaired: true,
};

const PORT_MAX = 65_535;

/** The flags by name. */
const FLAGS = {
  config: { value: "FILE", help: ["Configuration; cluster_config.json unless given."] },
  node: { value: "NAME", help: ["Which node."], problem: nodeNameProblem },
  data: { value: "FOLDER", help: ["Data folder of the node; data/NAME unless given."] },
  port: {
    value: "PORT",
    help: ["Port for clients in place of the configured one; 0 takes any that is free."],
    problem: portProblem,
  },
  "web-port": {
    value: "PORT",
    help: ["Port of the page for browsers, in place of the configured one;", "0 takes any that is free."],
    problem: portProblem,
  },
  "no-web": { help: ["Serves no page for browsers."] },
  "log-level": {
    value: "LEVEL",
    help: [`What is logged at least: ${LOG_LEVELS.join(", ")}; info unless given.`],
    problem: (value) => choiceProblem(value, LOG_LEVELS),
  },
  for: {
    value: "TIME",
    help: [
      "For how long, as 30s, 10m or 2h: another level holds at most 24h, and 10m unless given;",
      "a drain takes at most 1h, and 30s unless given.",
    ],
    problem: durationProblem,
  },
  insecure: { help: ["Accepts listening for clients beyond this machine without TLS."] },
  "cluster-key": {
    value: "FILE",
    help: ["Key of nodes without certificates;", "cluster_key beside the configuration unless given."],
  },
  "unproven-peers": {
    help: ["Takes nodes of an earlier version,", "which cannot prove that they have the cluster key."],
  },
  alone: {
    help: ["Serves clients even if all other nodes have removed this one."],
  },
  verify: {
    help: [
      "Verifies the whole log before the node serves,",
      "and not in the background after the start; or a backup, and makes none.",
    ],
  },
  until: {
    value: "TIME",
    help: ["Restores up to this time only, as 2026-01-31T18:00:00Z."],
    problem: timeProblem,
  },
  rename: {
    value: "OLD=NEW",
    repeatable: true,
    help: [
      "Another name for an account of the original, which may be given several times;",
      "the same name says that the account here is the same person.",
    ],
    problem: (value) => {
      const rename = parseRename(value);
      return typeof rename === "string" ? rename : undefined;
    },
  },
  user: { value: "NAME", help: ["Only what is about this account."] },
  admin: {
    help: [
      "Only what operators did: accounts made, disabled, enabled and deleted, passwords set,",
      "logins ended, invitations made and revoked.",
    ],
  },
  type: {
    value: "TYPE",
    repeatable: true,
    help: ["Only lines of this type, as messageSent; may be given several times."],
    problem: (value) => choiceProblem(value, Object.keys(RECORD_TYPES)),
  },
  json: {
    help: [
      "Prints JSON, for jq: the lines as they are in the files, the status as one object,",
      "users, sessions and invitations one a line.",
    ],
  },
  "password-file": { value: "FILE", help: ["The password is its first line; - for standard input."] },
  make: { help: ["Makes a password and prints it, this once."] },
  id: {
    value: "ID",
    help: ["The session with this number, as sessions shows it."],
    problem: sessionIdProblem,
  },
  uses: {
    value: "N",
    help: ["How many accounts can be made with the invitation; 1 unless given."],
    problem: usesProblem,
  },
  expires: {
    value: "TIME",
    help: ["For how long the invitation holds, as 30m, 12h or 7d; 7d unless given."],
    problem: expiryProblem,
  },
  yes: { help: ["Asks nothing."] },
  "accept-loss": { help: ["Cuts, and so gives up, what cannot be read; it is kept in broken/."] },
  "as-new-origin": { help: ["Gives the entries behind a fork an origin of their own; nothing is lost."] },
  "keep-origin": { help: ["Leaves the entries behind a fork as they are, and lets the node start again."] },
  help: { letter: "h", help: ["Shows this help."] },
  version: { letter: "V", help: ["Shows the version."] },
} satisfies Record<string, Flag>;

/** Name of a flag, without its hyphens. */
export type FlagName = keyof typeof FLAGS;

/** The flags of every command. */
export const COMMON_FLAGS: readonly FlagName[] = ["help", "version"];

/** The names of all flags. */
export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

/** The flag of a name. */
export function flagOf(name: FlagName): Flag {
  return FLAGS[name];
}

function nodeNameProblem(value: string): string | undefined {
  return NODE_NAME.pattern.test(value) ? undefined : `is not ${NODE_NAME.what}`;
}

function portProblem(value: string): string | undefined {
  const fits = /^\d{1,5}$/.test(value) && Number(value) <= PORT_MAX;
  return fits ? undefined : `is not a port; give a whole number from 0 to ${PORT_MAX}`;
}

function usesProblem(value: string): string | undefined {
  const fits = /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= INVITATION_USES_MAX;
  return fits
    ? undefined
    : `is not a number from 1 to ${INVITATION_USES_MAX}; make several invitations for more`;
}

function sessionIdProblem(value: string): string | undefined {
  return /^\d{1,15}$/.test(value) ? undefined : "is not the number of a session; sessions lists those";
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function timeProblem(value: string): string | undefined {
  if (TIME.test(value) && !Number.isNaN(Date.parse(value))) return undefined;
  return "is not a time with its zone; give one as 2026-01-31T18:00:00Z or 2026-01-31T19:00+01:00";
}

/** The problem of a value that has to be one of some, as the end of a sentence that begins with the value. */
export function choiceProblem(value: string, choices: readonly string[]): string | undefined {
  if (choices.includes(value)) return undefined;
  return `is not known${didYouMean(value, choices) || `; give one of ${choices.join(", ")}`}`;
}
