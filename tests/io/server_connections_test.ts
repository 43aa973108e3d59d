import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import type { Limits } from "../../common/limits.ts";
import { eventually } from "../testing/eventually.ts";
import { grown, HeldMemory, inspectedServerCommand, shown } from "../testing/held_memory.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";
import { RawClient } from "../testing/raw_client.ts";
import { scale } from "../testing/scale.ts";
import { QUICK, serverCommand, ServerProcess } from "../testing/server_process.ts";
import { TalkingPair } from "../testing/talking_pair.ts";
import { TestClient } from "../testing/test_client.ts";

const MEBIBYTE = 1_048_576;

function startWith(
  limits: Partial<Limits>,
  hashCost = QUICK.hashCost,
  program = serverCommand(),
): Promise<ServerProcess> {
  return ServerProcess.start({
    program,
    configuration: { hashCost, limits: { ...QUICK.limits, ...limits } },
  });
}

/** Makes `count` objects, `atOnce` at a time. */
async function many<T>(count: number, make: (index: number) => Promise<T>, atOnce = 50): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const from = made.length;
    const length = Math.min(atOnce, count - from);
    made.push(...await Promise.all(Array.from({ length }, (_, index) => make(from + index))));
  }
  return made;
}

async function endAll(clients: readonly RawClient[]): Promise<void> {
  for (const client of clients) await client[Symbol.asyncDispose]();
}

processTest("ServerProcess serves people while thousands are logged in and idle", async () => {
  const [count, perAccount] = [scale(4_000, 9_000), 100];
  await using server = await startWith(
    { sessionsPerAccount: perAccount },
    undefined,
    inspectedServerCommand(),
  );
  using memory = await HeldMemory.open(server);
  await using pair = await TalkingPair.start(server);
  const tokens = await many(count / perAccount, async (index) => {
    await using client = await TestClient.connect(server.port);
    await client.ask("startLogin", { name: `idle${index}` });
    return (await client.expect("finishLogin", { password: "password of idle" }, "loginSuccess")).token;
  });
  await pair.talk("before");
  const before = await memory.measure();
  const idle = await many(count, async (index) => {
    const client = await RawClient.connect(server.port);
    await client.send("hello", { version: 2, client: "idle" });
    await client.send("resume", { token: tokens[Math.floor(index / perAccount)] ?? "" });
    assertEquals([(await client.receive())?.type, (await client.receive())?.type], [110, 103]);
    return client;
  });
  await pair.talk(`with ${count} idle connections`);
  const growth = grown(before, await memory.measure());
  console.log(`${count} idle connections: ${shown(growth)} more`);
  assertLess(growth.process, 256 * MEBIBYTE);
  await idle[0]?.send("ping", null);
  assertEquals((await idle[0]?.receive())?.type, 109);
  await endAll(idle);
  await pair.talk("after they have gone");
});

processTest("ServerProcess lets a reader go who does not read, and keeps its messages", async () => {
  // A pace that a kernel's buffer does not hide for long.
  const limits = { outboundSoftMs: 100, writeMs: 1_000 };
  await using server = await startWith(limits, undefined, inspectedServerCommand());
  using memory = await HeldMemory.open(server);
  await using pair = await TalkingPair.start(server);
  await using slow = await RawClient.login(server.port, "slow");
  await pair.talk("before");
  const before = await memory.measure();
  const content = "x".repeat(16_384);
  let sent = 0;
  for (; !server.stderr.includes("slowReaderDropped") && sent < 2_000; sent++) {
    await pair.left.expect("sendMessage", { to: "slow", content }, "sent");
    if (sent === 200) await pair.talk("while a reader does not read");
  }
  await server.waitFor(() => server.stderr.includes("slowReaderDropped"));
  const line = server.stderr.split("\n").find((each) => each.includes("slowReaderDropped")) ?? "";
  assert(["writeMs", "outboundBytesHard"].includes(JSON.parse(line).limit), line);
  const growth = grown(before, await memory.measure());
  const kept = sent * content.length / MEBIBYTE;
  console.log(`${kept.toFixed(1)} MiB kept for a reader: ${shown(growth)} more`);
  assertLess(growth.program, 64 * MEBIBYTE);
  assertLess(growth.process, 256 * MEBIBYTE);
  await slow.rest();
  await using again = await TestClient.login(server.port, "slow");
  let read = 0;
  for (let isMore = true; isMore;) {
    const page = await again.expect("listMessages", { undelivered: true, limit: 500 }, "messages");
    const ids = page.messages.map(({ id }) => id);
    await again.expect("confirmDelivery", { ids }, "ok");
    read += ids.length;
    isMore = page.more;
  }
  assertEquals(read, sent);
  console.log(`dropped after ${sent} messages of ${content.length} bytes, and got all of them later`);
});

