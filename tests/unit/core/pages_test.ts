import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS, type Limits } from "../../../common/limits.ts";
import { encodeOriginalReply, encodeReply } from "../../../common/protocol/codec.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FrameReader, HEADER_BYTES } from "../../../common/wire/frame.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { decideListMessages, listConversation } from "../../../server/core/messages/pages.ts";
import { concatenated } from "../../testing/concatenated.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { wholeOf } from "../../testing/whole_of.ts";
import { decodeOriginalReply } from "../../testing/protocol_frames.ts";

type Page = RequestPayload<"listMessages">;

function people(): { folded: FoldedState; ann: Account; bob: Account; cy: Account } {
  const folded = new FoldedState();
  const [ann, bob, cy] = [folded.register("ann"), folded.register("bob"), folded.register("cy")];
  return { folded, ann, bob, cy };
}

function replyTo(
  folded: FoldedState,
  account: Account,
  page: Page,
  limits: Limits = DEFAULT_LIMITS,
): ConfirmedReply {
  const outcome = wholeOf(decideListMessages(folded.state, account, page, limits));
  if (isRefusal(outcome)) return { name: "error", payload: outcome };
  assertEquals(outcome.events, []);
  return outcome.reply([]);
}

/** Ids on a page, followed by `+` if there are more. */
function listed(folded: FoldedState, account: Account, page: Page, limits?: Limits): string {
  const reply = replyTo(folded, account, page, limits);
  if (reply.name === "error") return reply.payload.code;
  if (reply.name !== "messages") throw new Error(reply.name);
  return reply.payload.messages.map((message) => message.id).join(" ") + (reply.payload.more ? " +" : "");
}

Deno.test("decideListMessages() gives the newest, what is before and what is after, oldest first", () => {
  const { folded, ann, bob, cy } = people();
  for (
    const [i, from, to] of [[1, ann, bob], [2, bob, ann], [3, ann, bob], [4, bob, ann], [
      5,
      ann,
      bob,
    ]] as const
  ) {
    folded.send(from, to, `m${i}`);
  }
  folded.send(cy, ann, "c1");
  assertEquals(listed(folded, ann, { with: "BOB" }), "m1 m2 m3 m4 m5");
  assertEquals(listed(folded, ann, { with: "bob", limit: 2 }), "m4 m5 +");
  assertEquals(listed(folded, ann, { with: "bob", limit: 5 }), "m1 m2 m3 m4 m5");
  assertEquals(listed(folded, ann, { with: "bob", before: "m4", limit: 2 }), "m2 m3 +");
  assertEquals(listed(folded, ann, { with: "bob", before: "m3", limit: 2 }), "m1 m2");
  assertEquals(listed(folded, ann, { with: "bob", before: "m1" }), "");
  assertEquals(listed(folded, ann, { with: "bob", after: "m2", limit: 2 }), "m3 m4 +");
  assertEquals(listed(folded, ann, { with: "bob", after: "m3", limit: 2 }), "m4 m5");
  assertEquals(listed(folded, ann, { with: "bob", after: "m5" }), "");
  assertEquals(listed(folded, bob, { with: "cy" }), "");
});

Deno.test("decideListMessages() refuses unknown users, ids of other conversations and limits past the edge", () => {
  const { folded, ann, bob, cy } = people();
  folded.send(ann, bob, "m1");
  folded.send(cy, bob, "m2");
  assertEquals(listed(folded, ann, { with: "nobody" }), "unknown-user");
  assertEquals(listed(folded, ann, { with: "bob", before: "m2" }), "unknown-message");
  assertEquals(listed(folded, ann, { with: "bob", after: "m9" }), "unknown-message");
  assertEquals(listed(folded, ann, { with: "cy", after: "m2" }), "unknown-message");
  for (const limit of [0, -1, 501]) assertEquals(listed(folded, ann, { with: "bob", limit }), "bad-request");
  for (const limit of [1, 500]) assertEquals(listed(folded, ann, { with: "bob", limit }), "m1");
});

Deno.test("decideListMessages() gives 50 messages unless it is asked for others", () => {
  const { folded, ann, bob } = people();
  for (let i = 0; i < 51; i++) folded.send(ann, bob, `m${i}`);
  assertEquals(listed(folded, ann, { with: "bob" }).split(" ").length, 51);
  assertEquals(listed(folded, ann, { with: "bob" }).startsWith("m1 "), true);
});

