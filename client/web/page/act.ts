/**
 * The actions on the page.
 *
 * @module
 */

import type { Action, Order } from "./actions.ts";
import type { Page } from "./page.ts";

/** Changes the page. @returns what the shell must do, in order */
export function act(page: Page, action: Action): readonly Order[] {
  if (action.kind === "tick") page.nowSeconds = action.nowSeconds;
  return [];
}
