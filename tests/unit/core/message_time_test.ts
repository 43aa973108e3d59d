import { assertEquals } from "@std/assert";
import type { MessageSent } from "../../../server/core/events.ts";
import { messageTime, timedByStamp } from "../../../server/core/messages/message_time.ts";
import { FoldedState } from "../../testing/folded_state.ts";

Deno.test("messageTime() is the wall clock's, unless something later is in the conversation", () => {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  const conversation = () => ann.conversations.get(bob.id);
  assertEquals(messageTime(conversation(), 5.9), 5_000);
  assertEquals(messageTime(conversation(), -5), 1);
  const content = "content";
  folded.apply({ type: "messageSent", id: "m1", from: bob.id, to: ann.id, content, at: 5_000 });
  assertEquals(messageTime(conversation(), 5), 5_001);
  assertEquals(messageTime(conversation(), 4), 5_001);
  assertEquals(messageTime(conversation(), 6), 6_000);
  folded.mark("messagesHidden", bob, ann, "m1");
  assertEquals(messageTime(conversation(), 4), 5_001, "the other side still sees what one side has hidden");
  folded.mark("messagesDeleted", bob, ann, "m1");
  assertEquals(messageTime(conversation(), 4), 4_000);
});

Deno.test("messageTime() stays a number that a log can hold", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const at = Number.MAX_SAFE_INTEGER;
  folded.apply({ type: "messageSent", id: "m1", from: ann.id, to: ann.id, content: "content", at });
  assertEquals(messageTime(ann.conversations.get(ann.id), 5), at);
});

Deno.test("timedByStamp() leaves the time out where the stamp is at most 100 ms later", () => {
  const event: MessageSent = { type: "messageSent", id: "m", from: "a", to: "b", content: "c", at: 500_000 };
  const { at: _, ...timeless } = event;
  assertEquals(timedByStamp(event, 500_000), timeless);
  assertEquals(timedByStamp(event, 599_999), timeless);
  assertEquals(timedByStamp(event, 600_000), event);
  assertEquals(timedByStamp(event, 499_999), event);
  assertEquals(timedByStamp(timeless, 1), timeless);
});
