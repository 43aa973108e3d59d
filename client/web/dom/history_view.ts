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

/** Where the history stands. */
interface Position {
  readonly scroller: Element;
  readonly width: number;
  readonly height: number;
  readonly isAtBottom: boolean;
  /** The first messages in view, and where the upper edges of their texts are, px from that of the history. */
  readonly anchors: readonly { readonly id: string; readonly top: number }[];
}

/** Messages that the position is measured by: some of them may be gone after the drawing. */
const ANCHORS = 5;

/** The history in the document, whenever there is one. */
export class HistoryView {
  /** Ids of the first and the last message when more was asked for: the same ones need not be asked for twice. */
  #toldTop = "";
  #toldEnd = "";
  /** Where it stood when it was drawn or scrolled last. */
  #position: Position | undefined;
  readonly #resized = new ResizeObserver(() => this.#keepResized());

  /** @param isAtBottom what the page knows; undefined without a chat */
  constructor(readonly act: Act, readonly isAtBottom: () => boolean | undefined) {
    addEventListener("scroll", ({ target }) => {
      if (target !== scrollerOf()) return;
      this.#toldTop = this.#toldEnd = "";
      this.#position = this.#before();
      this.look();
    }, { capture: true, passive: true });
  }

  /** Draws, and puts the history back to where it was. */
  keepWhile(draw: () => void): void {
    const before = this.#before();
    draw();
    const scroller = scrollerOf();
    if (scroller !== this.#position?.scroller) this.#observe(scroller);
    if (before !== undefined && scroller === before.scroller) putBack(before);
    this.#position = positionOf();
  }

  /** Where the history stands, or where it stood before it got the size that it has now. */
  #before(): Position | undefined {
    const now = positionOf();
    const last = this.#position;
    const isResized = now !== undefined && last?.scroller === now.scroller &&
      (last.width !== now.width || last.height !== now.height);
    return isResized ? last : now;
  }

  /** Another history is in the document, or none. */
  #observe(scroller: HTMLElement | null): void {
    this.#resized.disconnect();
    if (scroller === null) return;
    // The browser would move it as well.
    scroller.style.setProperty("overflow-anchor", "none");
    this.#resized.observe(scroller);
  }

  /** The window or the composer has another size: the lines of the history are others, and it stands elsewhere. */
  #keepResized(): void {
    if (this.#position !== undefined) putBack(this.#position);
    this.#position = positionOf();
    this.look();
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
    this.#position = positionOf();
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
  const { scrollTop, scrollHeight, clientWidth: width, clientHeight: height } = scroller;
  const messages = messagesIn(scroller);
  const from = firstBelow(messages, top);
  const anchors = messages.slice(from, from + ANCHORS).map((message) => ({
    id: idOf(message) ?? "",
    top: topOf(message) - top,
  }));
  return { scroller, width, height, isAtBottom: scrollHeight - scrollTop - height <= BOTTOM_PX, anchors };
}

/** The upper edge of what a message says: the sender above it goes when an older page of the same sender comes. */
function topOf(message: HTMLElement): number {
  return (message.querySelector(".line") ?? message).getBoundingClientRect().top;
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

function putBack({ scroller, isAtBottom, anchors }: Position): void {
  if (isAtBottom) return void (scroller.scrollTop = scroller.scrollHeight);
  const { top: edge } = scroller.getBoundingClientRect();
  for (const { id, top } of anchors) {
    const message = messageWith(id);
    if (message === null) continue;
    const moved = topOf(message) - edge - top;
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
