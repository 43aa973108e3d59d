/**
 * Things that did not work. They are values: each face of the client has words of its own for them.
 *
 * @module
 */

import type { NeededFeature } from "./addressing.ts";
import type { Refusal } from "./refusal.ts";
import type { SavedProblem } from "./saved.ts";

/** The message that a failure is about. */
interface Named {
  readonly id: string;
  /** Its number, as that of `Message`. */
  readonly number: number;
}

/** Something that did not work. */
export type Failure =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** A node refuses the login by the token, which is tried again every few seconds. */
  | { readonly kind: "loginRefused"; readonly refusal: Refusal }
  /** The server refused a message. */
  | { readonly kind: "notSent"; readonly to: string; readonly refusal: Refusal } & Named
  /** The account that the message is meant for is gone: the person must decide about it. */
  | { readonly kind: "held"; readonly to: string } & Named
  | { readonly kind: "notHeld" } & Named
  /** The connection broke before the reply to a request that cannot be sent twice. */
  | { readonly kind: "replyLost" }
  | { readonly kind: "versionUnknown"; readonly node: string; readonly version: number }
  | { readonly kind: "nameInvalid"; readonly name: string }
  | { readonly kind: "nameTaken"; readonly name: string }
  /** Nobody has that name; `atStart` if the program was started with it. */
  | { readonly kind: "nameUnknown"; readonly name: string; readonly atStart: boolean }
  | { readonly kind: "accountGone"; readonly name: string }
  /** `final` if the person is not asked again. */
  | { readonly kind: "passwordWrong"; readonly name: string; readonly final: boolean }
  | {
    readonly kind: "passwordLength";
    readonly bytes: number;
    readonly bytesMin: number;
    readonly bytesMax: number;
  }
  | { readonly kind: "passwordsDiffer" }
  /** Queued messages, of an account that may be gone, that are never sent; some may be stored all the same. */
  | {
    readonly kind: "unsent";
    readonly count: number;
    readonly mayBeStored: number;
    readonly account: string | undefined;
  }
  /** Held messages that are never sent, as `unsent`. */
  | { readonly kind: "heldUnsent"; readonly count: number; readonly account: string | undefined }
  /** The message cannot be deleted before the server has it. */
  | { readonly kind: "beingSent" } & Named
  /** The node is of a version without that feature. */
  | { readonly kind: "unable"; readonly feature: NeededFeature; readonly node: string | undefined }
  /** A draft is longer than what is saved. */
  | { readonly kind: "draftTooLong"; readonly bytes: number; readonly bytesMax: number }
  /** Something saved was not put back. */
  | { readonly kind: "savedRefused"; readonly problem: SavedProblem }
  | { readonly kind: "deletedInPart"; readonly count: number; readonly wanted: number };
