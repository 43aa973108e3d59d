/**
 * The whole page.
 *
 * @module
 */

import type { VNode } from "preact";
import type { Action } from "../page/actions.ts";
import type { Page } from "../page/page.ts";
import { EN } from "../texts/en.ts";

/** The state, and the way to change it. */
interface ViewProps {
  readonly page: Page;
  readonly act: (action: Action) => void;
}

/** The whole page. */
export function App(_: ViewProps): VNode {
  return <h1>{EN.title}</h1>;
}
