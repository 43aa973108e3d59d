import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { encodeOriginalReply } from "../../../common/protocol/codec.ts";
import { OriginalListFrame } from "../../../common/protocol/original_list_frame.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { concatenated } from "../../testing/concatenated.ts";

const BLOCK_BYTES = 65_536;

function messages(count: number, contentLength: number): ChatMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
    sender: "ann",
    recipient: "bob",
    content: "ü".repeat(contentLength),
    timestamp: 1_700_000_000 + i,
    status: "unread",
  }));
}

Deno.test("OriginalListFrame has the bytes of the whole reply, in blocks, however long the items are", () => {
  let blocks = 0;
  for (
    const [count, contentLength] of [[0, 0], [1, 0], [1, 70_000], [3, 40_000], [900, 100], [
      2_000,
      3_000,
    ]] as const
  ) {
    const payload = messages(count, contentLength);
    const frame = new OriginalListFrame("messages");
    for (const message of payload) frame.addMessage(message);
    const made = frame.end();
    assertEquals(concatenated(made), encodeOriginalReply({ name: "messages", payload }), `${count} messages`);
    for (const block of made.slice(0, -1)) {
      assertGreater(block.length, BLOCK_BYTES - 1);
      assertLess(block.length, BLOCK_BYTES + 300 + 2 * contentLength);
    }
    blocks += made.length;
  }
  console.log(`${blocks} blocks`);
});

Deno.test("OriginalListFrame is whole when its last item ends a block", () => {
  const unread = new Map<string, number>();
  const frame = new OriginalListFrame("users");
  while (frame.end().length < 2) {
    const name = `user${unread.size}`;
    unread.set(name, unread.size);
    frame.addUser(name, unread.size - 1);
  }
  assertEquals(concatenated(frame.end()), encodeOriginalReply({ name: "users", payload: unread }));
  console.log(`${unread.size} users`);
});
