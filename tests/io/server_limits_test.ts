import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Limits } from "../../common/limits.ts";
import { encodeFrame } from "../../common/wire/frame.ts";
import { concatenated } from "../testing/concatenated.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** A server with these limits, and no others within a test's reach. */
function startWith(limits: Partial<Limits>): Promise<ServerProcess> {
  return ServerProcess.start({ configuration: { limits: { ...QUICK.limits, ...limits } } });
}

/** The ERROR on a connection of the original dialect, before it is closed. */
async function refusalOf(client: RawClient | undefined): Promise<string> {
  const [frame, ...more] = await client?.rest() ?? [];
  assert(frame !== undefined && more.length === 0, "one frame and the end");
  const reply = decodeOriginalReply(frame);
  assert(reply.name === "error", reply.name);
  return reply.payload;
}

async function errorOf(reply: Promise<{ readonly name: string; readonly payload: unknown }>): Promise<{
  readonly code: string;
  readonly message: string;
  readonly retryAfter?: number;
}> {
  const { name, payload } = await reply;
  assertEquals(name, "error");
  return payload as { code: string; message: string };
}

processTest("ServerProcess keeps to sessionsPerAccount", async () => {
  await using server = await startWith({ sessionsPerAccount: 3 });
  const clients: TestClient[] = [];
  for (let count = 0; count < 3; count++) clients.push(await TestClient.login(server.port, "alice"));
  await using fourth = await TestClient.connect(server.port);
  await fourth.expect("startLogin", { name: "alice" }, "userExisting");
  const refused = await errorOf(fourth.ask("finishLogin", { password: "password of alice" }));
  assertEquals(refused.code, "too-many-sessions");
  assertMatch(refused.message, /3 sessions.*limit is 3/);
  await clients.pop()?.[Symbol.asyncDispose]();
  await fourth.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
  for (const client of clients) await client[Symbol.asyncDispose]();
});

processTest("ServerProcess keeps to connectionsPerAddress", async () => {
  await using server = await startWith({ connectionsPerAddress: 2, loopbackExempt: false });
  await using first = await TestClient.login(server.port, "alice");
  await using _second = await TestClient.login(server.port, "bob");
  await using third = await TestClient.connect(server.port);
  await third.expect("startLogin", { name: "carol" }, "userNotExisting");
  const refused = await errorOf(third.ask("finishLogin", { password: "password of carol" }));
  assertEquals(refused.code, "too-many-sessions");
  assertMatch(refused.message, /2 sessions come from your address and the limit is 2/);
  await using elsewhere = await TestClient.connect(0, await connectFrom("127.0.0.2", server.port));
  await elsewhere.expect("startLogin", { name: "alice" }, "userExisting");
  await elsewhere.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
  assertEquals((await first.ask("ping", null)).name, "pong");
}, OTHER_ADDRESSES);

processTest("ServerProcess keeps to unauthenticatedPerAddress, and lets the oldest give way", async () => {
  await using server = await startWith({
    unauthenticatedPerAddress: 3,
    crowdMs: 1_000,
    loopbackExempt: false,
  });
  const strangers: RawClient[] = [];
  for (let count = 0; count < 4; count++) strangers.push(await RawClient.connect(server.port));
  await using elsewhere = await TestClient.connect(0, await connectFrom("127.0.0.2", server.port));
  const reason = await refusalOf(strangers[0]);
  assertMatch(reason, /^4 connections of 127\.0\.0\.1 are not logged in and the limit is 3/);
  assertMatch(reason, /limits\.unauthenticatedPerAddress.*connect again/);
  for (const stranger of strangers.slice(1)) {
    await stranger.send("startLogin", { name: "nobody" }, "original");
    assertEquals((await stranger.receive())?.type, 102);
  }
  assertEquals((await elsewhere.ask("ping", null)).name, "pong");
  for (const stranger of strangers) await stranger[Symbol.asyncDispose]();
}, OTHER_ADDRESSES);

processTest("ServerProcess keeps to newConnectionsPerMinute", async () => {
  await using server = await startWith({ newConnectionsPerMinute: 5, loopbackExempt: false });
  for (let count = 0; count < 5; count++) {
    await using client = await TestClient.connect(server.port);
    assertEquals((await client.ask("ping", null)).name, "pong");
  }
  await using original = await RawClient.connect(server.port);
  await original.send("startLogin", { name: "nobody" }, "original");
  const reason = await refusalOf(original);
  assertMatch(reason, /^5 connections came from 127\.0\.0\.1 within a minute and the limit is 5/);
  assertMatch(reason, /newConnectionsPerMinute.*try again in \d+ s/);
  await using confirmed = await TestClient.connect(server.port);
  const refused = await errorOf(confirmed.ask("startLogin", { name: "nobody" }));
  assertEquals([refused.code, refused.message.slice(0, 26)], ["rate-limited", reason.slice(0, 26)]);
  assertGreater(refused.retryAfter ?? 0, 0);
  await confirmed.closed;
});

processTest("ServerProcess delays messages over messagesPerSecond, and drops none", async () => {
  await using server = await startWith({ messagesPerSecond: 20, messagesBurst: 10 });
  await using alice = await TestClient.login(server.port, "alice");
  const count = 40;
  const beganMs = performance.now();
  const frames = Array.from(
    { length: count },
    (_, number) =>
      encodeRequest({ name: "sendMessage", payload: { to: "alice", content: `${number}` } }, "confirmed"),
  );
  await alice.sendBytes(concatenated(frames));
  for (let number = 0; number < count; number++) assertEquals((await alice.reply()).name, "sent");
  const tookMs = performance.now() - beganMs;
  const { messages } = await alice.expect("listMessages", { with: "alice" }, "messages");
  assertEquals(
    messages.map(({ content }) => content),
    Array.from({ length: count }, (_, number) => `${number}`),
  );
  console.log(`${count} messages with a burst of 10 and 20 a second took ${Math.round(tookMs)} ms`);
  assertGreater(tookMs, 1_400);
});

