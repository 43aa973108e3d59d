/**
 * Commands that list, read and delete.
 *
 * @module
 */

import { UUID_PATTERN } from "../../../common/protocol/shapes.ts";
import type { Model } from "../../core/model.ts";
import { MESSAGES_SHOWN } from "../../core/pages.ts";
import { findMessage } from "../words/short_ids.ts";
import { act, type Command, misused, type Outcomes, refuse, unknownId } from "./command.ts";

const chats: Command = {
  name: "chats",
  usage: "",
  help: "lists the chats, the unread ones first",
  run: () => act({ kind: "listChats", unreadOnly: false }),
};

const users: Command = {
  name: "users",
  usage: "[WILDCARD]",
  help: "lists all users, or those that match: * stands for anything, ? for one character",
  run: (_model, { words: [match] }) => act({ kind: "listUsers", onlineOnly: false, match }),
};

const who: Command = {
  name: "who",
  usage: "",
  help: "lists the users that are online",
  run: () => act({ kind: "listUsers", onlineOnly: true }),
};

const history: Command = {
  name: "history",
  usage: "[N] [before #ID]",
  help: "shows the last N messages of the chat (20 unless given), or the N before that one",
  completes: "id",
  run(model, { text }): Outcomes {
    const [, digits, id] = /^(\d{1,9})?\s*(?:before\s+(\S+))?$/.exec(text) ?? [];
    if (text !== "" && digits === undefined && id === undefined) {
      return misused(history, `${text} is no number and no "before #ID"`);
    }
    const count = digits === undefined ? MESSAGES_SHOWN : Number(digits);
    if (count < 1) return misused(history, `${count} is no number of messages`);
    const [before] = id === undefined ? [] : idsOf(model, id);
    if (id !== undefined && before === undefined) return unknownId(id);
    // A message that was found has its place in its own chat.
    const chat = before === undefined ? undefined : model.messages.get(before)?.chat;
    const name = chosen({ focus: chat ?? model.focus });
    return typeof name === "string" ? act({ kind: "history", with: name, count, before }) : name;
  },
};

const search: Command = {
  name: "search",
  usage: "WORDS [from NAME]",
  help: "finds messages by the beginnings of their words, in all chats or in that with NAME",
  completes: "searched",
  run(_model, { text }): Outcomes {
    const [, words = "", name] = /^(.*?)(?:(?:^|\s+)from\s+(\S+))?$/s.exec(text) ?? [];
    if (words === "") return misused(search, "which words?");
    return act({ kind: "search", words, with: name, count: MESSAGES_SHOWN });
  },
};

const more: Command = {
  name: "more",
  usage: "",
  help: "shows the messages before the oldest one shown of the chat, or of the search",
  run(model): Outcomes {
    if (model.olderFound !== undefined) return act({ kind: "searchOn" });
    const focus = chosen(model);
    if (typeof focus !== "string") return focus;
    return act({ kind: "olderMessages", with: focus, count: MESSAGES_SHOWN });
  },
};

const unread: Command = {
  name: "unread",
  usage: "",
  help: "lists the chats with unread messages",
  run: () => act({ kind: "listChats", unreadOnly: true }),
};

const show: Command = {
  name: "show",
  usage: "#ID",
  help: "shows all of a message that is longer than the screen",
  completes: "id",
  run(model, { words }): Outcomes {
    const [word] = words;
    if (word === undefined || words.length > 1) return misused(show, "which message?");
    const message = findMessage(model, word);
    return message === undefined ? unknownId(word) : [{ kind: "showWhole", message }];
  },
};

const read: Command = {
  name: "read",
  usage: "[USER]",
  help: "marks everything from USER, or from the one you chat with, as read",
  completes: "user",
  run(model, { words: [named] }): Outcomes {
    const name = named ?? chosen(model);
    return typeof name === "string" ? act({ kind: "markRead", with: name }) : name;
  },
};

const remove: Command = {
  name: "delete",
  usage: "#ID...",
  help: "deletes messages: own ones for both, others for yourself; #ID is the short id on the line",
  destructive: true,
  completes: "id",
  run(model, { words }): Outcomes {
    if (words.length === 0) return misused(remove, "which messages?");
    const messages = new Map<string, readonly string[]>();
    for (const word of words) {
      const ids = idsOf(model, word);
      const [first] = ids;
      if (first === undefined) return unknownId(word);
      messages.set(first, ids);
    }
    return act({ kind: "deleteMessages", ids: [...messages.values()].flat(), count: messages.size });
  },
};

const NO_CHAT = refuse("no chat is chosen; /chat USER chooses one");

/** Name of the chat that is chosen, or the problem. */
function chosen({ focus }: Pick<Model, "focus">): string | Outcomes {
  if (focus === undefined) return NO_CHAT;
  if (!focus.former) return focus.name;
  return refuse(`the account ${focus.name} of this chat is gone; /chat USER chooses another chat`);
}

/**
 * The ids that a typed one may be, the likeliest first; none if it is no id. Servers tell upper case from lower case,
 * and a person copies an id as some program shows it.
 */
function idsOf(model: Readonly<Model>, word: string): readonly string[] {
  const known = findMessage(model, word);
  if (known !== undefined) return [known.id];
  const id = word.replace(/^#/, "");
  return UUID_PATTERN.test(id) ? [...new Set([id.toLowerCase(), id.toUpperCase(), id])] : [];
}

/** The commands that list, read and delete. */
export const READ: readonly Command[] = [
  chats,
  users,
  who,
  history,
  search,
  more,
  show,
  unread,
  read,
  remove,
];
