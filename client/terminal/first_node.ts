/**
 * The wait for a first node. The person is told once where one was looked for in vain; after some time the search is
 * given up.
 *
 * @module
 */

import type { TriedPlace } from "../core/node_list.ts";
import { searchText, unreachableText } from "./words/places.ts";

/** The wait of a client at a terminal for its first node. */
export class FirstNode {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The nodes of the last round that was in vain. */
  #tried: readonly TriedPlace[] = [];

  /** @param giveUp called with the reason, for people, if none was found in time */
  constructor(timeoutMs: number, giveUp: (text: string) => void) {
    this.#timer = setTimeout(() => giveUp(unreachableText(this.#tried)), timeoutMs);
  }

  /** These places were tried in vain; returns a line for the person at the first time. */
  missed(tried: readonly TriedPlace[], allTried: boolean): string | undefined {
    const isFirst = allTried && this.#tried.length === 0 && this.#timer !== undefined;
    if (allTried) this.#tried = tried;
    return isFirst ? `${searchText(tried)}; still trying` : undefined;
  }

  /** A node was found. */
  found(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
