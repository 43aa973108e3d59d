/**
 * The history as it scrolls: the line that is read stays where it is, and the page hears how far its ends are.
 *
 * @module
 */

import type { Act } from "../page/actions.ts";
import type { ScrollTarget } from "../page/orders.ts";

/** Distance from the bottom within which a person counts as being there, px. */
const BOTTOM_PX = 8;

/** Screens left above or below, under which more is needed. */
const NEAR_SCREENS = 1.5;

/** Where the history stood before it was drawn. */
interface Position {
  readonly scroller: Element;
  readonly isAtBottom: boolean;
  /** The first messages in view, and where their upper edges were, px from that of the window. */
  readonly anchors: readonly { readonly id: string; readonly top: number }[];
}

/** Messages that the position is measured by: some of them may be gone after the drawing. */
const ANCHORS = 5;

/** The history in the document, whenever there is one. */
export class HistoryView {
  /** Ids of the first and the last message when more was asked for: the same ones need not be asked for twice. */
  #toldTop = "";
  #toldEnd = "";

  /** @param isAtBottom what the page knows; undefined without a chat */
  constructor(readonly act: Act, readonly isAtBottom: () => boolean | undefined) {
    addEventListener("scroll", ({ target }) => {
      if (target !== scrollerOf()) return;
      this.#toldTop = this.#toldEnd = "";
      this.look();
    }, { capture: true, passive: true });
  }

  /** Draws, and puts the history back to where it was. */
  keepWhile(draw: () => void): void {
    const before = positionOf();
    draw();
    const scroller = scrollerOf();
    // The browser would move it as well.
    scroller?.style.setProperty("overflow-anchor", "none");
    if (before === undefined || scroller !== before.scroller) return;
    if (before.isAtBottom) scroller.scrollTop = scroller.scrollHeight;
    else putBack(scroller, before);
  }

  /** Tells the page of ends that are near. */
  look(): void {
    const scroller = scrollerOf();
    if (scroller === null) return void (this.#toldTop = this.#toldEnd = "");
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    // A history that is not shown has no size.
    if (clientHeight === 0) return;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#tellBottom(below <= BOTTOM_PX);
    const messages = messagesIn(scroller);
    const [first = "", last = ""] = [idOf(messages[0]), idOf(messages.at(-1))];
    if (scrollTop < NEAR_SCREENS * clientHeight && this.#toldTop !== first) {
      this.#toldTop = first;
      this.act({ kind: "nearTop" });
    }
    if (below < NEAR_SCREENS * clientHeight && this.#toldEnd !== last) {
      this.#toldEnd = last;
      this.act({ kind: "nearEnd" });
    }
  }

  /** Scrolls to a place. */
  scrollTo(target: ScrollTarget): void {
    const scroller = scrollerOf();
    if (scroller === null) return;
    if (target.kind === "bottom") scroller.scrollTop = scroller.scrollHeight;
    else if (target.kind === "unread") moveTo(scroller, document.getElementById("unread"), 0);
    else moveTo(scroller, messageWith(target.id), 0.5);
    this.look();
  }

  /** Scrolls by a part of the height. */
  scrollBy(screens: number): void {
    const scroller = scrollerOf();
    if (scroller !== null) scroller.scrollTop += screens * scroller.clientHeight;
  }

  #tellBottom(isAtBottom: boolean): void {
    const known = this.isAtBottom();
    if (known !== undefined && known !== isAtBottom) this.act({ kind: "atBottom", isAtBottom });
  }
}

/** The element that scrolls. */
export function scrollerOf(): HTMLElement | null {
  return document.getElementById("history");
}

/** The messages in the document, in their order. */
export function messagesIn(scroller: Element): readonly HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>(":scope > [data-id]")];
}

/** The message with that id, if it is in the document. */
export function messageWith(id: string): HTMLElement | null {
  return document.querySelector(`#history > [data-id="${CSS.escape(id)}"]`);
}

/** The id of a message in the document. */
export function idOf(message: HTMLElement | undefined): string | undefined {
  return message?.dataset["id"];
}

function positionOf(): Position | undefined {
  const scroller = scrollerOf();
  if (scroller === null || scroller.clientHeight === 0) return undefined;
  const { top } = scroller.getBoundingClientRect();
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  const messages = messagesIn(scroller);
  const from = firstBelow(messages, top);
  const anchors = messages.slice(from, from + ANCHORS).map((message) => ({
    id: idOf(message) ?? "",
    top: message.getBoundingClientRect().top,
  }));
  return { scroller, isAtBottom: scrollHeight - scrollTop - clientHeight <= BOTTOM_PX, anchors };
}

/** Index of the first message that ends below a line: they stand one below the other. */
function firstBelow(messages: readonly HTMLElement[], line: number): number {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((messages[middle]?.getBoundingClientRect().bottom ?? 0) > line) to = middle;
    else from = middle + 1;
  }
  return from;
}

function putBack(scroller: Element, { anchors }: Position): void {
  for (const { id, top } of anchors) {
    const message = messageWith(id);
    if (message === null) continue;
    const moved = message.getBoundingClientRect().top - top;
    if (moved !== 0) scroller.scrollTop += moved;
    return;
  }
}

/** Scrolls an element to a part of the height that is free beside it: 0 for the upper edge, 0.5 for the middle. */
function moveTo(scroller: Element, element: Element | null, part: number): void {
  if (element === null) return;
  const room = scroller.clientHeight - element.clientHeight;
  const wanted = scroller.getBoundingClientRect().top + Math.max(0, room * part);
  scroller.scrollTop += element.getBoundingClientRect().top - wanted;
}
