/**
 * Data on the console: that of the core, and text.
 *
 * @module
 */

import type { Item } from "../../core/items.ts";

/** Data that the console shows: as lines for people, as JSON for programs. */
export type ShownItem = Item | { readonly kind: "text"; readonly text: string };

/** Events in JSON about a line that a program has named, besides the data. */
export type LineEvent =
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "error"; readonly text: string; readonly status: number }
  /** All replies to the line are there; the status of its first error, or 0. */
  | { readonly kind: "done"; readonly status: number };