processTest("ServerProcess ends a frame that is begun and not finished", async () => {
  await using server = await startWith({ frameCompletionMs: 1_000 });
  await using pair = await TalkingPair.start(server);
  await using half = await RawClient.connect(server.port);
  await half.sendBytes(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 0]));
  await pair.talk("while a frame is half sent");
  const [frame, ...more] = await half.rest();
  assert(frame !== undefined && more.length === 0);
  const reply = decodeOriginalReply(frame);
  assert(reply.name === "error");
  assertStringIncludes(reply.payload, "1000 ms");
  assertStringIncludes(reply.payload, "limits.frameCompletionMs");
  await pair.talk("after it was ended");
});

processTest("ServerProcess ends connections that never speak, and lets people in meanwhile", async () => {
  const count = 500;
  await using server = await startWith({ firstFrameMs: 3_000 });
  await using pair = await TalkingPair.start(server);
  await pair.talk("before");
  const silent = await many(count, () => RawClient.connect(server.port), count);
  await pair.talk(`with ${count} silent connections`);
  await TestClient.login(server.port, "newcomer").then((client) => client[Symbol.asyncDispose]());
  const chunks = await Promise.all(silent.map((client) => client.read()));
  assertEquals(chunks.filter((chunk) => chunk !== undefined), []);
  await endAll(silent);
  await pair.talk("after they were ended");
});

processTest("ServerProcess lets the oldest stranger go when there are too many", async () => {
  const [limit, over] = [50, 10];
  await using server = await startWith({
    unauthenticatedConnections: limit,
    unauthenticatedPerAddress: limit,
  });
  await using pair = await TalkingPair.start(server);
  const strangers: RawClient[] = [];
  for (let count = 0; count < limit + over; count++) {
    const stranger = await RawClient.connect(server.port);
    await stranger.send("startLogin", { name: "nobody" }, "original");
    assertEquals((await stranger.receive())?.type, 102);
    strangers.push(stranger);
  }
  for (const [index, stranger] of strangers.entries()) {
    if (index < over) {
      assertEquals((await stranger.rest()).map(({ type }) => type), [100]);
    } else {
      await stranger.send("startLogin", { name: "left" }, "original");
      assertEquals((await stranger.receive())?.type, 101);
    }
  }
  await pair.talk(`with ${limit} strangers`);
  await TestClient.login(server.port, "newcomer").then((client) => client[Symbol.asyncDispose]());
  await endAll(strangers);
});

processTest("ServerProcess serves people during a flood of wrong logins", async () => {
  const [addresses, perAddress] = [scale(100, 250), 10];
  await using server = await startWith({ loopbackExempt: false, newConnectionsPerMinute: 0 }, 6);
  await using pair = await TalkingPair.start(server);
  for (let index = 0; index < addresses; index++) {
    await TestClient.login(server.port, `victim${index}`).then((client) => client[Symbol.asyncDispose]());
  }
  await pair.talk("before");
  const answers = new Map<string, number>();
  const flood = many(addresses, async (index) => {
    await using client = await TestClient.connect(0, await connectFrom(`127.0.1.${index + 1}`, server.port));
    await client.expect("startLogin", { name: `victim${index}` }, "userExisting");
    for (let count = 0; count < perAddress; count++) {
      const reply = await client.ask("finishLogin", { password: "a wrong password" });
      const answer = reply.name === "error" ? reply.payload.code : reply.name;
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  }, addresses);
  await pair.talk("during the flood");
  await eventually("a right password is let in", async () => {
    await using client = await TestClient.connect(server.port);
    await client.ask("startLogin", { name: "newcomer" });
    return (await client.ask("finishLogin", { password: "password of newcomer" })).name === "loginSuccess";
  });
  await flood;
  const shown = [...answers].map(([name, count]) => `${count} ${name}`).join(", ");
  console.log(`${addresses} addresses with ${perAddress} wrong passwords each: ${shown}`);
  assertEquals([...answers.keys()].sort(), ["busy", "loginFailed", "rate-limited"]);
  assertEquals(answers.values().reduce((sum, count) => sum + count, 0), addresses * perAddress);
}, OTHER_ADDRESSES);
