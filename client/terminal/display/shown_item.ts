/**
 * Data on the console: that of the core, and text.
 *
 * @module
 */

import type { Item } from "../../core/items.ts";

/** Data that the console shows: as lines for people, as JSON for programs. */
export type ShownItem = Item | { readonly kind: "text"; readonly text: string };
