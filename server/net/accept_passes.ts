/**
 * The pace at which a port accepts connections.
 *
 * @module
 */

/**
 * Connections that are accepted in one pass of the event loop. The runtime would hand over all that wait, up to 129, before
 * it looks at any other socket, and each takes about a tenth of a millisecond.
 */
const ACCEPTED_PER_PASS = 8;

/** Lets other sockets have their turn between the connections of one port. */
export class AcceptPasses {
  #accepted = 0;

  /** A connection was accepted; resolves when the next may be. */
  async accepted(): Promise<void> {
    this.#accepted++;
    if (this.#accepted % ACCEPTED_PER_PASS === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}
