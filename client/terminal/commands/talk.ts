/**
 * Commands that talk.
 *
 * @module
 */

import { sameName } from "../../core/messages.ts";
import { act, type Command, misused, type Outcomes, refuse, say } from "./command.ts";

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
  run({ lastSender: to, focus }, { text, id, timestamp }): Outcomes {
    if (to === undefined) return refuse("nobody has written yet; /msg USER TEXT writes first");
    if (text === "") return misused(reply, `what is ${to} to be told?`);
    const addressed = sameName(to, focus) ? [] : say(`to ${to}`);
    return [...addressed, ...act({ kind: "send", to, text, id, timestamp })];
  },
};

/** The commands that talk. */
export const TALK: readonly Command[] = [msg, chat, reply];
