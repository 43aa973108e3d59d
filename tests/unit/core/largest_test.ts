import { assertEquals } from "@std/assert";
import { largestOf } from "../../../server/core/accounts/largest.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

Deno.test("largestOf() finds the inbox with the most unread messages, and the account that stored the most today", () => {
  const folded = new FoldedState();
  assertEquals(largestOf(folded.state, NOW_MS), {});
  const [ann, bob, cid] = [folded.register("ann"), folded.register("bob"), folded.register("cid")];
  assertEquals(largestOf(folded.state, NOW_MS), {}, "nobody has anything");
  let ids = 0;
  const send = (from: typeof ann, to: typeof ann, content: string, wallMs = NOW_MS): void => {
    const event = { type: "messageSent", id: `m${++ids}`, from: from.id, to: to.id, content } as const;
    folded.apply(event, { stamp: wallMs * 1_000 });
  };
  send(bob, cid, "x".repeat(5_000), NOW_MS - DAY_MS);
  send(ann, bob, "€");
  send(cid, bob, "hey");
  send(cid, ann, "hey");
  assertEquals(largestOf(folded.state, NOW_MS), {
    largestInbox: { name: "bob", messages: 2, bytes: 6 },
    largestSender: { name: "cid", bytes: 2 * 1_027 },
  });
  assertEquals(largestOf(folded.state, NOW_MS - DAY_MS).largestSender, { name: "bob", bytes: 6_024 });
  folded.mark("messagesRead", ann, bob, "m2");
  folded.apply({ type: "accountDeleted", account: cid.id });
  assertEquals(largestOf(folded.state, NOW_MS), { largestSender: { name: "ann", bytes: 1_027 } });
});
