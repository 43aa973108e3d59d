/**
 * The relays: programs that do the least a chat server on this runtime has to do for the same frames. Without
 * an argument, the plain relay forwards and answers, nothing else. With the path of a file, the synced relay
 * also appends one line for each SEND_MSG and each DELIVERED and syncs them before anything leaves
 * (`journal.ts`). Neither has state or accounts: a connection has the name in its LOGIN_1.
 *
 * @module
 */

import { decodeRequest, encodeReply, requestName } from "../common/protocol/codec.ts";
import type { ConfirmedReply } from "../common/protocol/replies.ts";
import { REQUESTS } from "../common/protocol/requests.ts";
import { HEADER_BYTES } from "../common/wire/frame.ts";
import { TAG } from "../common/wire/value.ts";
import { Journal } from "./journal.ts";
import { LeanConnection, uint32At } from "./lean_connection.ts";
import {
  ID_FIELD_BYTES,
  IDS_AT,
  messageHead,
  OK_FRAME,
  RECIPIENT_AT,
  SENT_HEAD,
  statusHead,
} from "./relay_frames.ts";

const SEND_MSG = REQUESTS.sendMessage.type;
const DELIVERED = REQUESTS.confirmDelivery.type;

const BOUNDS = { depth: 16, items: 64, keys: 64, tagMax: TAG.boolean };

/** Lines of the length that the server's log has for these two requests. */
const MESSAGE_LINE = lineOf(366);
const DELIVERED_LINE = lineOf(272);

/** A recipient as one sender sees them. */
interface Route {
  readonly to: Guest;
  /** MESSAGE up to the content. */
  readonly head: Uint8Array;
}

/** Logged-in guests by name. */
const guests = new Map<string, Guest>();

/** Everything one connection says. */
class Guest {
  readonly connection: LeanConnection;
  /** Sender of all messages to this guest: gets the STATUS. The bench has one sender for each recipient. */
  correspondent: Guest | undefined;
  #name = "";
  #statusHead: Uint8Array = new Uint8Array();
  readonly #journal: Journal | undefined;
  readonly #routes = new Map<string, Route>();

  constructor(socket: Deno.TcpConn, journal: Journal | undefined) {
    socket.setNoDelay(true);
    this.#journal = journal;
    this.connection = new LeanConnection(socket, journal?.depart);
    this.connection.onFrame = (bytes, start, end) => {
      const type = bytes[start + 7];
      if (type === SEND_MSG) this.#relay(bytes, start, end);
      else if (type === DELIVERED) this.#confirm(bytes, start, end);
      else this.#answer(bytes.subarray(start, end));
    };
  }

  async serve(): Promise<void> {
    await this.connection.read().catch(() => {});
    guests.delete(this.#name);
    this.connection.close();
  }

  #relay(bytes: Uint8Array, start: number, end: number): void {
    const nameAt = start + RECIPIENT_AT + 4;
    const restAt = nameAt + uint32At(bytes, start + RECIPIENT_AT);
    const name = String.fromCharCode.apply(null, bytes.subarray(nameAt, restAt) as unknown as number[]);
    const { to, head } = this.#routes.get(name) ?? this.#newRoute(name, end - restAt);
    this.#journal?.append(MESSAGE_LINE);
    copyBehind(to.connection, head, bytes, restAt, end);
    copyBehind(this.connection, SENT_HEAD, bytes, end - ID_FIELD_BYTES, end);
  }

  #confirm(bytes: Uint8Array, start: number, end: number): void {
    const { correspondent } = this;
    if (correspondent === undefined) throw new Error(`${this.#name} confirms, and nobody wrote to them`);
    if (this.#statusHead.length === 0) this.#statusHead = statusHead(this.#name, end - start - IDS_AT);
    this.#journal?.append(DELIVERED_LINE);
    copyBehind(correspondent.connection, this.#statusHead, bytes, start + IDS_AT, end);
    this.connection.send(OK_FRAME);
  }

  /** @param restBytes length of content and id, the same for all messages of a run */
  #newRoute(name: string, restBytes: number): Route {
    const to = guests.get(name);
    if (to === undefined) throw new Error(`nobody of the name ${name} is logged in`);
    to.correspondent = this;
    const route = { to, head: messageHead(this.#name, name, restBytes) };
    this.#routes.set(name, route);
    return route;
  }

  /** Answers the requests before the first message. */
  #answer(frame: Uint8Array): void {
    const name = requestName(frame[7] ?? 0, "confirmed");
    if (name === undefined) throw new Error(`the relay knows no request of type ${frame[7]}`);
    const { payload } = decodeRequest(name, frame.subarray(HEADER_BYTES), "confirmed", BOUNDS);
    if (name === "startLogin") this.#name = (payload as { readonly name: string }).name;
    if (name === "finishLogin") guests.set(this.#name, this);
    this.connection.send(encodeReply(this.#reply(name)));
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

function lineOf(bytes: number): Uint8Array {
  return new TextEncoder().encode(`${"-".repeat(bytes - 1)}\n`);
}

function openJournal(path: string): Journal {
  return new Journal(Deno.openSync(path, { append: true, create: true }));
}

if (import.meta.main) {
  const [path] = Deno.args;
  const journal = path === undefined ? undefined : openJournal(path);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(`the relay listens on 127.0.0.1:${listener.addr.port}`);
  for (;;) void new Guest(await listener.accept(), journal).serve();
}
