/**
 * Messages that a person has seen: those that were in view long enough, in a window that has the focus.
 *
 * @module
 */

import { idOf, messagesIn, scrollerOf } from "./history_view.ts";

/** Time in view after which a message is seen, ms. */
const SEEN_MS = 500;

/** Part of a message, or of the history for a longer one, that has to be in view. */
const VISIBLE_PART = 0.5;

/** Watches the messages in view. */
export class SeenWatch {
  /** Time since when messages are in view, by id, ms. */
  readonly #since = new Map<string, number>();
  /** Ids of messages that were told, while they are unread. */
  readonly #told = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param isUnread true for a message of somebody else that is not read
   * @param seen gets the ids of messages that were seen
   */
  constructor(
    readonly isUnread: (id: string) => boolean,
    readonly seen: (ids: readonly string[]) => void,
  ) {}

  /** Looks at what is in view now: comes after each drawing, scrolling, and change of the focus. */
  look(): void {
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    for (const id of this.#told) if (!this.isUnread(id)) this.#told.delete(id);
    const inView = isLooking() ? this.#unreadInView() : [];
    for (const id of this.#since.keys()) if (!inView.includes(id)) this.#since.delete(id);
    for (const id of inView) if (!this.#since.has(id)) this.#since.set(id, nowMs);
    const seen = [...this.#since].filter(([, sinceMs]) => nowMs - sinceMs >= SEEN_MS).map(([id]) => id);
    for (const id of seen) {
      this.#since.delete(id);
      this.#told.add(id);
    }
    const [oldest] = this.#since.values();
    if (oldest !== undefined) {
      this.#timer = setTimeout(() => this.look(), Math.max(1, oldest + SEEN_MS - nowMs));
    }
    if (seen.length > 0) this.seen(seen);
  }

  #unreadInView(): readonly string[] {
    const scroller = scrollerOf();
    if (scroller === null || scroller.clientHeight === 0) return [];
    const frame = scroller.getBoundingClientRect();
    return messagesIn(scroller).filter((message) => {
      const id = idOf(message) ?? "";
      return !this.#told.has(id) && this.isUnread(id) && isInView(message, frame);
    }).map((message) => idOf(message) ?? "");
  }
}

/** True while somebody can see the page. */
export function isLooking(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function isInView(message: Element, frame: DOMRect): boolean {
  const { top, bottom, height } = message.getBoundingClientRect();
  const visible = Math.min(bottom, frame.bottom) - Math.max(top, frame.top);
  return visible > 0 && visible >= VISIBLE_PART * Math.min(height, frame.height);
}
