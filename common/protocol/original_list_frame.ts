/**
 * Long lists of the original dialect, which has no pages: frames that are made item by item.
 *
 * @module
 */

import { ByteWriter } from "../wire/bytes.ts";
import { beginFrame, endFrame } from "../wire/frame.ts";
import { TAG } from "../wire/value.ts";
import { NO_FEATURES } from "./features.ts";
import { ORIGINAL_REPLIES } from "./replies.ts";
import { integer, text } from "./shape.ts";
import { type ChatMessage, chatMessage } from "./shapes.ts";

/** A reply that is a list or a dictionary; the bytes are those of `encodeOriginalReply`. */
export class OriginalListFrame {
  readonly #writer = new ByteWriter();
  readonly #payloadStart: number;
  readonly #countAt: number;
  #count = 0;

  constructor(name: "loginSuccess" | "messages" | "users") {
    this.#payloadStart = beginFrame(this.#writer, ORIGINAL_REPLIES[name].type);
    this.#writer.uint8(name === "users" ? TAG.dictionary : TAG.list);
    this.#countAt = this.#writer.length;
    this.#writer.uint32(0);
  }

  /** Adds a name to `loginSuccess`. */
  addName(name: string): void {
    text.write(this.#writer, name, NO_FEATURES);
    this.#count++;
  }

  /** Adds a user with the unread count to `users`. */
  addUser(name: string, unread: number): void {
    text.write(this.#writer, name, NO_FEATURES);
    integer.write(this.#writer, unread, NO_FEATURES);
    this.#count++;
  }

  /** Adds a message to `messages`. */
  addMessage(message: ChatMessage): void {
    chatMessage.write(this.#writer, message, NO_FEATURES);
    this.#count++;
  }

  /** The whole frame; nothing may be added to it. */
  end(): Uint8Array<ArrayBuffer> {
    this.#writer.uint32At(this.#countAt, this.#count);
    endFrame(this.#writer, this.#payloadStart);
    return this.#writer.view(0, this.#writer.length);
  }
}
