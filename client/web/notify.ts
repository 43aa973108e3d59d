/**
 * Attention: notifications, and the icon of the window.
 *
 * @module
 */

import type { Notification as Told } from "./page/orders.ts";

/** Time for another tab to say that somebody looks at it, ms. */
const ANSWER_MS = 100;

/** A message between tabs. */
type Signal = { readonly kind: "doesAnybodyLook" } | { readonly kind: "somebodyLooks" };

const ICON = "icon.svg";
const ICON_UNREAD = "icon_unread.svg";

/** Notifications of one page, of which several tabs may be open. */
export class Attention {
  readonly #channel: BroadcastChannel;
  #looksElsewhere = false;

  /**
   * @param isLooking true while somebody looks at this tab
   * @param open a notification was clicked: its address, from `#` on
   */
  constructor(base: URL, isLooking: () => boolean, readonly open: (hash: string) => void) {
    this.#channel = new BroadcastChannel(`chat ${base.pathname} attention`);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
      if (data.kind === "somebodyLooks") this.#looksElsewhere = true;
      else if (isLooking()) this.#say({ kind: "somebodyLooks" });
    });
  }

  /** True if the browser shows notifications of this page. */
  get isPermitted(): boolean {
    return typeof Notification !== "undefined" && Notification.permission === "granted";
  }

  /** Asks the person; true if the answer is yes. */
  async ask(): Promise<boolean> {
    if (typeof Notification === "undefined") return false;
    await Notification.requestPermission();
    return this.isPermitted;
  }

  /** Shows a notification, unless somebody looks at another tab. Those of several tabs with one tag are one. */
  async notify({ title, body, tag, hash }: Told): Promise<void> {
    if (!this.isPermitted || await this.#isLookedAtElsewhere()) return;
    try {
      const shown = new Notification(title, { body, tag, icon: ICON });
      shown.onclick = () => {
        focus();
        this.open(hash);
        shown.close();
      };
    } catch {
      // Browsers of phones show those of a service worker alone, which tells this page of a click.
      const registration = await navigator.serviceWorker.ready;
      await registration.showNotification(title, { body, tag, icon: ICON, data: { hash } });
    }
  }

  /** Shows in the icon of the window that something is unread. */
  mark(hasUnread: boolean): void {
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const icon = hasUnread ? ICON_UNREAD : ICON;
    if (link !== null && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
  }

  async #isLookedAtElsewhere(): Promise<boolean> {
    this.#looksElsewhere = false;
    this.#say({ kind: "doesAnybodyLook" });
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return this.#looksElsewhere;
  }

  #say(signal: Signal): void {
    this.#channel.postMessage(signal);
  }
}
