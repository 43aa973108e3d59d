/**
 * The properties that most parts of the page have.
 *
 * @module
 */

import type { Act } from "../page/actions.ts";
import type { Page } from "../page/page.ts";

/** The state of the page, and the way to change it. */
export interface Props {
  readonly page: Page;
  readonly act: Act;
}
