/**
 * Descriptors put aside for the day on which clients have taken all others. They are given up then, so that the node
 * can open its log, reach its peers, reload its configuration and answer `chat-server status`; no client is accepted
 * until they are there again.
 *
 * @module
 */

import { type Descriptors, isOutOfDescriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";

/** Number of spare descriptors: a segment and its folder, a compaction, a reload, a worker, and peers. */
export const SPARE_DESCRIPTORS = 16;

/** Descriptors that a node without peers takes after it has put the spare ones aside: ports, log, a worker, a client. */
const OWN_DESCRIPTORS = 12;

/** Upper bound of the descriptors that a new worker takes at once; it has six. */
const WORKER_DESCRIPTORS = 10;

/** Ticks between two calls of `onShort` during one shortage. */
const SHORT_TICKS = 10;

/** Ticks without a shortage after which it is over for people. */
const CALM_TICKS = 10;

/** Something that is open. */
interface Opened {
  close(): void;
}

/** Parts and callbacks of the spare descriptors. */
interface SpareOptions {
  readonly logger: Logger;
  /** Opens anything that takes one descriptor. @throws {Error} of the system, if there is none */
  open(): Opened;
  /** Descriptors became short, still are after ten ticks, or are there again: ports may have to be opened anew. */
  onChange(): void;
  /** Descriptors have been short for a tick and still are: somebody has to give way. */
  onLack(): void;
}

/** The spare descriptors of a process. `tick` is to be called about once a second. */
export class SpareDescriptors implements Descriptors {
  readonly #options: SpareOptions;
  #spares: Opened[] = [];
  #isShort = false;
  /** Ticks since the beginning or the end of the shortage. */
  #ticks = 0;
  /** True from when people were told until it is over. */
  #isTold = false;

  /** Puts none aside before the first `look`. */
  constructor(options: SpareOptions) {
    this.#options = options;
  }

  get isShort(): boolean {
    return this.#isShort;
  }

  met(error: unknown): boolean {
    if (!isOutOfDescriptors(error)) return false;
    const hadSome = this.#letGo();
    if (this.#isShort) return hadSome;
    this.#isShort = true;
    this.#ticks = 0;
    this.#tell(error);
    this.#options.onChange();
    return hadSome;
  }

  #tell(error: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.logger.error("outOfDescriptors", {
      error: String(error),
      wayOut:
        "raise the limit of the process (ulimit -n, LimitNOFILE) or of the system (fs.file-max), or lower limits.connections; until " +
        "descriptors are free, the oldest connections without a login give way",
    });
  }

  /** Time has passed. */
  tick(): void {
    const wasShort = this.#isShort;
    this.look();
    if (wasShort && this.#isShort) this.#options.onLack();
    this.#ticks++;
    if (this.#isShort && this.#ticks % SHORT_TICKS === 0) this.#options.onChange();
    if (this.#isShort || !this.#isTold || this.#ticks < CALM_TICKS) return;
    this.#isTold = false;
    this.#options.logger.info("descriptorsFree");
  }

  /**
   * Puts the spare ones aside at the start of a node.
   *
   * @throws {Error} with the way out, if the others would not do
   */
  start(): void {
    const needed = SPARE_DESCRIPTORS + OWN_DESCRIPTORS;
    if (this.#canOpen(needed)) return this.look();
    throw new Error(
      `this process may open fewer than ${needed} further files and sockets, which is too few to serve; raise its ` +
        "limit (ulimit -n, LimitNOFILE) or that of the system (fs.file-max)",
    );
  }

  /**
   * Makes sure that some descriptors are free, for something that ends the process when it gets none.
   *
   * @returns false if they are not, even without the spare ones
   */
  areFree(): boolean {
    const count = WORKER_DESCRIPTORS;
    return this.#canOpen(count) || (this.#isShort && this.#canOpen(count));
  }

  #canOpen(count: number): boolean {
    const opened: Opened[] = [];
    try {
      while (opened.length < count) opened.push(this.#options.open());
      return true;
    } catch (error) {
      this.met(error);
      return !isOutOfDescriptors(error);
    } finally {
      for (const each of opened) each.close();
    }
  }

  /** Gives the spare descriptors up if there is no other, and puts them aside again if there are enough. */
  look(): void {
    try {
      while (this.#spares.length < SPARE_DESCRIPTORS) this.#spares.push(this.#options.open());
      this.#options.open().close();
    } catch (error) {
      // Of another error the folder is the cause, which is found out elsewhere.
      this.met(error);
      this.#letGo();
      return;
    }
    if (!this.#isShort) return;
    this.#isShort = false;
    this.#ticks = 0;
    this.#options.onChange();
  }

  /** Closes all of them. */
  stop(): void {
    this.#letGo();
  }

  /** Closes the spare ones; returns true if there were any. */
  #letGo(): boolean {
    const spares = this.#spares.splice(0);
    for (const spare of spares) spare.close();
    return spares.length > 0;
  }
}
