/**
 * Commands that talk.
 *
 * @module
 */

import { type Arguments, type Command, misused } from "./command.ts";
import { chatWith, compose, sameName } from "./messages.ts";
import type { Step } from "./step.ts";

/** Messages shown of a chat that is chosen, and of its history unless more are wanted. */
export const MESSAGES_SHOWN = 20;

/** The most that is shown of a chat because it is unread. */
const UNREAD_SHOWN_MAX = 200;

/** Sends a message, or queues it until there is a node. */
export function sendMessage(step: Step, to: string, content: string, id: string, timestamp: number): void {
  const { model } = step;
  const message = compose(model, chatWith(model, to).name, content, id, timestamp);
  // A script hears of a message once it is stored.
  if (!model.options.script) step.show({ kind: "message", message: { ...message } });
  step.ask({ name: "sendMessage", payload: { to, content, id } }, { kind: "send", id });
}

/** Makes a chat the one that plain lines go to, and shows its newest messages. */
export function openChat(step: Step, name: string): void {
  const { model } = step;
  const known = model.chats.get(name.toLowerCase());
  model.focus = known?.name ?? name;
  const limit = Math.min(UNREAD_SHOWN_MAX, Math.max(MESSAGES_SHOWN, known?.unread ?? 0));
  step.ask({ name: "listMessages", payload: { with: name, limit } }, { kind: "open", with: name });
}

const msg: Command = {
  name: "msg",
  usage: "USER TEXT",
  help: "sends one message without changing the chat",
  completes: "user",
  run(step, { text, id, timestamp }): void {
    const [, to, content] = /^(\S+)\s(.+)$/s.exec(text) ?? [];
    if (to === undefined || content === undefined) {
      return misused(step, msg, text === "" ? "to whom, and what?" : `what is ${text} to be told?`);
    }
    sendMessage(step, to, content, id, timestamp);
  },
};

const chat: Command = {
  name: "chat",
  alias: "c",
  usage: "USER",
  help: "makes USER the one that plain lines go to, and shows the newest messages",
  completes: "user",
  run(step, { words }): void {
    const [name] = words;
    if (name === undefined || words.length > 1) return misused(step, chat, "a chat is with one user");
    openChat(step, name);
  },
};

const reply: Command = {
  name: "reply",
  alias: "r",
  usage: "TEXT",
  help: "answers whoever wrote last, without changing the chat",
  run(step, { text, id, timestamp }: Arguments): void {
    const to = step.model.lastSender;
    if (to === undefined) return step.error("nobody has written yet; /msg USER TEXT writes first");
    if (text === "") return misused(step, reply, `what is ${to} to be told?`);
    if (!sameName(to, step.model.focus)) step.notice(`to ${to}`);
    sendMessage(step, to, text, id, timestamp);
  },
};

/** See the module. */
export const TALK: readonly Command[] = [msg, chat, reply];
