/**
 * Counts of unread messages.
 *
 * @module
 */

import type { VNode } from "preact";
import { EN } from "../texts/en.ts";

/** A count of unread messages. */
export function Unread({ count }: { readonly count: number }): VNode {
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 999 ? "999+" : count}</span>
      <span class="hidden">{EN.unread(count)}</span>
    </span>
  );
}
