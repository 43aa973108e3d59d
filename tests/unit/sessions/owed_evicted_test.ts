import { assertEquals, assertLess } from "@std/assert";
import { FollowedNode, uuid } from "../../testing/followed_node.ts";
import { ADDRESS } from "../../testing/node_harness.ts";
import { SlowPipe } from "../../testing/slow_pipe.ts";

/** Bounds that a few messages reach. */
const BOUNDS = {
  outboundBytesSoft: 2_000,
  outboundBytesHard: 4_000,
  messagesPerSecond: 0,
  bytesPerSecond: 0,
};

/** Number of messages that are sent, of which the last stays in memory. */
const SENT = 9;

for (const isForgotten of [false, true]) {
  const moment = isForgotten ? "known to the archive alone" : "not in the archive yet";
  Deno.test(`nothing leaves of a message that is deleted while it is owed, and out of memory: ${moment}`, async () => {
    const followed = new FollowedNode(BOUNDS);
    const { harness, ann, bob: reader } = followed;
    const slow = harness.login("bob", { address: ADDRESS });
    const pipe = new SlowPipe(slow, harness.node.settings.limits);
    const ids = Array.from({ length: SENT }, (_, i) => uuid(i + 1));
    for (const id of ids) {
      ann.tell("sendMessage", { to: "bob", content: `${id} ${"secret".repeat(100)}`, id });
      harness.pass(1);
    }
    reader.tell("readMessages", { with: "ann" });
    followed.follow();
    assertEquals(followed.resident, [SENT]);
    await pipe.read(1);
    const deleted = ann.ask("deleteMessages", { ids: ids.slice(0, -1) });
    assertEquals(deleted, { name: "ok", payload: { count: SENT - 1 } });
    if (isForgotten) {
      followed.follow();
      followed.residents.erased(harness.log.synced.length);
      followed.settle();
      assertEquals(harness.state.earlyMarks.size, 0);
    }
    await pipe.drain();
    const came = slow.pushes.flatMap((push) => push.name === "message" ? [push.payload.id] : []);
    assertLess(came.length, 5, "what was in the outbox already, and the one that was not deleted");
    assertEquals(came.at(-1), uuid(SENT));
    assertEquals(slow.pushes.at(-1)?.name, "deleted");
    console.log(`${came.length - 1} of ${SENT - 1} deleted messages had left before`);
  });
}
