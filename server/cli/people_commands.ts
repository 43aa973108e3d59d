/**
 * The rows of the commands about accounts and sessions.
 *
 * @module
 */

import { didYouMean } from "../../common/suggestion.ts";
import { chooseNode, type CommandDescription, type GivenFlags } from "./command_description.ts";
import type { FlagName } from "./flags.ts";
import type { NodeChoice, PasswordSource, PeopleCommand } from "./people_command.ts";

const WHICH_NODE =
  "The node must run on this machine; without --node and --data it is the first of the configuration.";

const EVERYWHERE = "All nodes learn of it; one that cannot be reached, as soon as it can be again.";

const PASSWORDS = [
  "The password is typed unseen, twice, or is the first line of --password-file, or made by --make, which prints",
  "it on standard output. It has 8 to 72 bytes. It is never an argument: other users of the machine see those.",
];

const NODE_FLAGS: readonly FlagName[] = ["node", "data", "config"];

/** The descriptions by name. */
export const PEOPLE_COMMANDS: { readonly [Name in PeopleCommand["name"]]: CommandDescription<Name> } = {
  users: {
    name: "users",
    summary: "Lists the accounts: their state, logins, sessions here and unread messages.",
    details: [
      "FILTER is a wildcard for whole names, such as 'a*'; case is ignored. Times are in UTC. The last login is known",
      "to a day, and to a week for clients of the original dialect.",
      WHICH_NODE,
    ],
    operands: "[FILTER]",
    flags: [...NODE_FLAGS, "json"],
    examples: [["users", "lists everybody"], ["users 'a*' --json", "lists some, for jq"]],
    build: (flags, operands) =>
      chooseNode(flags, (node) => {
        const [match = "*", ...more] = operands;
        if (more.length === 0) return { name: "users", ...node, match, json: flags.given("json") };
        return `users takes one FILTER, and "${operands.join(" ")}" is ${operands.length} words${
          suggestion(match)
        }`;
      }),
  },
  "users show": {
    name: "users show",
    summary: "Shows one account.",
    details: ["Nothing that the person wrote is shown.", WHICH_NODE],
    operands: "NAME",
    flags: [...NODE_FLAGS, "json"],
    examples: [["users show alice", "shows state, logins and unread messages of alice"]],
    build: (flags, operands) =>
      ofUser("users show", flags, operands, (user) => ({ ...user, json: flags.given("json") })),
  },
  "users add": {
    name: "users add",
    summary: "Makes an account.",
    details: [...PASSWORDS, WHICH_NODE],
    operands: "NAME",
    flags: [...NODE_FLAGS, "password-file", "make"],
    examples: [["users add alice --make", "makes alice, with a password to hand over"]],
    build: (flags, operands) => withPassword("users add", flags, operands),
  },
  "users password": {
    name: "users password",
    summary: "Sets another password; every login of the account ends.",
    details: [...PASSWORDS, EVERYWHERE, WHICH_NODE],
    operands: "NAME",
    flags: [...NODE_FLAGS, "password-file", "make"],
    examples: [["users password alice", "asks for a password for alice, who has forgotten hers"]],
    build: (flags, operands) => withPassword("users password", flags, operands),
  },
  "users disable": {
    name: "users disable",
    summary: "Keeps somebody out: ends the sessions of an account and lets nobody log in to it.",
    details: [
      "Messages to it are still taken and kept. Nothing is lost: users enable lets the person in again.",
      EVERYWHERE,
      WHICH_NODE,
    ],
    operands: "NAME",
    flags: NODE_FLAGS,
    examples: [["users disable mallory", "keeps mallory out"]],
    build: (flags, operands) => ofUser("users disable", flags, operands, (user) => user),
  },
  "users enable": {
    name: "users enable",
    summary: "Lets the person of a disabled account in again.",
    details: ["Password, logins and messages are as before.", EVERYWHERE, WHICH_NODE],
    operands: "NAME",
    flags: NODE_FLAGS,
    examples: [["users enable mallory", "lets mallory in again"]],
    build: (flags, operands) => ofUser("users enable", flags, operands, (user) => user),
  },
  "users delete": {
    name: "users delete",
    summary: "Deletes an account, with every message that it sent or received, for good.",
    details: ["Asks for the name again, unless --yes is given.", EVERYWHERE, WHICH_NODE],
    operands: "NAME",
    flags: [...NODE_FLAGS, "yes"],
    examples: [["users delete mallory", "deletes mallory, who must go"]],
    build: (flags, operands) =>
      ofUser("users delete", flags, operands, (user) => ({ ...user, yes: flags.given("yes") })),
  },
  sessions: {
    name: "sessions",
    summary: "Lists who is logged in at a node.",
    details: [
      "Each node lists its own sessions. The id of a session is a number at its node, for sessions end --id.",
      WHICH_NODE,
    ],
    flags: [...NODE_FLAGS, "json"],
    examples: [["sessions --node node2", "lists the sessions of node2"]],
    build: (flags) => chooseNode(flags, (node) => ({ name: "sessions", ...node, json: flags.given("json") })),
  },
  "sessions end": {
    name: "sessions end",
    summary: "Ends a session, or every login of an account.",
    details: [
      "NAME is an account, also if it is a number: all its logins end, at all nodes; a session of the original",
      "dialect only at this one. With --id, one login ends, with every session that goes on with it, at all nodes.",
      "Whoever knows the password can log in again; users password and users disable keep them out.",
      WHICH_NODE,
    ],
    operands: "[NAME]",
    flags: [...NODE_FLAGS, "id"],
    examples: [["sessions end --id 12", "ends one session"], [
      "sessions end alice",
      "ends all logins of alice",
    ]],
    build: (flags, operands) => {
      const id = flags.value("id");
      if (id === undefined) {
        return ofUser("sessions end", flags, operands, ({ name, user, ...node }) => ({
          name,
          ...node,
          whose: { user },
        }));
      }
      if (operands.length > 0) return "give either the NAME of an account or --id ID, not both";
      return chooseNode(flags, (node) => ({ name: "sessions end", ...node, whose: { id: Number(id) } }));
    },
  },
};

/** Words behind `users`, of which one may have been meant. */
function suggestion(word: string): string {
  const names = ["show", "add", "password", "disable", "enable", "delete"];
  return didYouMean(word, names);
}

function ofUser<Name extends PeopleCommand["name"], C>(
  name: Name,
  flags: GivenFlags,
  operands: readonly string[],
  build: (command: NodeChoice & { readonly name: Name; readonly user: string }) => C | string,
): C | string {
  const [user, ...more] = operands;
  if (user === undefined || user === "" || more.length > 0) {
    const found = more.length > 0 ? `, and "${operands.join(" ")}" is ${operands.length}` : "";
    return `${name} takes one NAME${name === "sessions end" ? ", or --id ID" : ""}${found}`;
  }
  return chooseNode(flags, (node) => build({ name, ...node, user }));
}

function withPassword<Name extends "users add" | "users password">(
  name: Name,
  flags: GivenFlags,
  operands: readonly string[],
): NodeChoice & { readonly name: Name; readonly user: string; readonly password: PasswordSource } | string {
  return ofUser(name, flags, operands, (user) => {
    const [path, isMade] = [flags.value("password-file"), flags.given("make")];
    if (path !== undefined && isMade) return "give either --password-file FILE or --make, not both";
    if (path !== undefined) return { ...user, password: { kind: "file", path } };
    return { ...user, password: { kind: isMade ? "made" : "asked" } };
  });
}
