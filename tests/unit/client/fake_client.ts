/**
 * The core of a client, with the test as its server and its terminal.
 *
 * @module
 */

import { CONSOLE_HANDLERS } from "../../../client/core/console_inputs.ts";
import type { Input } from "../../../client/core/inputs.ts";
import { isUnread } from "../../../client/core/messages.ts";
import type { Outbox } from "../../../client/core/saved.ts";
import type { Effect } from "../../../client/core/step.ts";
import { Attention } from "../../../client/terminal/attention.ts";
import type { Outcome } from "../../../client/terminal/commands/command.ts";
import { runLine } from "../../../client/terminal/commands/commands.ts";
import { textOf } from "../../../client/terminal/display/spans.ts";
import { itemLines, promptLine } from "../../../client/terminal/display/view.ts";
import { leaveStatus } from "../../../client/terminal/words/exit_status.ts";
import { failureText } from "../../../client/terminal/words/failures.ts";
import { noticeText } from "../../../client/terminal/words/notices.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { ServedCore } from "./served_core.ts";

/** A UUID with a number in it. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A message as a server shows it. */
export function told(
  number: number,
  sender: string,
  recipient: string,
  more: Partial<ChatMessage> = {},
): ChatMessage {
  return {
    id: uuid(number),
    timestamp: 1_700_000_000 + number,
    sender,
    recipient,
    content: `text ${number}`,
    status: "unread",
    ...more,
  };
}

/** A client's core with the requests and effects that it has produced. */
export class FakeClient extends ServedCore<Input> {
  readonly effects: (Effect | Exclude<Outcome, { kind: "input" }>)[] = [];
  /** The last one that was to be saved. */
  outbox: Outbox | undefined;
  protected readonly handlers = CONSOLE_HANDLERS;
  #lines = 0;
  readonly #attention = new Attention((ids) => this.give({ kind: "seen", ids }));

  /** Lines for the person since the last call: items, notices and failures. */
  said(): readonly string[] {
    return this.effects.splice(0).flatMap((effect) => {
      switch (effect.kind) {
        case "show":
          return itemLines(this.model, effect.item, true, 0).map((line) =>
            textOf(line).replace(/^(\d{4}-\d\d-\d\d )?\d\d:\d\d /, "")
          );
        case "print":
          return effect.lines;
        case "notice":
          return `-- ${noticeText(effect.notice)}`;
        case "say":
          return `-- ${effect.text}`;
        case "failure":
          return `!! ${failureText(effect.failure)}`;
        case "complain":
          return `!! ${effect.text}`;
        case "leave":
          return `leave ${leaveStatus(effect.reason)}`;
        case "arrived": {
          const unread = effect.messages.filter((message) => isUnread(this.model, message));
          return unread.map(({ chat }) => `arrived from ${chat.name}`);
        }
        case "refresh":
          return effect.kind;
        default:
          return [];
      }
    });
  }

  /** The prompt, before the line being typed. */
  get prompt(): string {
    return textOf(promptLine(this.model));
  }

  override give(input: Input, cause?: string): void {
    for (const effect of this.step(input, cause)) {
      this.effects.push(effect);
      if (effect.kind === "save") this.outbox = effect;
      if (effect.kind === "show" && effect.item.kind === "message") {
        this.#attention.shown(this.model, effect.item.message);
      }
    }
    this.#attention.tell(this.model);
  }

  /** The person looks, or looks away. */
  look(isThere: boolean): void {
    this.#attention.turn(this.model, isThere);
  }

  /** Types a line. A message sent by it gets the id numbered by the line, from 101 on. */
  line(text: string): void {
    const fresh = { id: uuid(100 + ++this.#lines), timestamp: 1_700_000_500 };
    for (const outcome of runLine(this.model, text, fresh)) {
      if (outcome.kind === "input") this.give(outcome.input);
      else this.effects.push(outcome);
    }
  }

  /** Logs an existing user in who has no undelivered messages. */
  login(name = "alice"): void {
    this.connect();
    this.give({ kind: "start", user: name });
    this.reply("startLogin", "userExisting", null);
    this.give({ kind: "answer", text: "password" });
    this.reply("finishLogin", "loginSuccess", { name, token: `token of ${name}`, unread: 0 });
    if (this.model.options.receives) this.caughtUp();
    if (!this.model.options.script) this.reply("listUsers", "users", { users: [], more: false });
    this.said();
  }

  /** Answers the requests that follow a login. */
  caughtUp(...undelivered: readonly ChatMessage[]): void {
    this.reply("listChats", "chats", { chats: [], more: false });
    this.reply("listMessages", "messages", { messages: undelivered, more: false });
  }

  /** Opens the chat with these messages. */
  open(name: string, ...messages: readonly ChatMessage[]): void {
    this.line(`/chat ${name}`);
    this.reply("listMessages", "messages", { messages, more: false });
    if (this.asked[0]?.name === "listUsers") this.reply("listUsers", "users", { users: [], more: false });
    this.said();
  }
}
