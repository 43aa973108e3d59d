import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { Limits } from "../../common/limits.ts";
import { concatenated } from "../testing/concatenated.ts";
import { processTest } from "../testing/permissions.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";
import { RawClient } from "../testing/raw_client.ts";
import { scale } from "../testing/scale.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const CONTENT = "x".repeat(16_000);

/** More messages of `CONTENT` than the kernel holds for a reader that does not read: 16 MB. */
const MANY = 1_000;

function start(limits: Partial<Limits> = {}): Promise<ServerProcess> {
  return ServerProcess.start({ configuration: { ...QUICK, limits: { ...QUICK.limits, ...limits } } });
}

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Sends messages numbered from `first` on, all at once. */
async function sendMany(from: TestClient, to: string, first: number, count: number): Promise<void> {
  const replies = Array.from({ length: count }, () => from.reply());
  const requests = Array.from({ length: count }, (_, i) => {
    const payload = { to, content: CONTENT, id: idOf(first + i) };
    return encodeRequest({ name: "sendMessage", payload }, "confirmed");
  });
  await from.sendBytes(concatenated(requests));
  for (const reply of replies) assertEquals((await reply).name, "sent");
}

/** The next push of a kind. @throws {Error} if the server has closed the connection */
async function next<Name extends Push["name"]>(
  client: RawClient,
  name: Name,
): Promise<Extract<Push, { readonly name: Name }>["payload"]> {
  for (;;) {
    const frame = await client.receive();
    if (frame === undefined) throw new Error("the reader was dropped");
    const said = decodeFromServer(frame);
    if ("push" in said && said.push.name === name) return said.push.payload as never;
  }
}

function assertNobodyDropped(server: ServerProcess): void {
  assertEquals(server.stderr.match(/slowReaderDropped.*/), null);
}

processTest("a burst of 62 x 16 KB from three sessions reaches one reader whole", async () => {
  await using server = await start();
  await using reader = await RawClient.login(server.port, "reader");
  const senders = await Promise.all(["ann", "bea", "cat"].map((name) => TestClient.login(server.port, name)));
  const sent = Promise.all(senders.map((sender, i) => sendMany(sender, "reader", i * 100, 62)));
  const ids = new Set<string>();
  while (ids.size < 3 * 62) ids.add((await next(reader, "message")).id);
  await sent;
  for (const sender of senders) await sender[Symbol.asyncDispose]();
  assertNobodyDropped(server);
});

processTest(
  "a reader that pauses gets 16 MB in order, in little memory, while another session has them at once",
  async () => {
    await using server = await start();
    await using slow = await RawClient.login(server.port, "reader");
    await using fast = await TestClient.login(server.port, "reader");
    await using sender = await TestClient.login(server.port, "ann");
    await sendMany(sender, "reader", 0, 100);
    const before = await server.residentBytes();
    await sendMany(sender, "reader", 100, MANY - 100);
    for (let i = 0; i < MANY;) if ((await fast.push()).name === "message") i++;
    const grown = (await server.residentBytes()) - before;
    for (let i = 0; i < MANY; i++) assertEquals((await next(slow, "message")).id, idOf(i));
    assertNobodyDropped(server);
    // The messages themselves are among it.
    assertLess(grown, 128 << 20);
    console.log(`${MANY} messages waited for one session of two; the server grew by ${grown >> 20} MiB`);
  },
);

