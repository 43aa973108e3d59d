/**
 * The words of the page for failures and notices of the core.
 *
 * @module
 */

import type { Failure } from "../../core/failures.ts";
import type { Notice } from "../../core/notices.ts";
import { isFinalRefusal, type Refusal } from "../../core/refusal.ts";
import { count, counted } from "./plurals.ts";

/** THE table: one row for each failure. */
const FAILURES: {
  readonly [Kind in Failure["kind"]]: (failure: Extract<Failure, { kind: Kind }>) => string;
} = {
  refused: ({ refusal }) => refusalText(refusal),
  loginRefused: ({ refusal }) => loginRefusedText(refusal),
  notSent: ({ to, refusal }) => `Your message to ${to} was not sent: ${refusalText(refusal)}`,
  held: ({ to }) =>
    `Your message to ${to} was not sent: the account that it was meant for is gone, and whoever is called ${to} ` +
    "now is somebody else. Open the chat to decide about it.",
  notHeld: () => "This message is not held any more.",
  replyLost: () => "The connection broke before the answer came. Try again.",
  versionUnknown: ({ node, version }) =>
    `${node} speaks version ${version} of the protocol. Load the page again.`,
  nameInvalid: () =>
    "A name has 1 to 32 letters, digits, dots, hyphens and underscores; the first is a letter or digit.",
  nameTaken: ({ name }) => `The name ${name} is taken. Choose another, or log in if it is yours.`,
  nameUnknown: ({ name }) => `There is nobody called ${name}.`,
  accountGone: ({ name }) => `The account ${name} is gone.`,
  passwordWrong: ({ name }) => `This is not the password of ${name}.`,
  passwordLength: ({ bytes, bytesMin, bytesMax }) =>
    `A password has ${bytesMin} to ${bytesMax} bytes; this one has ${bytes}.`,
  passwordsDiffer: () => "The two passwords differ.",
  unsent: ({ count: messages, account }) =>
    `${counted(messages, "message", "messages")}${of(account)} may not have been sent.`,
  heldUnsent: ({ count: messages, account }) =>
    `${counted(messages, "message", "messages")}${of(account)} for accounts that are gone were not sent.`,
  beingSent: () => "This message is being sent at this moment. Delete it once it is sent.",
  unable: ({ node, feature }) => `${node ?? "This node"} cannot ${feature}.`,
  draftTooLong: ({ bytes, bytesMax }) =>
    `A draft of ${count(bytes)} bytes is too long; ${
      count(bytesMax)
    } are the most. Send or shorten it first.`,
  savedRefused: ({ problem }) =>
    problem.kind === "format" && problem.format > problem.known
      ? "A newer version of this page has kept messages and drafts. They stay in this browser, for that version."
      : "Messages and drafts that this browser kept cannot be read. They are set aside.",
  deletedInPart: ({ count: deleted, wanted }) =>
    `${count(deleted)} of ${count(wanted)} messages were there to delete.`,
};

/** A failure in words. */
export function failureText(failure: Failure): string {
  // The row of a failure takes that failure, which the type of the table says and a look-up forgets.
  const words: (failure: never) => string = FAILURES[failure.kind];
  return words(failure as never);
}

function of(account: string | undefined): string {
  return account === undefined ? "" : ` of ${account}`;
}

/** A refusal in the words of the server, as a sentence; one that a person can do something about says what. */
export function refusalText({ code, message }: Pick<Refusal, "code" | "message">): string {
  // The server speaks of requests, where people have lists.
  const text = sentence(code === "unknown-user" ? message.replace(/;.*$/s, "") : message);
  return code === "too-many-sessions" ? `${text} Close a tab, or log out on another device.` : text;
}

/** The refusal of a login by the token. */
export function loginRefusedText(refusal: Refusal): string {
  const text = refusalText(refusal);
  return isFinalRefusal(refusal) ? text : `${text} This page tries again every few seconds.`;
}

/** A text of a node as a sentence. */
export function sentence(text: string): string {
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** The notices that the page tells in words; the others show elsewhere. */
const NOTICES: {
  readonly [Kind in Notice["kind"]]?: (notice: Extract<Notice, { kind: Kind }>) => string;
} = {
  connected: ({ node, missed }) =>
    `Connected to ${node}${missed === undefined ? "." : `; ${missed} is not there.`}`,
  foreignNode: ({ place, cluster }) =>
    `${place} is a node of another cluster (${cluster}). Nothing is sent there.`,
  loggedOut: ({ name }) => `${name} is logged out.`,
  loggedOutHere: ({ name }) =>
    `${name} is logged out here. No node has heard of it yet: the next one that can be reached does, while this ` +
    "page is open. Else the login ends there with another password, or after 30 days without use.",
  logoutHeard: ({ name }) => `A node has heard that ${name} is logged out.`,
  sessionEnded: ({ name }) => `The session of ${name} has ended. Type the password again.`,
  passwordChanged: () => "The password was changed. All other devices are logged out.",
  accountRenamed: ({ from, to }) =>
    `Your account is called ${to} now: somebody else had the name ${from} before.`,
  accountDeleted: ({ name }) => `The account ${name} and all its messages are gone.`,
  userRenamed: ({ from, to }) => `${from} is called ${to} now.`,
  userDeleted: ({ name }) => `The account ${name} was deleted, with every message from and to it.`,
  namePassedOn: ({ name }) => `Whoever is called ${name} now is somebody else than before.`,
  accountBack: ({ name, count: held }) =>
    `The account ${name} is there after all: ${counted(held, "message is", "messages are")} sent now.`,
  putBack: ({ leftOut }) =>
    `${
      counted(leftOut, "kept message or draft was", "kept messages and drafts were")
    } unreadable or too long, and set aside.`,
  blockChanged: ({ name, blocked }) => `${name} is ${blocked ? "blocked" : "not blocked any more"}.`,
  messagesDeleted: ({ count: deleted }) => `${counted(deleted, "message", "messages")} deleted.`,
};

/** A notice in words; empty for one that the page tells by other means. */
export function noticeText(notice: Notice): string {
  // As in `failureText`.
  const words: ((notice: never) => string) | undefined = NOTICES[notice.kind];
  return words === undefined ? "" : words(notice as never);
}
