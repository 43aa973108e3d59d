/**
 * A page over the real core, with the test as its server, its person and its browser.
 *
 * @module
 */

import type { ChatMessage } from "../../../../common/protocol/shapes.ts";
import type { CommonInput } from "../../../../client/core/inputs.ts";
import { HANDLERS } from "../../../../client/core/update.ts";
import { act } from "../../../../client/web/page/act.ts";
import type { Action } from "../../../../client/web/page/actions.ts";
import { hear } from "../../../../client/web/page/hear.ts";
import { windowOf } from "../../../../client/web/page/opened.ts";
import type { Order } from "../../../../client/web/page/orders.ts";
import { newPage, type Page } from "../../../../client/web/page/page.ts";
import { settingsOf } from "../../../../client/web/page/settings.ts";
import { settle } from "../../../../client/web/page/settle.ts";
import { formatsFor } from "../../../../client/web/texts/formats.ts";
import { uuid } from "../../client/fake_client.ts";
import { ServedCore } from "../../client/served_core.ts";

/** The present of a test, seconds since the Unix epoch: a Monday. */
export const NOW = 1_700_500_000;

/** A page over the real core. */
export class FakePage extends ServedCore<CommonInput> {
  protected readonly handlers = HANDLERS;
  readonly page: Page;
  /** Orders that the test has not looked at, without those to dispatch an input. */
  #orders: Order[] = [];
  /** Addresses that the page went to. */
  #hashes: string[] = [];
  #sent = 0;

  constructor(more: Partial<Pick<Page, "isTouch" | "stays" | "isPermitted" | "settings">> = {}) {
    super({ creates: false, saves: true });
    this.features = ["account-ids", "search"];
    this.page = newPage({
      model: this.model,
      formats: formatsFor("en-GB", "UTC"),
      settings: settingsOf(undefined),
      nowSeconds: NOW,
      isTouch: false,
      stays: true,
      isPermitted: false,
      ...more,
    });
  }

  /** Orders since the last call. */
  ordered(): readonly Order[] {
    return this.#orders.splice(0);
  }

  /** The orders of a kind since the last call; the others are forgotten. */
  orderedOf<Kind extends Order["kind"]>(kind: Kind): readonly Extract<Order, { kind: Kind }>[] {
    return this.ordered().filter((order): order is Extract<Order, { kind: Kind }> => order.kind === kind);
  }

  override give(input: CommonInput, cause?: string): void {
    for (const effect of this.step(input, cause)) {
      switch (effect.kind) {
        case "show":
        case "notice":
        case "failure":
          this.#obey(hear(this.page, effect));
          break;
        default:
          // Timers, nodes and the outbox are the shell's.
      }
    }
    this.#obey(settle(this.page));
  }

  /** The person, or the browser, does something. */
  act(action: Action): void {
    this.#obey(act(this.page, action));
    this.#obey(settle(this.page));
    // The browser tells of another address once all else is done.
    const hash = this.#hashes.shift();
    if (hash !== undefined) this.act({ kind: "went", hash });
  }

  #obey(orders: readonly Order[]): void {
    for (const order of orders) this.#perform(order);
  }

  #perform(order: Order): void {
    const fresh = { id: uuid(900 + this.#sent), timestamp: this.page.nowSeconds };
    switch (order.kind) {
      case "dispatch":
        return this.give(order.input, order.cause);
      case "send":
        this.#sent++;
        return this.give({ kind: "send", to: order.chat.name, chat: order.chat, text: order.text, ...fresh });
      case "sendAnyway":
        this.#sent++;
        return this.give({ kind: "sendAnyway", id: order.id, newId: fresh.id, timestamp: fresh.timestamp });
      case "act":
        return this.act(order.action);
      case "go":
        this.#orders.push(order);
        if (!order.replace) this.#hashes.push(order.hash);
        return;
      default:
        this.#orders.push(order);
    }
  }

  /** Time passes. */
  pass(seconds: number): void {
    this.act({ kind: "tick", nowSeconds: this.page.nowSeconds + seconds });
  }

  /** Types name and password, and submits them. */
  submit(name: string, password: string): void {
    this.act({ kind: "loginTyped", field: "name", text: name });
    this.act({ kind: "loginTyped", field: "password", text: password });
    this.act({ kind: "loginSubmitted" });
  }

  /** alice logs in, at a node with these chats. */
  enter(
    ...chats: readonly { readonly with: string; readonly unread: number; readonly last: ChatMessage }[]
  ): void {
    this.act({ kind: "went", hash: "" });
    this.connect();
    this.submit("alice", "password");
    this.reply("startLogin", "userExisting", null);
    const account = "a11ce";
    this.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account });
    this.reply("listChats", "chats", { chats, more: false });
    this.reply("listMessages", "messages", { messages: [], more: false });
    this.answerNames();
    this.ordered();
  }

  /** Answers all questions about names: nobody is known. */
  answerNames(): void {
    while (this.asked[0]?.name === "listUsers") this.reply("listUsers", "users", { users: [], more: false });
  }

  /** The person opens a chat whose newest page has these messages. */
  open(name: string, messages: readonly ChatMessage[], more = false): void {
    this.act({ kind: "went", hash: `#/chat/${name}` });
    this.answerNames();
    this.reply("listMessages", "messages", { messages, more });
    this.answerNames();
  }

  /** The messages in the document, by the numbers in their ids. */
  get document(): readonly number[] {
    const { opened } = this.page;
    return opened === undefined
      ? []
      : windowOf(this.model, opened).messages.map(({ id }) => Number(id.slice(-12)));
  }
}
