/**
 * The outboxes on the disk of a simulated face: the present one, and those that could not be put back.
 *
 * @module
 */

import type { Saved } from "../../client/core/saved.ts";

/**
 * A planted fault: the outbox is not put back after a crash, is put back under other ids, or is saved only when the
 * program has nothing else to do.
 */
export type FaceFault = "forgets" | "renumbers" | "saves late";

/** Outboxes as text, as a disk has them. */
export class KeptOutbox {
  #text: string | undefined;
  /** Those that were set aside. */
  readonly #aside = new Set<string>();

  /** The present one. */
  get saved(): Saved | undefined {
    return this.#text === undefined ? undefined : JSON.parse(this.#text);
  }

  /**
   * Keeps another one; without it, nothing is kept: a login was refused for good, and the messages that wait are told
   * as lost.
   *
   * @returns ids of the messages that are lost
   */
  save(saved: Saved | undefined): readonly string[] {
    const former = this.saved;
    this.#text = saved && JSON.stringify(saved);
    return saved === undefined ? idsIn(former) : [];
  }

  /** Keeps one beside the present one, until its account logs in. Returns the ids of its messages. */
  setAside(saved: unknown): readonly string[] {
    this.#aside.add(JSON.stringify(saved));
    return idsIn(saved as Saved);
  }

  /** Takes out all that were set aside. */
  takeAside(): readonly unknown[] {
    const taken = [...this.#aside].map((text) => JSON.parse(text));
    this.#aside.clear();
    return taken;
  }
}

function idsIn(saved: Saved | undefined): readonly string[] {
  return saved?.messages.map(({ id }) => id) ?? [];
}