processTest("ServerProcess answers 1,000 requests in order that are sent without waiting", async () => {
  await using server = await startWith({ requestsInFlight: 16 });
  await using alice = await TestClient.login(server.port, "alice");
  const ids = Array.from({ length: 1_000 }, () => crypto.randomUUID());
  const frames = ids.map((id) =>
    encodeRequest({ name: "sendMessage", payload: { to: "alice", content: id, id } }, "confirmed")
  );
  const sending = alice.sendBytes(concatenated(frames));
  for (const id of ids) {
    const reply = await alice.reply();
    assert(
      reply.name === "sent" && reply.payload.id === id,
      `the reply to ${id} is ${JSON.stringify(reply)}`,
    );
  }
  await sending;
  assertStringIncludes((await alice.ask("listMessages", { with: "alice", limit: 500 })).name, "messages");
});

/** A well-framed LIST_CHATS with a payload of this length that has no meaning. */
function frameOf(bytes: number): Uint8Array<ArrayBuffer> {
  return encodeFrame(17, (writer) => writer.raw(new Uint8Array(bytes)));
}

/** The ERROR that closes a connection after an oversized frame. */
async function lastWords(client: RawClient): Promise<string> {
  const [frame, ...more] = await client.rest();
  assert(frame !== undefined && more.length === 0, "one frame and the end");
  const heard = decodeFromServer(frame);
  assert("reply" in heard && heard.reply.name === "error");
  return heard.reply.payload.message;
}

processTest("ServerProcess takes frames up to the limit, before and after the login", async () => {
  await using server = await startWith({ frameBytesBeforeLogin: 1_000, frameBytes: 30_000 });
  for (const [limit, login] of [[1_000, false], [30_000, true]] as const) {
    const connected = login
      ? RawClient.login(server.port, "alice")
      : RawClient.connect(server.port).then(async (client) => {
        await client.send("hello", { version: 2, client: "raw" });
        await client.receive();
        return client;
      });
    await using client = await connected;
    await client.sendBytes(frameOf(limit));
    assertEquals((await client.receive())?.type, 100);
    await client.send("ping", null);
    assertEquals((await client.receive())?.type, 109);
    await client.sendBytes(frameOf(limit + 1).subarray(0, 12));
    const message = await lastWords(client);
    for (const part of [`${limit + 1}`, `${limit}`]) assertStringIncludes(message, part);
  }
});

processTest("ServerProcess takes contents up to the limit", async () => {
  await using server = await startWith({ contentBytes: 1_001 });
  await using alice = await TestClient.login(server.port, "alice");
  const longest = "ä".repeat(500) + "x";
  await alice.expect("sendMessage", { to: "alice", content: longest }, "sent");
  const refused = await errorOf(alice.ask("sendMessage", { to: "alice", content: `${longest}x` }));
  assertEquals(refused.code, "content-too-long");
  assertMatch(refused.message, /1002 bytes and the limit is 1001/);
  const { messages } = await alice.expect("listMessages", { with: "alice" }, "messages");
  assertEquals(messages.map(({ content }) => content), [longest]);
});

processTest("ServerProcess delays who guesses a password, and blocks where it comes from", async () => {
  const limits = { loginFailuresPerMinute: 3, loginFailuresPerAddress: 5, loginFailuresWindowMs: 60_000 };
  await using server = await startWith({ ...limits, loopbackExempt: false });
  for (const name of ["alice", "bob"]) {
    await TestClient.login(server.port, name).then((client) => client[Symbol.asyncDispose]());
  }
  // The accounts know the address that they were made at.
  await using guesser = await TestClient.connect(0, await connectFrom("127.0.0.3", server.port));
  await guesser.expect("startLogin", { name: "alice" }, "userExisting");
  for (let count = 0; count < 3; count++) {
    await guesser.expect("finishLogin", { password: "no password" }, "loginFailed");
  }
  const delayed = await errorOf(guesser.ask("finishLogin", { password: "password of alice" }));
  assertEquals({ code: delayed.code, retryAfter: delayed.retryAfter }, {
    code: "rate-limited",
    retryAfter: 1,
  });
  assertMatch(delayed.message, /too many wrong passwords for this name; try again in 1 s/);
  await guesser.expect("startLogin", { name: "bob" }, "userExisting");
  for (let count = 0; count < 2; count++) {
    await guesser.expect("finishLogin", { password: "no password" }, "loginFailed");
  }
  const blocked = await errorOf(guesser.ask("finishLogin", { password: "password of bob" }));
  assertEquals(blocked.code, "rate-limited");
  assertGreater(blocked.retryAfter ?? 0, 50);
  assertLess(blocked.retryAfter ?? 0, 61);
  assertMatch(blocked.message, /from your address; try again in \d+ s/);
  await using elsewhere = await TestClient.connect(0, await connectFrom("127.0.0.2", server.port));
  await elsewhere.expect("startLogin", { name: "bob" }, "userExisting");
  await elsewhere.expect("finishLogin", { password: "password of bob" }, "loginSuccess");
}, OTHER_ADDRESSES);
