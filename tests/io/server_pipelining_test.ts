/**
 * Clients that send many requests at once, or close their side before the last reply.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { concatenated } from "../testing/concatenated.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Content size, bytes: fourteen such messages fill a page. */
const CONTENT = "x".repeat(16_000);

processTest("a client may ask for many full pages without waiting", async () => {
  await using server = await ServerProcess.start();
  await using alice = await TestClient.login(server.port, "alice");
  for (let i = 0; i < 20; i++) await alice.expect("sendMessage", { to: "alice", content: CONTENT }, "sent");
  const request = encodeRequest({ name: "listMessages", payload: { with: "alice" } }, "confirmed");
  const pages = 40;
  await alice.sendBytes(concatenated(Array.from({ length: pages }, () => request)));
  let bytes = 0;
  for (let i = 0; i < pages; i++) {
    const reply = await alice.reply();
    if (reply.name !== "messages") throw new Error(JSON.stringify(reply));
    bytes += reply.payload.messages.length * CONTENT.length;
  }
  console.log(`${pages} pages of ${bytes} bytes of content, asked for in one write`);
});

processTest("what was asked before the client has finished talking is answered", async () => {
  await using server = await ServerProcess.start();
  await using alice = await TestClient.login(server.port, "alice");
  const rounds = 20;
  for (let i = 0; i < rounds; i++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await using client = await TestClient.connect(server.port, connection);
    await client.expect("startLogin", { name: "alice" }, "userExisting");
    const replies = Promise.all([client.reply(), client.reply()]);
    await client.send("finishLogin", { password: "password of alice" });
    await client.send("sendMessage", { to: "alice", content: `round ${i}` });
    await connection.closeWrite();
    // The second frame is not taken while the password is hashed; the end of input comes behind both.
    assertEquals((await replies).map((reply) => reply.name), ["loginSuccess", "sent"]);
    await client.closed;
  }
  const page = await alice.expect("listMessages", { with: "alice" }, "messages");
  assertEquals(page.messages.length, rounds);
  console.log(`${rounds} connections were closed for writing right behind their requests`);
});
