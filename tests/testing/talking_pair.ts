/**
 * Two people in a steady exchange of messages, to measure a server under attack.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ServerProcess } from "./server_process.ts";
import { TestClient } from "./test_client.ts";

/** Number of messages in a measurement. */
const ROUNDS = 100;
/** Longest permitted wait for a message, ms. */
const ANSWER_MS = 20_000;

/** Two clients and the latency of their talk. `await using` ends it. */
export class TalkingPair implements AsyncDisposable {
  private constructor(
    readonly server: ServerProcess,
    readonly left: TestClient,
    readonly right: TestClient,
  ) {}

  /** Registers both accounts. */
  static async start(server: ServerProcess): Promise<TalkingPair> {
    const left = await TestClient.login(server.port, "left");
    return new TalkingPair(server, left, await TestClient.login(server.port, "right"));
  }

  /**
   * Measures the time from sending a message until the other one has it, and prints it.
   *
   * @throws {AssertionError} if a message does not arrive
   */
  async talk(when: string): Promise<void> {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [from, to, name] = round % 2 === 0
        ? [this.left, this.right, "right"] as const
        : [this.right, this.left, "left"] as const;
      const beganMs = performance.now();
      const content = `${when}, round ${round}`;
      await from.expect("sendMessage", { to: name, content }, "sent");
      assertEquals(await messageOf(to), content);
      times.push(performance.now() - beganMs);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(1);
    const mebibytes = Math.round((await this.server.residentBytes()) / 1_048_576);
    console.log(
      `${when}: ${ROUNDS} messages, median ${at(0.5)} ms, p99 ${at(0.99)} ms, server ${mebibytes} MiB`,
    );
    if ((times.at(-1) ?? 0) > ANSWER_MS) throw new Error(`a message took ${times.at(-1)} ms (${when})`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.left[Symbol.asyncDispose]();
    await this.right[Symbol.asyncDispose]();
  }
}

/** Content of the next message; other pushes are skipped. */
async function messageOf(client: TestClient): Promise<string> {
  for (;;) {
    const push = await client.push();
    if (push.name === "message") return push.payload.content;
  }
}
