/**
 * The focus: moved where the page says, and given back.
 *
 * @module
 */

import type { FocusTarget } from "../page/orders.ts";
import { messageWith } from "./history_view.ts";

/** The focus of the page. */
export class Focus {
  #held: Element | null = null;

  /** Remembers the element that has it. */
  hold(): void {
    this.#held = document.activeElement;
  }

  /**
   * Moves it before the page is drawn, to the field that finds chats: letters that are typed at once must not go to the
   * composer. That one has the text of the chat before until it is drawn.
   */
  moveEarly(target: FocusTarget): void {
    if (target.kind === "element" && target.id === "find") this.move(target);
  }

  /** Moves it, if the target is in the document. */
  move(target: FocusTarget): void {
    const element = this.#elementOf(target);
    if (!(element instanceof HTMLElement) || !element.isConnected) return;
    element.focus({ preventScroll: target.kind === "former" });
    if (target.kind === "message") element.scrollIntoView({ block: "nearest" });
  }

  #elementOf(target: FocusTarget): Element | null {
    switch (target.kind) {
      case "element":
        return document.getElementById(target.id);
      case "message":
        return messageWith(target.id);
      case "former":
        return this.#held;
    }
  }
}
