/**
 * A client that is answered at once: it speaks to a server without a network, once the world is at rest.
 *
 * @module
 */

import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import type { Session } from "../../server/sessions/session.ts";
import type { ClientLink, MinuteCharge } from "../../server/ports/clients.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

const FRAME_BYTES_MAX = 1_048_576;

/** Time limit of a reply, ms of virtual time. */
const PATIENCE_MS = 3_000;

/** Conversations and messages on a page. */
const PAGE = 500;

/** Messages on a page of a search. */
const SEARCH_PAGE = 20;

/** A client with one session that sends a request and waits for its reply. */
export class FinalReader implements ClientLink {
  readonly address = "192.0.2.99";
  readonly isConfirmedOnly = false;
  readonly share = { mayGoOn: true, take: () => {}, use: () => {} };
  readonly #world: World;
  readonly #session: Session;
  #reply: ConfirmedReply | undefined;

  constructor(world: World, process: ServerProcess) {
    this.#world = world;
    this.#session = process.openSession(this);
    this.#ask({ name: "hello", payload: { version: 2, client: "reader" } }, "original");
  }

  readonly hasRoom = true;

  /** See `ClientLink`. */
  owe(): void {}

  send(frame: Uint8Array): void {
    const said = decodeFromServer(frameOf(frame));
    if ("reply" in said) this.#reply = said.reply;
  }

  give(frame: Uint8Array): void {
    this.send(frame);
  }

  because(): void {}

  close(): void {
    this.#session.disconnected();
  }

  resume(): void {
    if (this.#session.isUnfinished) this.#session.goOn();
  }

  charge(): MinuteCharge {
    return { giveBack: () => {} };
  }

  /** Logs in; returns the account's id, the code of a refusal, or the name of an unexpected reply. */
  logIn(name: string, password: string): string {
    const known = this.#ask({ name: "startLogin", payload: { name } });
    if (known?.name !== "userExisting") return known?.name ?? "no answer";
    const entered = this.#ask({ name: "finishLogin", payload: { password } });
    if (entered?.name === "error") return entered.payload.code;
    if (entered?.name !== "loginSuccess") return entered?.name ?? "no answer";
    return this.#session.account?.id ?? "nobody";
  }

  /** Sends a message to its own account; returns the number of copies that SENT names. */
  copiesOfMessage(): number {
    const account = this.#session.account?.name ?? "";
    const sent = this.#ask({ name: "sendMessage", payload: { to: account, content: "last words" } });
    return sent?.name === "sent" ? sent.payload.copies : 0;
  }

  /** Sends a message; returns the name of the reply, or the code of the error. */
  say(to: string, id: string, content: string): string {
    const answer = this.#ask({ name: "sendMessage", payload: { to, id, content } });
    return answer?.name === "error" ? answer.payload.code : answer?.name ?? "no answer";
  }

  /** Every message of every conversation. */
  everything(): ChatMessage[] {
    const chats = this.#ask({ name: "listChats", payload: { limit: PAGE } });
    if (chats?.name !== "chats") return [];
    return chats.payload.chats.flatMap((chat) => {
      const page = this.#ask({ name: "listMessages", payload: { with: chat.with, limit: PAGE } });
      return page?.name === "messages" ? page.payload.messages : [];
    });
  }

  /** Every message that a search finds, newest first; undefined if one is refused. */
  search(words: string): ChatMessage[] | undefined {
    const found: ChatMessage[] = [];
    for (let before: string | undefined, more = true; more;) {
      const payload = { words, limit: SEARCH_PAGE, ...before !== undefined && { before } };
      const page = this.#ask({ name: "search", payload });
      if (page?.name !== "found") return undefined;
      found.push(...page.payload.messages);
      before = found.at(-1)?.id;
      more = page.payload.more;
    }
    return found;
  }

  #ask(request: Request, dialect: "original" | "confirmed" = "confirmed"): ConfirmedReply | undefined {
    this.#reply = undefined;
    this.#session.received(frameOf(encodeRequest(request, dialect)));
    const untilMs = this.#world.nowMs + PATIENCE_MS;
    while (this.#reply === undefined && this.#world.nowMs < untilMs) {
      this.#world.runUntil(this.#world.nowMs + 5);
      if (this.#world.checks.violation !== undefined) return undefined;
    }
    return this.#reply;
  }
}

function frameOf(bytes: Uint8Array): ReturnType<FrameReader["next"]> & object {
  const reader = new FrameReader(FRAME_BYTES_MAX);
  reader.push(bytes);
  const frame = reader.next();
  if (frame === undefined) throw new Error("no whole frame");
  return frame;
}
