/**
 * Requests about old messages at a real node that has loaded its archive.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { processTest } from "../testing/permissions.ts";
import { SegmentedLog } from "../testing/segmented_log.ts";
import { TestClient } from "../testing/test_client.ts";

const MESSAGES = 400;

/** Asks again while the archive is busy. */
async function patiently(ask: () => Promise<ConfirmedReply>): Promise<ConfirmedReply> {
  for (;;) {
    const reply = await ask();
    if (reply.name !== "error" || reply.payload.code !== "busy") return reply;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

processTest("every request about old messages is answered after a start from the archive", async () => {
  await using log = await SegmentedLog.make(MESSAGES);
  await log.follow();
  let kept = MESSAGES;
  for (let start = 0; start < 3; start++) {
    await using server = await log.start();
    await using ann = await TestClient.login(server.port, "ann");
    await using bob = await TestClient.login(server.port, "bob");
    const chats = await patiently(() => bob.ask("listChats", {}));
    assert(chats.name === "chats");
    assertEquals(chats.payload.chats.map(({ last }) => last?.content), [`message ${MESSAGES - 1}`]);
    const found = await patiently(() => bob.ask("search", { words: `message ${10 + start}`, with: "ann" }));
    assert(found.name === "found", JSON.stringify(found));
    const old = found.payload.messages.find(({ content }) => content === `message ${10 + start}`);
    assert(old !== undefined);
    // The same again is the same, another content is a conflict.
    const again = await patiently(() =>
      ann.ask("sendMessage", { to: "bob", content: old.content, id: old.id })
    );
    assertEquals(again.name, "sent");
    const other = await patiently(() => ann.ask("sendMessage", { to: "bob", content: "other", id: old.id }));
    assert(other.name === "error" && other.payload.code === "id-conflict", JSON.stringify(other));
    const deleted = await patiently(() => ann.ask("deleteMessages", { ids: [old.id] }));
    assertEquals(deleted.name, "ok");
    kept--;
    const gone = await patiently(() => bob.ask("search", { words: `message ${10 + start}`, with: "ann" }));
    assert(gone.name === "found");
    assertEquals(gone.payload.messages.filter(({ content }) => content === old.content), []);
    const pages: string[] = [];
    for (let before: string | undefined, more = true; more;) {
      const request = { with: "ann", limit: 100, ...(before === undefined ? {} : { before }) };
      const page = await patiently(() => bob.ask("listMessages", request));
      assert(page.name === "messages");
      pages.push(...page.payload.messages.map(({ content }) => content));
      before = page.payload.messages[0]?.id;
      more = page.payload.more;
    }
    assertEquals(pages.length, kept);
    if (start % 2 === 0) await server.kill();
    else await server.stop();
  }
  console.log(`${MESSAGES - kept} old messages were found, sent again and deleted`);
});
