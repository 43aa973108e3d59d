/**
 * Long lists of the original dialect, which has no pages: frames that are made item by item.
 *
 * @module
 */

import { ByteWriter } from "../wire/bytes.ts";
import { beginFrame, HEADER_BYTES, setPayloadLength } from "../wire/frame.ts";
import { TAG } from "../wire/value.ts";
import { NO_FEATURES } from "./features.ts";
import { ORIGINAL_REPLIES } from "./original_replies.ts";
import { integer, text } from "./shape.ts";
import { type ChatMessage, chatMessage } from "./shapes.ts";

/** Bytes of a block; its last item goes over it. */
const BLOCK_BYTES = 64 * 1_024;

/** Room behind them for that item: longer ones are rare. */
const ITEM_BYTES = 8 * 1_024;

/** Place of the number of items, behind the tag of the payload, bytes. */
const COUNT_AT = HEADER_BYTES + 1;

/**
 * A reply that is a list or a dictionary; the bytes are those of `encodeOriginalReply`. There may be megabytes of them:
 * they stand in blocks, so that no step of their way to the socket takes all at once.
 */
export class OriginalListFrame {
  /** The blocks before the one that is written. */
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  #writer = new ByteWriter();
  #count = 0;

  constructor(name: "messages" | "users") {
    beginFrame(this.#writer, ORIGINAL_REPLIES[name].type);
    this.#writer.uint8(name === "users" ? TAG.dictionary : TAG.list);
    this.#writer.uint32(0);
  }

  /** Adds a user with the unread count to `users`. */
  addUser(name: string, unread: number): void {
    text.write(this.#writer, name, NO_FEATURES);
    integer.write(this.#writer, unread, NO_FEATURES);
    this.#added();
  }

  /** Adds a message to `messages`. */
  addMessage(message: ChatMessage): void {
    chatMessage.write(this.#writer, message, NO_FEATURES);
    this.#added();
  }

  /** The whole frame, block by block; nothing may be added to it. */
  end(): readonly Uint8Array[] {
    const blocks = [...this.#blocks, this.#writer.view(0, this.#writer.length)];
    const first = blocks[0] ?? new Uint8Array(HEADER_BYTES);
    const length = blocks.reduce((sum, block) => sum + block.length, 0);
    setPayloadLength(first, length - HEADER_BYTES);
    new DataView(first.buffer).setUint32(COUNT_AT, this.#count);
    return blocks;
  }

  #added(): void {
    this.#count++;
    if (this.#writer.length < BLOCK_BYTES) return;
    this.#blocks.push(this.#writer.view(0, this.#writer.length));
    this.#writer = new ByteWriter(BLOCK_BYTES + ITEM_BYTES);
  }
}
