/**
 * The messages between a start and the thread that reads the archive for it.
 *
 * @module
 */

import type { ResidentBatch } from "../archive/resident_rows.ts";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import type { LoadedPart } from "../log/loaded_part.ts";
import type { Remedy } from "./remedy.ts";

/** The way to the thread. */
export interface StartChannel {
  readonly port: MessagePort;
  /** Number of reports so far: whoever waits for one is woken when it changes. */
  readonly reports: Int32Array<SharedArrayBuffer>;
}

/** A task of the thread. */
export type StartTask =
  /** Opens the archive of a data folder. Answered by `opened`. */
  | { readonly type: "open"; readonly data: string }
  /** Reads what a start loads. Answered by `rows`, a few of them ahead of `next`, and at the end by `loaded`. */
  | { readonly type: "load"; readonly wallMs: number }
  /** A batch is loaded. */
  | { readonly type: "next" }
  /** Looks up messages by their id. Answered by `found`. */
  | { readonly type: "find"; readonly id: string };

/** A report of the thread. */
export type StartReport =
  /** The part of the log that the archive has; `undefined` if it has nothing yet, or is not there. */
  | { readonly type: "opened"; readonly part: LoadedPart | undefined }
  | { readonly type: "rows"; readonly batch: ResidentBatch }
  | { readonly type: "loaded" }
  | { readonly type: "found"; readonly messages: readonly ArchivedMessage[] }
  | { readonly type: "failed"; readonly problem: string; readonly remedy: Remedy };
