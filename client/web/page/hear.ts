/**
 * The news that the page hears of.
 *
 * @module
 */

import type { News, Order } from "./actions.ts";
import type { Page } from "./page.ts";

/** Changes the page. @returns what the shell must do, in order */
export function hear(_page: Page, _news: News): readonly Order[] {
  return [];
}
