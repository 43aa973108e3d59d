/**
 * Clients beside greedy ones, which ask for many expensive lists at once and read all replies.
 *
 * @module
 */

import { assertEquals, assertLess } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { concatenated } from "../testing/concatenated.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const MESSAGES = 500;
/** Requests of a greedy client in one write: fewer than its account may ask for at once. */
const LISTS = 120;
const PINGS = 20;

/** Asks for many lists in one write; returns the number of replies so far, and a promise of all. */
async function ask(greedy: TestClient, request: Request): Promise<{ count: number; all: Promise<void> }> {
  const frame = encodeRequest(request, "confirmed");
  await greedy.sendBytes(concatenated(Array.from({ length: LISTS }, () => frame)));
  const asked = { count: 0, all: Promise.resolve() };
  asked.all = (async () => {
    for (; asked.count < LISTS; asked.count++) {
      const reply = await greedy.reply();
      if (reply.name === "error") throw new Error(JSON.stringify(reply));
    }
  })();
  return asked;
}

processTest(
  "a client is answered while others, who asked before, have many expensive lists to come",
  async () => {
    await using server = await ServerProcess.start({ configuration: QUICK });
    await using ann = await TestClient.login(server.port, "ann");
    await using greedy = await TestClient.login(server.port, "greedy");
    await using greedier = await TestClient.login(server.port, "greedier");
    for (let i = 0; i < MESSAGES; i++) {
      await ann.expect("sendMessage", { to: i % 2 === 0 ? "greedy" : "greedier", content: `${i}` }, "sent");
    }
    for (
      const request of [
        { name: "listMessages", payload: { with: "ann", limit: MESSAGES } },
        { name: "listMessages", payload: { undelivered: true, limit: MESSAGES } },
      ] satisfies Request[]
    ) {
      const asked = [await ask(greedy, request), await ask(greedier, request)];
      for (let i = 0; i < PINGS; i++) await ann.expect("ping", null, "pong");
      // One alone: on a busy disk, many of them would take as long as the lists.
      await ann.expect("sendMessage", { to: "ann", content: "x" }, "sent");
      for (const { count } of asked) assertLess(count, LISTS, "everything greedy came first");
      await Promise.all(asked.map(({ all }) => all));
      assertEquals(asked.map(({ count }) => count), [LISTS, LISTS]);
    }
  },
);