Deno.test("decideListMessages() goes on from a message that was deleted or hidden meanwhile", () => {
  const { folded, ann, bob } = people();
  for (const id of ["m1", "m2", "m3", "m4"]) folded.send(ann, bob, id);
  folded.mark("messagesDeleted", ann, bob, "m2");
  folded.mark("messagesHidden", ann, bob, "m3");
  assertEquals(listed(folded, bob, { with: "ann" }), "m1 m4");
  assertEquals(listed(folded, ann, { with: "bob" }), "m1 m3 m4");
  for (const id of ["m2", "m3"]) {
    assertEquals(listed(folded, bob, { with: "ann", before: id }), "m1", id);
    assertEquals(listed(folded, bob, { with: "ann", after: id }), "m4", id);
  }
});

Deno.test("decideListMessages() lists what nobody confirmed, from everybody, in the order of the stamps", () => {
  const { folded, ann, bob, cy } = people();
  for (const [id, from] of [["m1", ann], ["m2", cy], ["m3", ann], ["m4", ann], ["m5", cy]] as const) {
    folded.send(from, bob, id);
  }
  assertEquals(listed(folded, bob, { undelivered: true }), "m1 m2 m3 m4 m5");
  assertEquals(listed(folded, bob, { undelivered: true, limit: 2 }), "m1 m2 +");
  folded.mark("messagesDelivered", ann, bob, "m1");
  folded.mark("messagesRead", cy, bob, "m2");
  folded.mark("messagesHidden", ann, bob, "m3");
  folded.mark("messagesDeleted", ann, bob, "m4");
  assertEquals(listed(folded, bob, { undelivered: true }), "m5");
  assertEquals(listed(folded, ann, { undelivered: true }), "");
});

Deno.test("decideListMessages() ends a page at the frame limit, and gives at least one", () => {
  const content = fc.string({ unit: "binary", minLength: 1, maxLength: 600 });
  let pages = 0;
  fc.assert(
    fc.property(
      fc.array(content, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 512, max: 4_096 }),
      (contents, bytes) => {
        const { folded, ann, bob } = people();
        for (const [i, each] of contents.entries()) folded.send(ann, bob, `m${i}`, each);
        const limits = { ...DEFAULT_LIMITS, frameBytes: bytes };
        const seen: string[] = [];
        for (let more = true; more; pages++) {
          const after = seen.at(-1);
          const reply = replyTo(
            folded,
            bob,
            after === undefined ? { undelivered: true } : { with: "ann", after },
            limits,
          );
          if (reply.name !== "messages") throw new Error(reply.name);
          const { messages } = reply.payload;
          seen.push(...messages.map((message) => message.id));
          if (messages.length > 1) assertLessOrEqual(encodeReply(reply).length - HEADER_BYTES, bytes);
          assertEquals(messages.length > 0, true);
          more = reply.payload.more;
        }
        assertEquals(seen, contents.map((_, i) => `m${i}`));
      },
    ),
    { numRuns: 200, seed: 10 },
  );
  console.log(`${pages} pages`);
});

/** The reply of `listConversation`, with its length. */
function whole(folded: FoldedState, account: Account, name: string, limits = DEFAULT_LIMITS): {
  readonly messages: readonly ChatMessage[];
  readonly bytes: number;
} {
  const bytes = concatenated(wholeOf(listConversation(folded.state, account, name, limits)));
  const reader = new FrameReader(limits.replyBytes);
  reader.push(bytes);
  const frame = reader.next();
  if (frame === undefined) throw new Error("no whole frame");
  const reply = decodeOriginalReply(frame);
  if (reply.name !== "messages") throw new Error(reply.name);
  // Dictionaries have no order; the bytes of the shape do.
  assertEquals(bytes, encodeOriginalReply(reply));
  return { messages: reply.payload, bytes: frame.payload.length };
}

Deno.test("listConversation() gives all of it, the newest where it is too long, delivered as unread", () => {
  const { folded, ann, bob } = people();
  for (let i = 0; i < 300; i++) folded.send(ann, bob, `m${i}`, "x".repeat(100));
  folded.mark("messagesDelivered", ann, bob, "m298");
  folded.mark("messagesRead", ann, bob, "m299");
  const all = whole(folded, bob, "ann").messages;
  assertEquals(all.map((message) => message.id), Array.from({ length: 300 }, (_, i) => `m${i}`));
  assertEquals(all.slice(-3).map((message) => message.status), ["unread", "unread", "read"]);

  const limits = { ...DEFAULT_LIMITS, replyBytes: 10_000 };
  const part = whole(folded, bob, "ann", limits);
  assertEquals(part.messages.at(-1)?.id, "m299");
  assertLessOrEqual(part.bytes, 10_000);
  assertEquals(part.messages.length > 35, true);
  assertEquals(whole(folded, bob, "nobody").messages, []);
});
