/**
 * The state of the page: the model of the client, and what the page shows of it.
 *
 * @module
 */

import type { Model } from "../../core/model.ts";

/** The state of the page. Only `act` and `hear` change it. */
export interface Page {
  readonly model: Model;
  /** The present, in seconds since the Unix epoch. */
  nowSeconds: number;
}

/** A page that was just opened. */
export function newPage(model: Model, nowSeconds: number): Page {
  return { model, nowSeconds };
}
