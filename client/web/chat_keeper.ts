/**
 * Keeps the newest chats while they change: soon after a change, and at once if something was deleted.
 *
 * @module
 */

import { type Kept, keptOf, keptRevision } from "../core/kept.ts";
import type { Model } from "../core/model.ts";

/** Time between a change and its keeping, ms: many come together. */
const PAUSE_MS = 1_000;

/** Keeps the newest chats of a model. */
export class ChatKeeper {
  /** Number of deleted messages, and the revision of the chats, when they were kept last. */
  #deleted = 0;
  #revision = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param keep keeps them where they outlive the tab */
  constructor(readonly model: Model, readonly keep: (kept: Kept) => void) {}

  /** Something may have changed. */
  look(): void {
    const { account, loggedIn, deleted } = this.model;
    // After the end of the session, nothing of the account may be kept again.
    if (account?.token === undefined) return this.#end();
    // Before a node has told of anything, what was kept is better than what is known.
    if (!loggedIn) return;
    if (deleted.size !== this.#deleted) this.#keep();
    else this.#timer ??= setTimeout(() => this.#keep(), PAUSE_MS);
  }

  #keep(): void {
    this.#stop();
    this.#deleted = this.model.deleted.size;
    const revision = keptRevision(this.model);
    const kept = revision === this.#revision ? undefined : keptOf(this.model);
    this.#revision = revision;
    if (kept !== undefined) this.keep(kept);
  }

  #end(): void {
    this.#stop();
    this.#deleted = 0;
    this.#revision = "";
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
