/**
 * The words of the console for notices.
 *
 * @module
 */

import { counted } from "../../../common/counted.ts";
import { guaranteeText } from "../../../common/protocol/cluster_status.ts";
import type { Notice } from "../../core/notices.ts";
import { lossText } from "./losses.ts";

/** THE table: one row for each notice. */
const WORDS: { readonly [Kind in Notice["kind"]]: (notice: Extract<Notice, { kind: Kind }>) => string } = {
  connected: ({ node, missed }) =>
    `connected to ${node}${missed === undefined ? "" : `; ${missed} is not there`}`,
  connectionLost: ({ node, reason }) => `lost ${node} (${lossText(reason)}); looking for a node`,
  foreignNode: ({ place, cluster }) =>
    `${place} is a node of another cluster (${cluster}): nothing is sent there, and it is asked again later`,
  loggedIn: ({ name, node }) => `you are ${name} on ${node ?? "a node"}; /help lists the commands`,
  loggedOut: ({ name }) => `${name} is logged out`,
  loggedOutHere: ({ name }) =>
    `${name} is logged out here; the next node that can be reached hears of it while this program runs, and else ` +
    "the login ends there with another password, or after 30 days without use",
  logoutHeard: ({ name }) => `a node has heard that ${name} is logged out`,
  sessionEnded: ({ name }) => `the session of ${name} has ended; the password is needed again`,
  passwordChanged: () => "the password was changed; every other session of the account has ended",
  accountRenamed: ({ from, to }) =>
    `your account is called ${to} now: somebody else had the name ${from} before`,
  accountDeleted: ({ name }) => `the account ${name} and all its messages are gone`,
  accountKept: () => "that is not the name of the account; nothing was deleted",
  questionCancelled: ({ loggedOut }) =>
    loggedOut ? "not logged in any more; /login NAME logs in again" : "nothing was changed",
  notQuit: () => "going on; /status says what waits",
  userOnline: ({ name, online }) => `${name} is ${online ? "online" : "offline"}`,
  userRegistered: ({ name }) => `${name} is a new account`,
  userRenamed: ({ from, to }) => `${from} is called ${to} now`,
  userDeleted: ({ name }) => `the account ${name} was deleted, with every message from and to it`,
  namePassedOn: ({ name }) =>
    `whoever is called ${name} now is somebody else than before; messages meant for the former ${name} do not go there`,
  accountBack: ({ name, count }) =>
    `the account ${name} is there after all; sending now: ${counted(count, "held message")}`,
  clusterChanged: ({ node, state }) =>
    state.alone === undefined ? `${node}: ${guaranteeText(state)}` : `${node} is alone: ${state.alone}`,
  noUsers: ({ onlineOnly, match }) => onlineOnly ? "nobody is online" : `no user matches ${match ?? "*"}`,
  moreUsers: ({ listed }) => `these are the first ${listed} users; /users WILDCARD finds others`,
  noChats: ({ unreadOnly }) =>
    unreadOnly ? "nothing is unread" : "no chats yet; /users lists whom to write to",
  moreChats: ({ listed }) => `these are the ${listed} newest chats`,
  unreadChats: ({ chats }) => {
    const total = chats.reduce((sum, chat) => sum + chat.unread, 0);
    return `${total} unread: ${
      chats.map((chat) => `${chat.with} ${chat.unread}`).join(", ")
    }; /chat USER shows them`;
  },
  chatOpened: (notice) => `chat with ${notice.with}${notice.empty ? ": no messages yet" : ""}`,
  olderMessages: () => "there are older messages: /more",
  noOlderMessages: (notice) => `no older messages with ${notice.with}`,
  noMessagesThen: (notice) => `no messages with ${notice.with} in that time`,
  chatBegins: (notice) => `this is where the chat with ${notice.with} begins`,
  found: ({ ids: { length: count }, words, with: name, older }) => {
    const messages = counted(count, older ? "older message" : "message");
    const nothing = older ? "nothing older" : "nothing";
    return `found for ${words}${name === undefined ? "" : ` with ${name}`}: ${
      count === 0 ? nothing : messages
    }`;
  },
  olderFound: () => "there are older ones: /more",
  putBack: ({ messages, drafts, leftOut }) => {
    const putBack = `put back: ${counted(messages, "message")}, ${counted(drafts, "draft")}`;
    return leftOut === 0 ? putBack : `${putBack}; left out as unreadable or too long: ${leftOut}`;
  },
  blockChanged: ({ name, blocked }) =>
    blocked
      ? `${name} is blocked: their messages are refused, and they do not see that you are online, nor what you have read`
      : `${name} is not blocked any more`,
  markedRead: (notice) => `marked as read: ${counted(notice.count, "message")} of ${notice.with}`,
  messagesDeleted: ({ count }) => `deleted: ${counted(count, "message")}`,
};

/** A notice in words. */
export function noticeText(notice: Notice): string {
  // The row of a notice takes that notice, which the type of the table says and a look-up forgets.
  const words: (notice: never) => string = WORDS[notice.kind];
  return words(notice as never);
}
