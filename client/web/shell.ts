/**
 * The shell around the page: passes events to it, carries out its orders, and draws it.
 *
 * @module
 */

import type { CommonInput } from "../core/inputs.ts";
import { isOfLaterFormat, type Outbox, SAVED_DRAFTS, SAVED_MESSAGES } from "../core/saved.ts";
import { SAVED_TEXT_BYTES } from "../core/saved_parts.ts";
import type { Face, RunningClient } from "../link/running_client.ts";
import type { Browser } from "./browser.ts";
import { ChatKeeper } from "./chat_keeper.ts";
import { Focus } from "./dom/focus.ts";
import { HistoryView } from "./dom/history_view.ts";
import { isLooking, SeenWatch } from "./dom/seen_watch.ts";
import { isUnread } from "../core/messages.ts";
import { messageId } from "./message_id.ts";
import { act } from "./page/act.ts";
import { fieldsOf } from "./page/act_history.ts";
import type { Action } from "./page/actions.ts";
import { hear, type News } from "./page/hear.ts";
import type { Order } from "./page/orders.ts";
import { isEntered, type Page } from "./page/page.ts";
import { settle } from "./page/settle.ts";
import { nextTickMs } from "./page/telling.ts";
import { EN } from "./texts/en.ts";

/** Orders that make sense once the page is drawn. */
type LateOrder = Extract<Order, { readonly kind: "focus" | "scroll" | "scrollBy" }>;

/** Time after which a page counts as started, though no node has answered, ms. */
const START_MS = 5_000;

