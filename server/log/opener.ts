/**
 * Opens files of the data folder, also when no descriptor is left: with the spare ones, or later.
 *
 * @module
 */

import { type Descriptors, isOutOfDescriptors } from "../ports/descriptors.ts";

/** Time until another attempt, ms. */
const RETRY_MS = 200;

/** Opens files, as long as it takes. */
export class Opener {
  readonly #descriptors: Descriptors;

  /** @param descriptors those that are put aside for the node */
  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  /**
   * Opens at once, with a spare descriptor if there is no other.
   *
   * @throws {Error} of the system; `isOutOfDescriptors` if there is no spare one either
   */
  now<T>(open: () => T): T {
    try {
      return open();
    } catch (error) {
      if (this.#descriptors.met(error)) return open();
      throw error;
    }
  }

  /**
   * Opens as soon as there is a descriptor.
   *
   * @throws {Error} of the system, for another reason
   */
  async later<T>(open: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await open();
      } catch (error) {
        if (!isOutOfDescriptors(error)) throw error;
        if (this.#descriptors.met(error)) continue;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
