/**
 * Decides on accounts and messages of the original server by the rules of this one.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { Account } from "../core/accounts/account.ts";
import { decideRegister, nameProblem } from "../core/accounts/register.ts";
import { isRefusal } from "../core/decision.ts";
import type { AccountCreated, MessageSent } from "../core/events.ts";
import { NO_BOUNDS } from "../core/messages/bounds.ts";
import { decideSend } from "../core/messages/send.ts";
import { stampMs } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { renameFlag } from "./renames.ts";
import type { OriginalNames } from "./original_names.ts";
import { type OriginalAccount, type OriginalMessage, shown } from "./original_item.ts";

/** A decision: an event, nothing because the item is known, perhaps with a warning, or nothing because of a problem. */
export type Outcome<Event> =
  | { readonly event: Event }
  | "known"
  | { readonly warning: string }
  | { readonly problem: string };

/** The reason why a text is no usable bcrypt hash; `undefined` if it is one. */
export type HashDamage = (hash: string) => string | undefined;

/**
 * Imports an account, unless it is here.
 *
 * @param accountId makes the id of a new account of that name
 */
export function decideAccount(
  state: State,
  names: OriginalNames,
  { name, hash }: OriginalAccount,
  accountId: (name: string) => string,
  hashDamage: HashDamage,
): Outcome<AccountCreated> {
  const before = names.hashBefore(name);
  if (before !== undefined) return before === hash ? "known" : { warning: twice(name) };
  names.met(name);
  const here = names.here(name);
  const holder = findExactly(state, here);
  const isSame = typeof holder === "object" && names.isSame(name, hash, holder);
  if (typeof holder === "object" && isSame !== false) {
    names.took(name, holder.id, hash);
    return isSame === true ? "known" : { warning: changedPassword(name) };
  }
  const refused = typeof holder === "object" ? anotherPassword(name) : holder ?? nameProblem(here)?.message;
  if (refused !== undefined) {
    names.refuse(name);
    return { problem: `the account ${shown(name)}: ${refused}` };
  }
  const problem = passwordProblem(hash, hashDamage);
  if (problem !== undefined) return { problem: `the account ${shown(name)}: ${problem}` };
  const event = decideRegister(state, here, hash as string, accountId(here));
  if (isRefusal(event)) return { problem: event.message };
  names.took(name, event.account, hash);
  return { event };
}

function twice(name: string): string {
  return `the account ${
    shown(name)
  } is in the files twice, with two passwords, as each node of the original had its ` +
    "own accounts: the first password holds, and the messages of both are its own";
}

function changedPassword(name: string): string {
  return `the account ${
    shown(name)
  } is here, and its password was changed here: it is taken for the same person`;
}

function anotherPassword(name: string): string {
  return "an account of that name is here with another password; those of the original never change, so it is somebody " +
    `else's. If they are the same person, say so with ${renameFlag(name, name)}`;
}

function passwordProblem(hash: unknown, hashDamage: HashDamage): string | undefined {
  if (typeof hash !== "string") return "its password hash is no text";
  const damage = hashDamage(hash);
  return damage === undefined ? undefined : `its password hash cannot be used: ${damage}`;
}

/** Imports a message with its original time. A deleted one is known by its id, sender and recipient. */
export function decideMessage(
  state: State,
  names: OriginalNames,
  message: OriginalMessage,
  limits: Limits,
): Outcome<MessageSent> {
  const sender = partner(state, names, "sender", message.sender);
  if ("problem" in sender) return sender;
  const recipient = partner(state, names, "recipient", message.recipient);
  if ("problem" in recipient) return recipient;
  const { id, content, at } = message;
  if (state.messages.find(sender.account, recipient.account, id)?.deleted) return "known";
  const wallMs = stampMs(at);
  const command = { sender: sender.account, to: recipient.account.name, id, content, wallMs };
  const decision = decideSend(state, command, { ...limits, ...NO_BOUNDS }, 1);
  if (isRefusal(decision)) {
    return { problem: `the message ${shown(id)}: ${whyRefused(decision.code, limits) ?? decision.message}` };
  }
  const [event] = decision.events;
  return event?.type === "messageSent" ? { event: { ...event, at } } : "known";
}

function partner(
  state: State,
  names: OriginalNames,
  role: "sender" | "recipient",
  name: string,
): { readonly account: Account } | { readonly problem: string } {
  const account = findExactly(state, names.here(name));
  const problem = typeof account === "object"
    ? names.strangeness(name)
    : account ?? "there is no such account";
  if (typeof account === "object" && problem === undefined) return { account };
  return { problem: `the ${role} ${shown(name)}: ${problem}` };
}

/**
 * The account with exactly this name: to the original server, `Ada` and `ada` were two people.
 *
 * @returns the problem if another account has or had the name
 */
function findExactly(state: State, name: string): Account | undefined | string {
  if (state.directory.namesakes(name).some((account) => account.deleted !== undefined)) {
    return "an account of that name was deleted here, and deleted stays deleted";
  }
  const account = state.directory.find(name);
  if (account === undefined || account.registeredName === name) return account;
  return `the name differs from that of the account ${shown(account.name)} only in the case of its letters`;
}

/** The refusals of the core, reworded for an import. */
function whyRefused(code: ErrorCode, limits: Limits): string | undefined {
  switch (code) {
    case "content-empty":
      return "it has no content";
    case "content-too-long":
      return `its content is longer than ${limits.contentBytes} bytes; raise contentBytes under "limits" ` +
        "in the configuration and import again";
    case "id-conflict":
      return "another message has this id already";
    default:
      return undefined;
  }
}
