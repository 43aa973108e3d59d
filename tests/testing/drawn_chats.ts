/**
 * The chats of a client as a page draws them: again only where a revision has changed.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Chat } from "../../client/core/chats.ts";
import type { Message } from "../../client/core/message.ts";
import type { Model } from "../../client/core/model.ts";

/** A chat as it is drawn. */
interface DrawnChat {
  readonly revision: number;
  readonly row: string;
  readonly lines: ReadonlyMap<string, { readonly revision: number; readonly text: string }>;
}

/** The chats of a client, drawn. */
export class DrawnChats {
  #chats = new Map<Chat, DrawnChat>();
  /** Number of lines that were drawn, and of those that could stay. */
  drawn = 0;
  kept = 0;

  /** Draws what has changed. */
  draw(model: Model): void {
    this.#chats = new Map(chatsOf(model).map((chat) => [chat, this.#drawChat(model, chat)]));
  }

  #drawChat({ messages }: Model, chat: Chat): DrawnChat {
    const former = this.#chats.get(chat);
    if (former?.revision === chat.revision) return former;
    const lines = messages.history(chat).map((message) => {
      const line = former?.lines.get(message.id);
      const isSame = line?.revision === message.revision;
      isSame ? this.kept++ : this.drawn++;
      return [message.id, isSame ? line : { revision: message.revision, text: lineOf(message) }] as const;
    });
    const row = rowOf(chat, messages.last(chat));
    return { revision: chat.revision, row, lines: new Map(lines) };
  }

  /** The lines of a chat, as they are drawn. */
  lines(chat: Chat): readonly string[] {
    return [...this.#chats.get(chat)?.lines.values() ?? []].map(({ text }) => text);
  }

  /** @throws {AssertionError} if something drawn is not as it would be drawn now */
  assertFresh(model: Model): void {
    const { messages } = model;
    for (const chat of chatsOf(model)) {
      assertEquals(this.#chats.get(chat)?.row, rowOf(chat, messages.last(chat)));
      assertEquals(this.lines(chat), messages.history(chat).map(lineOf));
    }
  }
}

function chatsOf({ chats, messages }: Model): readonly Chat[] {
  return [...new Set([...messages.chats, ...chats.all])];
}

function lineOf({ id, sender, recipient, timestamp, content, status, refusal }: Message): string {
  return JSON.stringify([id, sender, recipient, timestamp, content, status, refusal?.code]);
}

function rowOf({ name, former, deleted, unread, draft }: Chat, last: Message | undefined): string {
  return JSON.stringify([name, former, deleted, unread, draft, last && lineOf(last)]);
}
