/**
 * Reads the request of a frame within the limits of a node.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { ProtocolError } from "../../common/errors.ts";
import { decodeRequest, type Dialect, TAG_MAX } from "../../common/protocol/codec.ts";
import type { Request, RequestName } from "../../common/protocol/requests.ts";
import { ShapeError } from "../../common/protocol/shape.ts";
import { type Refusal, refusal } from "../core/decision.ts";

/** A payload that is none of its request. */
interface Unreadable {
  readonly problem: Refusal;
  /** True if its bytes cannot be followed, false if they are well-formed and of another shape. */
  readonly isBadFrame: boolean;
}

/** Decodes a payload; the problem if it cannot be. */
export function readRequest(
  name: RequestName,
  payload: Uint8Array,
  dialect: Dialect,
  { valueDepth: depth, listItems: items, dictionaryKeys: keys }: Limits,
): Request | Unreadable {
  try {
    return decodeRequest(name, payload, dialect, { depth, items, keys, tagMax: TAG_MAX[dialect] });
  } catch (error) {
    const isShape = error instanceof ShapeError;
    if (!isShape && !(error instanceof ProtocolError)) throw error;
    return { problem: refusal("bad-request", error.message), isBadFrame: !isShape };
  }
}
