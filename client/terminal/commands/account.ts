/**
 * Commands about the own account.
 *
 * @module
 */

import { sameName } from "../../core/messages.ts";
import type { Model } from "../../core/model.ts";
import { EXIT } from "../words/exit_status.ts";
import { act, type Command, misused, type Outcomes, refuse, say } from "./command.ts";

const register: Command = {
  name: "register",
  usage: "NAME",
  help: "makes a new account and logs in",
  withoutLogin: true,
  run(_model, { words: [name] }): Outcomes {
    return name === undefined ? misused(register, "which name?") : act({ kind: "register", name });
  },
};

const login: Command = {
  name: "login",
  usage: "NAME",
  help: "logs in as somebody else",
  withoutLogin: true,
  run(_model, { words: [name] }): Outcomes {
    return name === undefined ? misused(login, "which name?") : act({ kind: "login", name });
  },
};

const logout: Command = {
  name: "logout",
  usage: "",
  help: "logs out; the program goes on",
  run: () => act({ kind: "logout" }),
};

const password: Command = {
  name: "password",
  usage: "",
  help: "changes the password; every other session of the account ends",
  run({ options }): Outcomes {
    return options.script
      ? refuse("/password asks, and needs a terminal for it", EXIT.login)
      : act({ kind: "askToChangePassword" });
  },
};

const deleteAccount: Command = {
  name: "delete-account",
  usage: "",
  help: "deletes the account and every message it sent or received; a script adds the name of the account",
  destructive: true,
  run(model, { words: [confirmed] }): Outcomes {
    if (!model.options.script) return [...announceDeletion(model), ...act({ kind: "askToDeleteAccount" })];
    const name = model.account?.name;
    return sameName(confirmed, name)
      ? act({ kind: "askToDeleteAccount", name: confirmed })
      : refuse(`nobody can be asked here: /delete-account ${name} deletes the account`);
  },
};

function announceDeletion({ account, chats }: Readonly<Model>): Outcomes {
  return [
    ...say(`this deletes the account ${account?.name} for good, on every node, for everybody:`),
    ...say(
      `every message it sent or received goes (${chats.all.length} chats known here), and nothing brings it back`,
    ),
  ];
}

/** The commands about the own account. */
export const ACCOUNT: readonly Command[] = [register, login, logout, password, deleteAccount];
