/**
 * Recipient of a pair. It confirms every MESSAGE with a DELIVERED of its own, as the console client does; those
 * for messages that came in one read leave in one write.
 *
 * @module
 */

import { assert } from "../common/errors.ts";
import { decodeFromServer } from "../common/protocol/client_codec.ts";
import { encodeRequest } from "../common/protocol/codec.ts";
import { HEADER_BYTES } from "../common/wire/frame.ts";
import { checkLength, type Connected, firstFrames, ID_BYTES, placeOf, TYPE, unexpected } from "./frames.ts";

/** Called for every MESSAGE, and for the OK to its DELIVERED. */
interface RecipientEvents {
  onDelivered(): void;
  onConfirmed(): void;
}

/** A logged-in client that takes messages. */
export class Recipient {
  /** Lengths of a MESSAGE and of an OK, bytes. */
  messageBytes = 0;
  okBytes = 0;
  readonly #client: Connected;
  /** DELIVERED with the id at its end. */
  #confirmation = new Uint8Array();
  /** Offset of the id in a MESSAGE. */
  #idAt = 0;

  constructor(client: Connected) {
    this.#client = client;
  }

  /** Takes and confirms the first message, and learns the lengths of all later frames from it. */
  async prepare(id: string, content: string): Promise<void> {
    const first = firstFrames(this.#client, "message", "ok");
    const message = await first.message;
    checkContent(message, content);
    this.messageBytes = message.length;
    this.#idAt = placeOf(id, message);
    this.#confirmation = encodeRequest({ name: "confirmDelivery", payload: { ids: [id] } }, "confirmed");
    assert(
      placeOf(id, this.#confirmation) === this.#confirmation.length - ID_BYTES,
      "DELIVERED ends in the id",
    );
    this.#client.connection.send(this.#confirmation);
    this.okBytes = (await first.ok).length;
  }

  /** Confirms every message from now on. */
  listen(events: RecipientEvents): void {
    this.#client.connection.onFrame = (bytes, start, end) => {
      switch (bytes[start + 7]) {
        case TYPE.message:
          checkLength(bytes, start, end, this.messageBytes);
          this.#confirm(bytes, start + this.#idAt);
          return events.onDelivered();
        case TYPE.ok:
          checkLength(bytes, start, end, this.okBytes);
          if (bytes[end - 1] !== 1) throw new Error("a DELIVERED changed nothing");
          return events.onConfirmed();
        default:
          throw unexpected(bytes, start, end, "MESSAGE or OK");
      }
    };
  }

  #confirm(bytes: Uint8Array, idAt: number): void {
    const frame = this.#confirmation;
    const offset = frame.length - ID_BYTES;
    for (let i = 0; i < ID_BYTES; i++) frame[offset + i] = bytes[idAt + i] ?? 0;
    this.#client.connection.send(frame);
  }
}

function checkContent(frame: Uint8Array, content: string): void {
  const decoded = decodeFromServer({ type: TYPE.message, payload: frame.subarray(HEADER_BYTES) });
  const received = "push" in decoded && decoded.push.name === "message" && decoded.push.payload.content;
  assert(received === content, "the content of a MESSAGE is that of its SEND_MSG");
}
