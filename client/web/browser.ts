/**
 * Everything that the browser does for the page besides drawing and talking to nodes.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { Model } from "../core/model.ts";
import { openRecords } from "./database.ts";
import { isLooking } from "./dom/seen_watch.ts";
import { Attention } from "./notify.ts";
import { OutboxStore } from "./outbox_store.ts";
import type { Action } from "./page/actions.ts";
import { unreadTotal } from "./page/lists.ts";
import type { Order } from "./page/orders.ts";
import { isEntered, type Page } from "./page/page.ts";
import { titleOf } from "./page/settle.ts";
import type { WebSocketTransport } from "./socket.ts";
import { storageOf, type Store } from "./store.ts";

/** Orders that are for the browser. */
type BrowserOrder = Extract<
  Order,
  { readonly kind: "go" | "copy" | "keepSettings" | "askToNotify" | "notify" | "forgetLogin" | "reload" }
>;

/** Hears of the outcome of an order. */
interface Listener {
  readonly page: Page;
  act(action: Action): void;
}

/** The browser around one page. */
export class Browser {
  readonly outbox: OutboxStore;
  readonly attention: Attention;
  /** The nodes of the cluster, as one has told them last with the addresses of their pages. */
  nodes: readonly NodeAddress[] = [];

  /**
   * @param base address of the page
   * @param act tells the page of something
   */
  constructor(
    base: URL,
    readonly transport: WebSocketTransport,
    readonly store: Store,
    act: (action: Action) => void,
  ) {
    const name = `chat ${base.pathname}`;
    const places = {
      records: openRecords(name),
      tab: storageOf("sessionStorage"),
      locks: navigator.locks as LockManager | undefined,
      channel: new BroadcastChannel(name),
      wait: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
    };
    this.outbox = new OutboxStore(base, places, (reason) => act({ kind: "storeFailed", reason }));
    this.attention = new Attention(base, isLooking, (hash) => location.hash = hash);
  }

  /** Carries an order out. */
  carryOut(order: BrowserOrder, listener: Listener): void {
    switch (order.kind) {
      case "go":
        return go(order.hash, order.replace, listener);
      case "copy":
        return void copy(order.text).then((isCopied) => listener.act({ kind: "copied", isCopied }));
      case "keepSettings":
        return this.store.keepSettings(listener.page.settings);
      case "askToNotify":
        return void this.attention.ask().then((isPermitted) =>
          listener.act({ kind: "permitted", isPermitted })
        );
      case "notify":
        return void this.attention.notify(order.notification);
      case "forgetLogin":
        return this.#forget(listener.page);
      case "reload":
        return location.reload();
    }
  }

  /** The page was drawn: title and icon follow. */
  drawn(page: Page): void {
    const title = titleOf(page);
    if (document.title !== title) document.title = title;
    this.attention.mark(isEntered(page) && unreadTotal(page) > 0);
  }

  /** Keeps the nodes of the cluster for the next start, once a node has told where their pages are. */
  keepNodes({ node }: Model): void {
    const own = this.transport.ownNode;
    if (node === undefined || own === undefined || node.welcome.nodes === this.nodes) return;
    const { nodes, cluster } = node.welcome;
    if (nodes.every(({ web }) => web === undefined)) return;
    this.nodes = nodes;
    this.store.keepNodes({ own, cluster, nodes: nodes.map(({ name, web }) => ({ name, web })) });
  }

  /** Another tab has changed something that all tabs share. */
  async follow(change: StorageEvent, listener: Listener): Promise<void> {
    const { user } = this.store;
    switch (this.store.follow(change)) {
      case "loggedOut":
        await this.outbox.close();
        return location.reload();
      case "overtaken":
        listener.act({ kind: "stayChosen", stays: false });
        if (user !== undefined) await this.outbox.keepInTab(user);
    }
  }

  /** Ids of messages that wait in other tabs of the account. */
  async waitingElsewhere({ stays }: Page): Promise<readonly string[]> {
    const { user } = this.store;
    return stays && user !== undefined ? await this.outbox.waitingElsewhere(user) : [];
  }

  #forget({ model }: Page): void {
    const { user } = this.store;
    // After a log out and a deletion there is no account any more.
    const isRefused = model.account !== undefined;
    const isLast = this.store.forgetLogin(isRefused);
    this.outbox.forgetTab();
    if (user !== undefined && isLast) void this.outbox.forget(user);
  }
}

function go(hash: string, replaces: boolean, listener: Listener): void {
  // The browser tells of a change by itself, but not of a replacement.
  if (!replaces) location.hash = hash;
  else if (location.hash !== hash) {
    history.replaceState(null, "", hash);
    listener.act({ kind: "went", hash });
  }
}

/** True if a text was copied. Without a secure context, the browser copies a selection alone. */
async function copy(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard === undefined) return copySelected(text);
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  const focused = document.activeElement;
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
