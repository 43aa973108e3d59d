/**
 * Commands that talk.
 *
 * @module
 */

import { findMessage } from "../words/short_ids.ts";
import { act, type Command, misused, type Outcomes, refuse, say, unknownId } from "./command.ts";

const msg: Command = {
  name: "msg",
  usage: "USER TEXT",
  help: "sends one message without changing the chat",
  completes: "user",
  run(_model, { text, id, timestamp }): Outcomes {
    const [, to, content] = /^(\S+)\s(.+)$/s.exec(text) ?? [];
    if (to === undefined || content === undefined) {
      return misused(msg, text === "" ? "to whom, and what?" : `what is ${text} to be told?`);
    }
    return act({ kind: "send", to, text: content, id, timestamp });
  },
};

const chat: Command = {
  name: "chat",
  alias: "c",
  usage: "USER",
  help: "makes USER the one that plain lines go to, and shows the newest messages",
  completes: "user",
  run(_model, { words }): Outcomes {
    const [name] = words;
    if (name === undefined || words.length > 1) return misused(chat, "a chat is with one user");
    return act({ kind: "openChat", with: name });
  },
};

const reply: Command = {
  name: "reply",
  alias: "r",
  usage: "TEXT",
  help: "answers whoever wrote last, without changing the chat",
  run({ lastSender: chat, focus }, { text, id, timestamp }): Outcomes {
    if (chat === undefined) return refuse("nobody has written yet; /msg USER TEXT writes first");
    const to = chat.name;
    if (text === "") return misused(reply, `what is ${to} to be told?`);
    const addressed = chat === focus ? [] : say(`to ${to}`);
    return [...addressed, ...act({ kind: "send", to, chat, text, id, timestamp })];
  },
};

const anyway: Command = {
  name: "anyway",
  usage: "#ID",
  help: "sends a held message to whoever has the name now; /delete #ID drops it",
  completes: "id",
  run(model, { words, id: newId, timestamp }): Outcomes {
    const [word] = words;
    if (word === undefined) return misused(anyway, "which message?");
    if (words.length > 1) return misused(anyway, "one message at a time");
    const id = findMessage(model, word)?.id;
    if (id === undefined) return unknownId(word);
    return act({ kind: "sendAnyway", id, newId, timestamp });
  },
};

const block: Command = {
  name: "block",
  usage: "USER",
  help: "refuses every message of USER, who does not see any more that you are online and what you have read",
  completes: "user",
  run: (_model, { words }) => decide(block, words, true),
};

const unblock: Command = {
  name: "unblock",
  usage: "USER",
  help: "takes the messages of USER again",
  completes: "user",
  run: (_model, { words }) => decide(unblock, words, false),
};

function decide(command: Command, [name, ...others]: readonly string[], blocked: boolean): Outcomes {
  if (name === undefined || others.length > 0) return misused(command, "one user at a time");
  return act({ kind: "block", name, blocked });
}

const blocked: Command = {
  name: "blocked",
  usage: "",
  help: "lists the users that you block",
  run: () => act({ kind: "listBlocked" }),
};

/** The commands that talk, and those that say with whom not. */
export const TALK: readonly Command[] = [msg, chat, reply, anyway, block, unblock, blocked];
