/**
 * The core of a client, with the test as its server and its terminal.
 *
 * @module
 */

import type { Input } from "../../../client/core/inputs.ts";
import { newModel, type Options } from "../../../client/core/model.ts";
import type { Outbox } from "../../../client/core/saved.ts";
import type { Effect } from "../../../client/core/step.ts";
import { update } from "../../../client/core/update.ts";
import { Attention } from "../../../client/terminal/attention.ts";
import type { Outcome } from "../../../client/terminal/commands/command.ts";
import { runLine } from "../../../client/terminal/commands/commands.ts";
import { textOf } from "../../../client/terminal/display/spans.ts";
import { itemLines, promptLine } from "../../../client/terminal/display/view.ts";
import { leaveStatus } from "../../../client/terminal/words/exit_status.ts";
import { failureText } from "../../../client/terminal/words/failures.ts";
import { noticeText } from "../../../client/terminal/words/notices.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";

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
export class FakeClient {
  readonly model;
  readonly effects: (Effect | Exclude<Outcome, { kind: "input" }>)[] = [];
  /** The last one that was to be saved. */
  outbox: Outbox | undefined;
  /** Features that the next node has; undefined for a node of an earlier version. */
  features: readonly string[] | undefined;
  #asked: { readonly serial: number; readonly request: Request }[] = [];
  #lines = 0;
  readonly #attention = new Attention((ids) => this.give({ kind: "seen", ids }));

  constructor(options: Partial<Options> = {}) {
    this.model = newModel({ script: false, receives: true, creates: true, ...options });
  }

  /** Requests that were sent and not answered, oldest first. */
  get asked(): readonly Request[] {
    return this.#asked.map((each) => each.request);
  }

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
        case "ring":
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

  /** @param cause name of the line that the input comes from */
  give(input: Input, cause?: string): void {
    for (const effect of update(this.model, input, cause)) {
      if (effect.kind === "ask") this.#asked.push(effect);
      else this.effects.push(effect);
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

  connect(node = "node1"): void {
    const nodes = [{ name: "node1", host: "127.0.0.1", port: 5000 }, {
      name: "node2",
      host: "127.0.0.1",
      port: 5001,
    }];
    const welcome = {
      version: 2,
      server: "chat-server/1",
      node,
      cluster: "c",
      nodes,
      limits: new Map<string, number>(),
      ...(this.features === undefined ? {} : { features: this.features }),
    };
    this.give({ kind: "connected", welcome });
    if (this.features !== undefined) this.reply("useFeatures", "ok", null);
  }

  disconnect(reason = "connection reset"): void {
    this.#asked = [];
    this.give({ kind: "disconnected", reason });
  }

  /** Answers the oldest request, which must have that name. */
  reply<Name extends ConfirmedReply["name"]>(
    request: Request["name"],
    name: Name,
    payload: Extract<ConfirmedReply, { name: Name }>["payload"],
  ): Request {
    const asked = this.#asked.shift();
    if (asked?.request.name !== request) {
      throw new Error(`${request} was not asked, but ${asked?.request.name}`);
    }
    this.give({ kind: "reply", serial: asked.serial, reply: { name, payload } as ConfirmedReply });
    return asked.request;
  }

  /** Refuses the oldest request, which must have that name. */
  refuse(
    request: Request["name"],
    code: Extract<ConfirmedReply, { name: "error" }>["payload"]["code"],
  ): void {
    this.reply(request, "error", { code, message: `refused: ${code}` });
  }

  push(message: ChatMessage): void {
    this.give({ kind: "push", push: { name: "message", payload: message } });
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
