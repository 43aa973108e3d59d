/**
 * Keys, as the browser tells of them.
 *
 * @module
 */

import type { Act } from "../page/actions.ts";
import { actionOf, type FocusPlace } from "../page/keys.ts";
import type { Page } from "../page/page.ts";

/** Code that browsers give to keys of an input method. */
const COMPOSING_CODE = 229;

/** Takes the keys of a document that mean something to the page. */
export function listenToKeys(page: Page, act: Act): void {
  addEventListener("keydown", (event) => {
    const press = {
      key: event.key,
      isControl: event.ctrlKey || event.metaKey,
      isShift: event.shiftKey,
      isAlt: event.altKey,
      isComposing: event.isComposing || event.keyCode === COMPOSING_CODE,
      hasSelection: !(getSelection()?.isCollapsed ?? true),
    };
    const action = actionOf(page, press, placeOf(event.target));
    if (action === undefined) return;
    event.preventDefault();
    act(action);
  });
}

function placeOf(target: EventTarget | null): FocusPlace {
  if (!(target instanceof HTMLElement)) return "elsewhere";
  if (target.id === "composer" || target.id === "find") return target.id;
  // A button in a message is pressed as any other one.
  return target.matches("#history > [data-id]") ? "history" : "elsewhere";
}
