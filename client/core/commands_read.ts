/**
 * Commands that list, read and delete.
 *
 * @module
 */

import { UUID_PATTERN } from "../../common/protocol/shapes.ts";
import { type Arguments, type Command, misused } from "./command.ts";
import { MESSAGES_SHOWN } from "./commands_talk.ts";
import { askUsers } from "./lists.ts";
import type { Model } from "./model.ts";
import { askHistory } from "./pages.ts";
import type { Step } from "./step.ts";

/** The most messages that one `/history` shows. */
const HISTORY_MAX = 10_000;

const chats: Command = {
  name: "chats",
  usage: "",
  help: "lists the chats, the unread ones first",
  run: (step) => step.ask({ name: "listChats", payload: { limit: 500 } }, { kind: "chats", show: "chats" }),
};

const users: Command = {
  name: "users",
  usage: "[WILDCARD]",
  help: "lists all users, or those that match: * stands for anything, ? for one character",
  run(step, { words }): void {
    const [match] = words;
    askUsers(step, { onlineOnly: false, found: 0, ...(match === undefined ? {} : { match }) });
  },
};

const who: Command = {
  name: "who",
  usage: "",
  help: "lists the users that are online",
  run: (step) => askUsers(step, { onlineOnly: true, found: 0 }),
};

const history: Command = {
  name: "history",
  usage: "[N] [before #ID]",
  help: "shows the last N messages of the chat (20 unless given), or the N before that one",
  completes: "id",
  run(step, { text }): void {
    const focus = focusOf(step);
    if (focus === undefined) return;
    const [, digits, id] = /^(\d{1,9})?\s*(?:before\s+(\S+))?$/.exec(text) ?? [];
    if (text !== "" && digits === undefined && id === undefined) {
      return misused(step, history, `${text} is no number and no "before #ID"`);
    }
    const count = digits === undefined ? MESSAGES_SHOWN : Number(digits);
    if (count < 1 || count > HISTORY_MAX) {
      return misused(step, history, `${count} is not from 1 to ${HISTORY_MAX}`);
    }
    const before = id === undefined ? undefined : findId(step.model, id);
    if (id !== undefined && before === undefined) return unknownId(step, id);
    askHistory(step, focus, count, { ids: [], older: true }, before);
  },
};

const more: Command = {
  name: "more",
  usage: "",
  help: "shows the messages before the oldest one shown of the chat",
  run(step): void {
    const focus = focusOf(step);
    if (focus === undefined) return;
    const before = step.model.chats.get(focus.toLowerCase())?.oldestShown;
    askHistory(step, focus, MESSAGES_SHOWN, { ids: [], older: true }, before);
  },
};

const unread: Command = {
  name: "unread",
  usage: "",
  help: "lists the chats with unread messages",
  run: (step) => step.ask({ name: "listChats", payload: { limit: 500 } }, { kind: "chats", show: "unread" }),
};

const read: Command = {
  name: "read",
  usage: "[USER]",
  help: "marks everything from USER, or from the one you chat with, as read",
  completes: "user",
  run(step, { words }): void {
    const name = words[0] ?? focusOf(step);
    if (name === undefined) return;
    step.ask({ name: "readMessages", payload: { with: name } }, { kind: "read", with: name });
  },
};

const remove: Command = {
  name: "delete",
  usage: "#ID...",
  help: "deletes messages: own ones for both, others for yourself; #ID is the short id on the line",
  destructive: true,
  completes: "id",
  run(step, given): void {
    if (given.words.length === 0) return misused(step, remove, "which messages?");
    deleteMessages(step, given);
  },
};

function deleteMessages(step: Step, { words }: Arguments): void {
  const { model } = step;
  const ids: string[] = [];
  for (const word of new Set(words)) {
    const id = findId(model, word);
    if (id === undefined) return unknownId(step, word);
    const message = model.messages.get(id);
    const own = message?.status === "queued" || message?.status === "failed";
    if (!own) ids.push(id);
    else if (message.status === "queued" && !model.pending.withdraw(id)) {
      return step.error(`${word} is being sent; delete it once it is stored`);
    } else {
      message.deleted = true;
      message.content = "";
      step.refresh(id);
    }
  }
  if (ids.length > 0) step.ask({ name: "deleteMessages", payload: { ids } }, { kind: "delete", ids });
}

function focusOf(step: Step): string | undefined {
  const { focus } = step.model;
  if (focus === undefined) step.error("no chat is chosen; /chat USER chooses one");
  return focus;
}

function findId(model: Model, word: string): string | undefined {
  const id = model.shortIds.find(word);
  if (id !== undefined && model.messages.has(id)) return id;
  return UUID_PATTERN.test(word) ? word.toLowerCase() : undefined;
}

function unknownId(step: Step, word: string): void {
  step.error(`there is no message ${word}; its short id is on its line, such as #a1`);
}

/** See the module. */
export const READ: readonly Command[] = [chats, users, who, history, more, unread, read, remove];
