import { assertEquals } from "@std/assert";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import { seqOf } from "../../../server/core/version.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { entriesOf, Incoming, message } from "./incoming_harness.ts";

Deno.test("IncomingStream keeps everything in order while entries are prepared for, and takes none twice", () => {
  const incoming = new Incoming().opened();
  const { member, link, stream } = incoming;
  const preparing = member.preparing = [] as (() => void)[];
  stream.received(message(1, entriesOf("n2#b", 1, 2)));
  stream.received({ type: "reserve", number: 7, name: "ann", stamp: 1 } as PeerMessage);
  stream.received(message(2, entriesOf("n2#b", 3, 3), { origin: "n2#b", seq: 2, stamp: 20 }));
  stream.received({ type: "heartbeat", number: 2, version: [] });
  const sinceMs = incoming.options.clock.monotonicMs();
  assertEquals(stream.heldMs(sinceMs + 1_500), 1_500);
  assertEquals([seqOf(member.version, "n2#b"), incoming.heard.at(-1), preparing.length], [0, "opened n2", 1]);
  // Another stream brings one of them meanwhile.
  member.absorb(encoded(entriesOf("n2#b", 1, 1)), () => {});
  preparing.shift()?.();
  assertEquals([seqOf(member.version, "n2#b"), incoming.heard.at(-1), preparing.length], [
    2,
    "n2 reserves ann",
    1,
  ]);
  preparing.shift()?.();
  assertEquals([seqOf(member.version, "n2#b"), link.isClosed], [3, false]);
  assertEquals(stream.heldMs(sinceMs + 2_000), undefined);
  member.sync();
  assertEquals(link.take("ack").map((ack) => "number" in ack && ack.number), [1, 2]);
  member.preparing = [];
  stream.received(message(3, entriesOf("n2#b", 4, 4), { origin: "n2#b", seq: 3, stamp: 30 }));
  member.full = "disk";
  member.preparing[0]?.();
  assertEquals([seqOf(member.version, "n2#b"), link.isClosed], [3, true]);
});
