/**
 * Many messages in a short time.
 *
 * @module
 */

import { assert } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { concatenated } from "./concatenated.ts";
import type { TestClient } from "./test_client.ts";

/** Requests sent before the first reply: the most that a connection may have unanswered. */
const PIPELINED = 100;

/**
 * Sends numbered messages and waits until all are acknowledged; returns the copies of the last one.
 *
 * @param contentOf text of the message of a number, from 0 on
 */
export async function sendMany(
  client: TestClient,
  to: string,
  count: number,
  contentOf = (number: number): string => `message ${number} of many that are sent to ${to}`,
): Promise<number> {
  let copies = 0;
  for (let sent = 0; sent < count; sent += PIPELINED) {
    const numbers = Array.from({ length: Math.min(PIPELINED, count - sent) }, (_, index) => sent + index);
    const replies = numbers.map(() => client.reply());
    // A reply that never comes is reported by the first one that fails.
    for (const reply of replies) reply.catch(() => {});
    await client.sendBytes(concatenated(numbers.map((number) =>
      encodeRequest(
        { name: "sendMessage", payload: { to, content: contentOf(number) } },
        "confirmed",
      )
    )));
    for (const reply of await Promise.all(replies)) {
      assert(reply.name === "sent", `a message was answered ${JSON.stringify(reply)}`);
      copies = reply.payload.copies;
    }
  }
  return copies;
}
