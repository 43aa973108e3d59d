/**
 * Log of the synced relay: one append and one fdatasync a turn. A turn is all that arrived since the last one
 * began to sync, and none of its bytes leaves before its sync has returned: the server's own rule.
 *
 * @module
 */

import type { Departure, LeanConnection } from "./lean_connection.ts";

const BUFFER_BYTES = 64 * 1_024;

/** File operations that the journal needs. */
type JournalFile = Pick<Deno.FsFile, "writeSync" | "syncData">;

/** Holds bytes back until their turn is on the disk. */
export class Journal {
  readonly #file: JournalFile;
  #lines = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #turn: LeanConnection[] = [];
  #running = false;

  /** @param file opened for appending */
  constructor(file: JournalFile) {
    this.#file = file;
  }

  /** Lets a connection's bytes leave with the open turn. */
  readonly depart: Departure = (connection) => {
    this.#turn.push(connection);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#run());
  };

  /** Adds a line to the open turn. */
  append(line: Uint8Array): void {
    const end = this.#filled + line.length;
    if (end > this.#lines.length) {
      const larger = new Uint8Array(Math.max(end, this.#lines.length * 2));
      larger.set(this.#lines);
      this.#lines = larger;
    }
    this.#lines.set(line, this.#filled);
    this.#filled = end;
  }

  async #run(): Promise<void> {
    while (this.#turn.length > 0) {
      const turn = this.#turn.map((connection) => ({ connection, mark: connection.mark() }));
      this.#turn = [];
      if (this.#filled > 0) await this.#sync();
      for (const { connection, mark } of turn) connection.release(mark);
    }
    this.#running = false;
  }

  #sync(): Promise<void> {
    const lines = this.#lines.subarray(0, this.#filled);
    for (let written = 0; written < lines.length;) {
      written += this.#file.writeSync(lines.subarray(written));
    }
    this.#filled = 0;
    return this.#file.syncData();
  }
}
