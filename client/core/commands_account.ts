/**
 * Commands about the own account.
 *
 * @module
 */

import { type Command, misused } from "./command.ts";
import { startLogin } from "./login.ts";
import { sameName } from "./messages.ts";
import { EXIT, type Step } from "./step.ts";

const register: Command = {
  name: "register",
  usage: "NAME",
  help: "makes a new account and logs in",
  withoutLogin: true,
  run(step, { words }): void {
    const [name] = words;
    if (name === undefined) return misused(step, register, "which name?");
    startLogin(step, name, "register");
  },
};

const login: Command = {
  name: "login",
  usage: "NAME",
  help: "logs in as somebody else",
  withoutLogin: true,
  run(step, { words }): void {
    const [name] = words;
    if (name === undefined) return misused(step, login, "which name?");
    startLogin(step, name, "login");
  },
};

const logout: Command = {
  name: "logout",
  usage: "",
  help: "logs out; the program goes on",
  run: (step) => step.ask({ name: "logout", payload: null }, { kind: "logout" }),
};

const password: Command = {
  name: "password",
  usage: "",
  help: "changes the password; every other session of the account ends",
  run(step): void {
    if (step.model.options.script) {
      return step.error("/password asks, and needs a terminal for it", EXIT.login);
    }
    step.model.question = { kind: "oldPassword" };
  },
};

const deleteAccount: Command = {
  name: "delete-account",
  usage: "",
  help: "deletes the account and every message it sent or received; a script adds the name of the account",
  destructive: true,
  run(step, { words }): void {
    const { model } = step;
    const name = model.account?.name;
    if (!model.options.script) {
      sayWhatGoes(step);
      model.question = { kind: "accountName" };
    } else if (sameName(words[0], name)) {
      model.question = { kind: "accountPassword" };
    } else {
      step.error(`nobody can be asked here: /delete-account ${name} deletes the account`);
    }
  },
};

function sayWhatGoes(step: Step): void {
  const { account, chats } = step.model;
  step.notice(`this deletes the account ${account?.name} for good, on every node, for everybody:`);
  step.notice(
    `every message it sent or received goes (${chats.size} chats known here), and nothing brings it back`,
  );
}

/** See the module. */
export const ACCOUNT: readonly Command[] = [register, login, logout, password, deleteAccount];
