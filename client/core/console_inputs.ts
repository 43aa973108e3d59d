/**
 * The inputs of a console client.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { askOlder } from "./history.ts";
import type { Input } from "./inputs.ts";
import { askChats } from "./lists.ts";
import { askUsers, PRINTING } from "./printed_lists.ts";
import { askToChangePassword, askToDeleteAccount, cancelQuestion, takeAnswer } from "./questions.ts";
import { sameName } from "./messages.ts";
import { openChat } from "./pages.ts";
import { takeReply } from "./replies.ts";
import { searchOn } from "./search.ts";
import { quit } from "./sending.ts";
import type { Step } from "./step.ts";
import { HANDLERS, type Handlers } from "./update.ts";

/** The table of all inputs. */
export const CONSOLE_HANDLERS: Handlers<Input> = {
  ...HANDLERS,
  reply: (step, { serial, reply }) => takeReply(step, serial, reply, PRINTING),
  openChat: (step, input) => openChatAfter(step, input.with, step.model.focus),
  answer: (step, { text }) => takeAnswer(step, text),
  cancel: (step) => cancelQuestion(step),
  olderMessages: (step, input) => askOlder(step, input.with, input.count),
  searchOn: (step) => searchOn(step),
  listChats: (step, { unreadOnly }) => askChats(step, unreadOnly ? "unread" : "chats"),
  listUsers: (step, { onlineOnly, match, after }) => askUsers(step, { onlineOnly, match, found: 0 }, after),
  askToChangePassword: (step) => askToChangePassword(step),
  askToDeleteAccount: (step, { name }) => askToDeleteAccount(step, name),
  quit: (step, { sure }) => quit(step, sure ?? false),
};

function openChatAfter(step: Step, name: string, before: Chat | undefined): void {
  openChat(step, name, sameName(before?.name, name) ? undefined : before);
}