processTest(
  "a reader that pauses is told of what happened meanwhile: STATUS, DELETED, no deleted content",
  async () => {
    await using server = await start();
    await using slow = await RawClient.login(server.port, "ann");
    await using sender = await TestClient.login(server.port, "ann");
    await using bob = await TestClient.login(server.port, "bob");
    await sendMany(sender, "bob", 0, MANY);
    for (let i = 0; i < MANY; i++) {
      await bob.send("confirmDelivery", { ids: [idOf(i)] });
      await bob.send("readMessages", { with: "ann", ids: [idOf(i)] });
      await sender.send("deleteMessages", { ids: [idOf(i)] });
    }
    for (let i = 0; i < 2 * MANY; i++) await bob.reply();
    for (let i = 0; i < MANY; i++) await sender.reply();
    let [messages, deleted] = [0, 0];
    while (deleted < MANY) {
      const frame = await slow.receive();
      if (frame === undefined) throw new Error("the reader was dropped");
      const said = decodeFromServer(frame);
      if (!("push" in said)) continue;
      if (said.push.name === "message") messages++;
      if (said.push.name === "deleted") assertEquals(said.push.payload.ids, [idOf(deleted++)]);
    }
    assertGreater(messages, 0);
    assertLess(messages, MANY, "what the kernel had not taken was not sent any more");
    assertNobodyDropped(server);
    console.log(`${messages} of ${MANY} messages had left before they were deleted`);
  },
);

processTest("a client that asks for 100 pages before it reads gets them, in either dialect", async () => {
  await using server = await start();
  await using sender = await TestClient.login(server.port, "ann");
  await using reader = await RawClient.login(server.port, "bob");
  await sendMany(sender, "bob", 0, 100);
  for (let i = 0; i < 100; i++) await next(reader, "message");
  const asking = (async () => {
    for (let i = 0; i < 100; i++) await reader.send("listMessages", { with: "ann", limit: 1 + i % 15 });
  })();
  for (let i = 0; i < 100; i++) {
    const frame = await reader.receive();
    const said = frame && decodeFromServer(frame);
    if (!said || !("reply" in said) || said.reply.name !== "messages") {
      throw new Error(`page ${i} is missing`);
    }
    assertEquals(said.reply.payload.messages.length, 1 + i % 15);
  }
  await asking;
  await using original = await RawClient.connect(server.port);
  await original.send("startLogin", { name: "bob" }, "original");
  await original.send("finishLogin", { password: "password of bob" }, "original");
  for (let i = 0; i < 2; i++) await original.receive();
  const askingAgain = (async () => {
    for (let i = 0; i < 20; i++) await original.send("listMessages", { with: "ann" }, "original");
  })();
  for (let i = 0; i < 20; i++) {
    const frame = await original.receive();
    const reply = frame && decodeOriginalReply(frame);
    assertEquals(reply?.name === "messages" && reply.payload.length, 100);
  }
  await askingAgain;
  assertNobodyDropped(server);
});

/** Bytes per second of a slow reader, and the least pace, bytes and ms. In a soak, the defaults of the product. */
const RATE = scale(600_000, 30_000);
const PACE = scale(500, 10_000);

processTest("a reader at the pace is never dropped, and one that takes nothing is", async () => {
  await using server = await start({ outboundSoftMs: PACE, writeMs: PACE });
  await using slow = await RawClient.login(server.port, "slow");
  await using stalled = await RawClient.login(server.port, "stalled");
  await using sender = await TestClient.login(server.port, "ann");
  const count = scale(500, 350);
  await sendMany(sender, "stalled", 10_000, MANY);
  await sendMany(sender, "slow", 0, count);
  const beganMs = performance.now();
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const { id, content } = await next(slow, "message");
    assertEquals(id, idOf(i));
    bytes += content.length;
    const aheadMs = bytes / RATE * 1_000 - (performance.now() - beganMs);
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
  const seconds = (performance.now() - beganMs) / 1_000;
  console.log(`${bytes} bytes in ${seconds.toFixed(0)} s, ${(bytes / seconds / 1_000).toFixed(0)} KB/s`);
  await server.waitFor(() => server.stderr.includes("slowReaderDropped"));
  const dropped = server.stderr.match(/"event":"slowReaderDropped"|slowReaderDropped/g) ?? [];
  assertEquals(dropped.length, 1);
  await sender.expect("sendMessage", { to: "slow", content: "and now" }, "sent");
  assertEquals((await next(slow, "message")).content, "and now");
  await stalled.rest();
});