/** The shell of one page. */
export class Shell implements Face {
  readonly #orders: Order[] = [];
  readonly #late: LateOrder[] = [];
  readonly #history = new HistoryView(
    (action) => this.act(action),
    () => this.page.opened?.isAtBottom,
  );
  readonly #seen: SeenWatch;
  readonly #focus = new Focus();
  readonly #chats: ChatKeeper;
  #lookForVersion: () => void = () => {};
  /** Number of the connection at the last look. */
  #connection = 0;
  #isBusy = false;
  /** True while the messages of other tabs are counted before a log out. */
  #isLeaving = false;
  #isDrawn = true;
  /** `fieldsOf` the page, as the document has them; empty before the first drawing. */
  #fields: readonly unknown[] = [];
  #tick: ReturnType<typeof setTimeout> | undefined;
  #hasStarted: () => void = () => {};
  /** Resolves once a node has answered all that the page asks for when it begins, or after a while without one. */
  readonly started = new Promise<void>((resolve) => {
    this.#hasStarted = resolve;
    setTimeout(resolve, START_MS);
  });

  /** @param draw draws the page at once */
  constructor(
    readonly page: Page,
    readonly client: RunningClient,
    readonly browser: Browser,
    readonly draw: () => void,
  ) {
    const { messages } = page.model;
    const isUnseen = (id: string): boolean => {
      const message = messages.get(id);
      return message !== undefined && isUnread(page.model, message);
    };
    this.#chats = new ChatKeeper(page.model, (kept) => {
      if (page.stays) browser.outbox.keepChats(kept);
    });
    this.#seen = new SeenWatch(isUnseen, (ids) => this.act({ kind: "seen", ids }));
  }

  /** Something has happened: the page changes, and what follows from it is done. */
  act(action: Action): void {
    if (action.kind === "logOut") return void this.#logOut(action);
    this.#act(action);
  }

  #act(action: Action): void {
    this.#passTime();
    this.#obey(act(this.page, action), action.kind === "typed" || action.kind === "findTyped");
    this.#obey(settle(this.page));
  }

  /** The question before a log out names the messages of all tabs. */
  async #logOut(action: Action): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    const ids = await this.browser.waitingElsewhere(this.page);
    this.#isLeaving = false;
    const { messages } = this.page.model;
    this.page.waitingElsewhere = ids.filter((id) => !messages.has(id)).length;
    if (isEntered(this.page)) this.#act(action);
  }

  /** Looks at what is in view: after scrolling, and changes of the window. */
  look(): void {
    this.#history.look();
    this.#seen.look();
  }

  /** Looks for a newer version of the page whenever a node is found: it may have been renewed meanwhile. */
  lookForVersions(look: () => void): void {
    this.#lookForVersion = look;
  }

  /** The window has got the focus, or lost it; or it is visible now, or not any more. */
  attention(): void {
    // The frame that was asked for may not come any more.
    if (document.visibilityState !== "visible") setTimeout(() => this.#draw());
    if (this.page.isLooking !== isLooking()) this.act({ kind: "looked", isLooking: isLooking() });
    this.#seen.look();
  }

  // Calls of the client.

  show: Face["show"] = (item, cause) => this.#hear({ kind: "show", item, cause });
  notice: Face["notice"] = (notice, cause) => this.#hear({ kind: "notice", notice, cause });
  fail: Face["fail"] = (failure, cause) => this.#hear({ kind: "failure", failure, cause });
  /** A page stays until the person closes it. */
  leave = (): void => {};
  searching: Face["searching"] = (tried) => this.act({ kind: "searching", tried });
  setAside = (saved: unknown): void => {
    // A record of all tabs stays where it is until its version is back.
    if (!(this.page.stays && isOfLaterFormat(saved))) this.browser.outbox.setAside(saved);
  };
  save = (outbox: Outbox): Promise<void> => {
    // After the end of the session, nothing of the account may be kept again.
    const saved = isEntered(this.page) ? outbox.saved : undefined;
    if (outbox.leftOut > 0) {
      this.act({
        kind: "storeFailed",
        reason: EN.told.tooMuchToStore(SAVED_MESSAGES, SAVED_DRAFTS, SAVED_TEXT_BYTES),
      });
    }
    return this.browser.outbox.save({ ...outbox, saved }, this.page.stays);
  };

  updated(): void {
    this.#passTime();
    const { model } = this.page;
    this.browser.keepNodes(model);
    this.#chats.look();
    if (model.connection !== this.#connection && this.#connection > 0) this.#lookForVersion();
    this.#connection = model.connection;
    this.#obey(settle(this.page));
    if (model.node !== undefined && model.pending.size === 0) this.#hasStarted();
  }

  #hear(news: News): void {
    this.#passTime();
    this.#obey(hear(this.page, news));
  }

  #passTime(): void {
    this.#obey(act(this.page, { kind: "tick", nowSeconds: Date.now() / 1_000 }));
  }

  /**
   * Carries orders out in their order, those that come meanwhile after them; then draws.
   *
   * @param isTyped true if the document has the text already that follows from them
   */
  #obey(orders: readonly Order[], isTyped = false): void {
    this.#orders.push(...orders);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
        this.#carryOut(order);
      }
    } finally {
      this.#isBusy = false;
    }
    clearTimeout(this.#tick);
    this.#tick = setTimeout(() => this.#passTime(), nextTickMs(this.page));
    const fields = fieldsOf(this.page);
    if (isTyped) this.#fields = fields;
    // A key before the next frame would be added to a text, or sent to a chat, that the page does not have any more.
    if (this.#fields.some((each, place) => each !== fields[place])) this.#drawNow();
    else this.#drawSoon();
  }

  #carryOut(order: Order): void {
    switch (order.kind) {
      case "dispatch":
        return this.client.dispatch(order.input, order.cause);
      case "send":
        return this.#dispatchNew({ kind: "send", to: order.chat.name, chat: order.chat, text: order.text });
      case "sendAnyway":
        return this.client.dispatch({ ...order, newId: messageId(), timestamp: Date.now() / 1_000 });
      case "holdFocus":
        return this.#focus.hold();
      case "focus":
        this.#focus.moveEarly(order.target);
        return void this.#late.push(order);
      case "scroll":
      case "scrollBy":
        return void this.#late.push(order);
      case "act":
        return this.act(order.action);
      case "tryNow":
        return this.client.hurry();
      default:
        return this.browser.carryOut(order, this);
    }
  }

  #dispatchNew(input: Omit<Extract<CommonInput, { kind: "send" }>, "id" | "timestamp">): void {
    this.client.dispatch({ ...input, id: messageId(), timestamp: Date.now() / 1_000 });
  }

  /** Draws with the next frame; a hidden page has none. */
  #drawSoon(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    if (document.visibilityState === "visible") requestAnimationFrame(() => this.#draw());
    else setTimeout(() => this.#draw());
  }

  #drawNow(): void {
    this.#isDrawn = false;
    this.#draw();
  }

  #draw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    this.#fields = fieldsOf(this.page);
    this.#history.keepWhile(this.draw);
    for (const order of this.#late.splice(0)) this.#carryOutLate(order);
    this.browser.drawn(this.page);
    this.look();
  }

  #carryOutLate(order: LateOrder): void {
    switch (order.kind) {
      case "focus":
        return this.#focus.move(order.target);
      case "scroll":
        return this.#history.scrollTo(order.target);
      case "scrollBy":
        return this.#history.scrollBy(order.screens);
    }
  }
}
