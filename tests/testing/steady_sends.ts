/**
 * A client that sends one message after the other, to measure a server during a disturbance.
 *
 * @module
 */

import { eventually } from "./eventually.ts";
import type { TestClient } from "./test_client.ts";

/** Pause between two messages, ms. */
const PAUSE_MS = 50;

/** A running series of messages. `await using` ends it. */
export class SteadySends implements AsyncDisposable {
  /** Number of acknowledged messages. */
  total = 0;
  /** The same since the last `reset`. */
  count = 0;
  /** Longest wait for an acknowledgement since then, ms. */
  slowestMs = 0;
  /** Fewest copies of an acknowledgement since then. */
  copiesMin = Infinity;
  readonly #client: TestClient;
  readonly #to: string;
  #isOver = false;
  readonly #task: Promise<void>;

  /** @param client a logged-in client that nothing else uses */
  constructor(client: TestClient, to: string) {
    this.#client = client;
    this.#to = to;
    this.#task = this.#send();
  }

  /** Stops sending. @throws {Error} if a message was not acknowledged */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#task;
  }

  /** Forgets all measurements. */
  reset(): void {
    this.count = 0;
    this.slowestMs = 0;
    this.copiesMin = Infinity;
  }

  /** Waits until the message in transit, and one more, are acknowledged. */
  async settled(): Promise<void> {
    const enough = this.count + 2;
    await eventually("messages are acknowledged", () => this.count >= enough);
  }

  /** The measurements, for people. */
  summary(): string {
    return `${this.count} messages acknowledged, on ${this.copiesMin} disks at least, ` +
      `after ${Math.round(this.slowestMs)} ms at most`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #send(): Promise<void> {
    while (!this.#isOver) {
      const startMs = performance.now();
      const content = `message at ${startMs}`;
      const { copies } = await this.#client.expect("sendMessage", { to: this.#to, content }, "sent");
      this.total++;
      this.count++;
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startMs);
      this.copiesMin = Math.min(this.copiesMin, copies);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
