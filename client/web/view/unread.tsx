/**
 * Counts of unread messages.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { EN } from "../texts/en.ts";

interface UnreadProps {
  readonly count: number;
  /** The highest count that is shown in digits. */
  readonly most: number;
}

/** A count of unread messages; who hears the page gets it in full. */
export function Unread({ count, most }: UnreadProps): VNode {
  return (
    <span class="badge">
      <span aria-hidden="true">{count > most ? `${most}+` : count}</span>
      <span class="hidden">{EN.unread(count)}</span>
    </span>
  );
}
