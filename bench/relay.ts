/**
 * The bare relay, a program of its own: the most that a chat server could do on this runtime. It looks into a
 * frame only for the recipient, forwards it, answers the sender, and coalesces its writes. It has no log, no
 * state and no accounts: a connection has the name that its LOGIN_1 says.
 *
 * What it sends has the type, the fields and the length of what the server sends. It makes it of the request
 * as it stands: the head is the same for all messages between two people, and what follows the recipient,
 * content and id, is copied behind it. So `id` must be the last field of SEND_MSG.
 *
 * @module
 */

import { decodeRequest, encodeReply, requestName } from "../common/protocol/codec.ts";
import type { ConfirmedReply } from "../common/protocol/replies.ts";
import { encodeFrame, HEADER_BYTES } from "../common/wire/frame.ts";
import { encodeValue, Float, TAG, type Value } from "../common/wire/value.ts";
import { LeanConnection, uint32At } from "./lean_connection.ts";

const SEND_MSG = 3;
const SENT = 111;
const MESSAGE = 200;

/** From the start of a SEND_MSG to the length of the recipient: header, dictionary, key `to`, tag. */
const RECIPIENT_AT = HEADER_BYTES + 5 + 7 + 1;

/** The field `id`, with a UUID: key, tag, length and value. */
const ID_FIELD_BYTES = 7 + 5 + 36;

const BOUNDS = { depth: 16, items: 64, keys: 64, tagMax: TAG.boolean };

/** A recipient as one sender sees them. */
interface Route {
  readonly to: LeanConnection;
  /** The MESSAGE up to the content. */
  readonly head: Uint8Array;
}

/** Everybody who is logged in. */
const guests = new Map<string, LeanConnection>();

/** The SENT up to the id. */
const SENT_HEAD = headOf(SENT, [], { timestamp: now(), copies: 1, nodes: 1 }, ["id"], ID_FIELD_BYTES);

function now(): Float {
  return new Float(Date.now() / 1_000);
}

/** A frame whose payload is a dictionary, up to the fields that are to be copied behind it. */
function headOf(
  type: number,
  tags: readonly number[],
  fields: Readonly<Record<string, Value>>,
  copied: readonly string[],
  copiedBytes: number,
): Uint8Array {
  const head = encodeFrame(type, (writer) => {
    for (const tag of [...tags, TAG.dictionary]) writer.uint8(tag);
    writer.uint32(Object.keys(fields).length + copied.length);
    for (const [key, value] of Object.entries(fields)) {
      encodeValue(writer, key);
      encodeValue(writer, value);
    }
  });
  new DataView(head.buffer).setUint32(HEADER_BYTES - 4, head.length - HEADER_BYTES + copiedBytes);
  return head;
}

/** Everything that one connection says. */
class Guest {
  #name = "";
  readonly #connection: LeanConnection;
  readonly #routes = new Map<string, Route>();

  constructor(socket: Deno.TcpConn) {
    socket.setNoDelay(true);
    this.#connection = new LeanConnection(socket);
    this.#connection.onFrame = (bytes, start, end) => {
      if (bytes[start + 7] === SEND_MSG) this.#relay(bytes, start, end);
      else this.#answer(bytes.subarray(start, end));
    };
  }

  async serve(): Promise<void> {
    await this.#connection.read().catch(() => {});
    guests.delete(this.#name);
    this.#connection.close();
  }

  #relay(bytes: Uint8Array, start: number, end: number): void {
    const nameAt = start + RECIPIENT_AT + 4;
    const restAt = nameAt + uint32At(bytes, start + RECIPIENT_AT);
    const name = String.fromCharCode.apply(null, bytes.subarray(nameAt, restAt) as unknown as number[]);
    const { to, head } = this.#routes.get(name) ?? this.#newRoute(name, end - restAt);
    copyBehind(to, head, bytes, restAt, end);
    copyBehind(this.#connection, SENT_HEAD, bytes, end - ID_FIELD_BYTES, end);
  }

  /** @param restBytes content and id: the same for all messages of a run */
  #newRoute(name: string, restBytes: number): Route {
    const to = guests.get(name);
    if (to === undefined) throw new Error(`nobody of the name ${name} is logged in`);
    const fields = { timestamp: now(), sender: this.#name, recipient: name, status: "unread" };
    const head = headOf(MESSAGE, [TAG.chatMessage], fields, ["content", "id"], restBytes);
    const route = { to, head };
    this.#routes.set(name, route);
    return route;
  }

  /** What comes before the first message. */
  #answer(frame: Uint8Array): void {
    const name = requestName(frame[7] ?? 0, "confirmed");
    if (name === undefined) throw new Error(`the relay knows no request of type ${frame[7]}`);
    const { payload } = decodeRequest(name, frame.subarray(HEADER_BYTES), "confirmed", BOUNDS);
    if (name === "startLogin") this.#name = (payload as { readonly name: string }).name;
    if (name === "finishLogin") guests.set(this.#name, this.#connection);
    this.#connection.send(encodeReply(this.#reply(name)));
  }

  #reply(request: string): ConfirmedReply {
    switch (request) {
      case "hello": {
        const payload = { version: 2, server: "", node: "", cluster: "", nodes: [], limits: new Map() };
        return { name: "welcome", payload };
      }
      case "startLogin":
        return { name: "userExisting", payload: null };
      case "finishLogin":
        return { name: "loginSuccess", payload: { name: this.#name, token: "", unread: 0 } };
      default:
        throw new Error(`the relay has no answer to ${request}`);
    }
  }
}

function copyBehind(
  to: LeanConnection,
  head: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const at = to.room(head.length + end - start);
  to.out.set(head, at);
  to.out.set(bytes.subarray(start, end), at + head.length);
}

if (import.meta.main) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(`the relay listens on 127.0.0.1:${listener.addr.port}`);
  for (;;) void new Guest(await listener.accept()).serve();
}
