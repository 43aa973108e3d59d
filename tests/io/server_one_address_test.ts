import { assertEquals, assertMatch } from "@std/assert";
import type { Limits } from "../../common/limits.ts";
import { eventually } from "../testing/eventually.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** The address that everybody is behind. */
const SHARED = "127.0.0.5";

/** A server with its own limits, which hold for the addresses of this machine too. */
function start(limits: Partial<Limits> = {}): Promise<ServerProcess> {
  return ServerProcess.start({
    configuration: { limits: { ...QUICK.limits, loopbackExempt: false, ...limits } },
  });
}

/** A connection from the shared address that has said HELLO. */
async function greeted(server: ServerProcess): Promise<TestClient> {
  return await TestClient.connect(0, await connectFrom(SHARED, server.port));
}

/** A connection from the shared address that says nothing. */
async function silent(server: ServerProcess): Promise<RawClient> {
  return new RawClient(await connectFrom(SHARED, server.port));
}

/** Makes accounts from addresses of their own; returns their tokens. */
async function tokensOf(server: ServerProcess, people: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let number = 1; number <= people; number++) {
    await using client = await TestClient.connect(0, await connectFrom(`127.0.1.${number}`, server.port));
    await client.expect("startLogin", { name: `person${number}` }, "userNotExisting");
    const login = { password: `password of ${number}` };
    tokens.push((await client.expect("finishLogin", login, "loginSuccess")).token);
  }
  return tokens;
}

/** Connects with each token at once, and closes all; returns how many of each reply there were. */
async function comeBack(server: ServerProcess, tokens: readonly string[]): Promise<Record<string, number>> {
  const clients: TestClient[] = [];
  const replies = await Promise.all(tokens.map(async (token) => {
    const client = await greeted(server);
    clients.push(client);
    return (await client.ask("resume", { token })).name;
  }));
  for (const client of clients) await client[Symbol.asyncDispose]();
  const counts: Record<string, number> = {};
  for (const reply of replies) counts[reply] = (counts[reply] ?? 0) + 1;
  return counts;
}

async function endAll(clients: readonly AsyncDisposable[]): Promise<void> {
  for (const client of clients) await client[Symbol.asyncDispose]();
}

for (const squatters of [16, 200]) {
  const name =
    `ServerProcess lets 40 people of one address come back at once, beside ${squatters} that said only HELLO`;
  processTest(name, async () => {
    await using server = await start();
    const tokens = await tokensOf(server, 40);
    const held = await Promise.all(Array.from({ length: squatters }, () => greeted(server)));
    for (let blip = 0; blip < 3; blip++) {
      assertEquals(await comeBack(server, tokens), { loginSuccess: tokens.length });
    }
    await endAll(held);
  }, OTHER_ADDRESSES);
}

processTest(
  "ServerProcess lets a person log in beside 16 of the same address that said only HELLO",
  async () => {
    await using server = await start({ crowdMs: 1_000 });
    const held = await Promise.all(Array.from({ length: 16 }, () => greeted(server)));
    await using person = await greeted(server);
    await person.expect("startLogin", { name: "alice" }, "userNotExisting");
    await held[0]?.closed;
    await person.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
    await endAll(held);
  },
  OTHER_ADDRESSES,
);

processTest("ServerProcess keeps 16 silent ones of 300 of one address, and a person who types", async () => {
  await using server = await start({ crowdMs: 1_000 });
  await using person = await greeted(server);
  await person.expect("startLogin", { name: "alice" }, "userNotExisting");
  await using elsewhere = await TestClient.connect(0, await connectFrom("127.0.0.6", server.port));
  const flood = await Promise.all(Array.from({ length: 300 }, () => silent(server)));
  let ended = 0;
  const ends = flood.map((client) => client.rest().then(() => ended++, () => {}));
  // One of the 16 places is the person's.
  await eventually("the oldest have given way", () => ended === 285);
  await person.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
  assertEquals([(await elsewhere.ask("ping", null)).name, ended], ["pong", 285]);
  await endAll(flood);
  await Promise.all(ends);
}, OTHER_ADDRESSES);

processTest("ServerProcess lets a flood from one address push out nobody of another", async () => {
  await using server = await start({ unauthenticatedConnections: 50 });
  await using person = await TestClient.connect(0, await connectFrom("127.0.0.6", server.port));
  const flood: RawClient[] = [];
  for (let count = 0; count < 150; count++) flood.push(await silent(server));
  assertEquals((await person.ask("ping", null)).name, "pong");
  // The 101 oldest of the flood have given way.
  for (const client of flood.slice(0, 101)) await client.rest();
  await flood.at(101)?.send("startLogin", { name: "nobody" }, "original");
  assertEquals((await flood.at(101)?.receive())?.type, 102);
  await endAll(flood);
}, OTHER_ADDRESSES);

processTest("ServerProcess charges no connection that sends no whole frame", async () => {
  await using server = await start({ newConnectionsPerMinute: 1 });
  for (let count = 0; count < 60; count++) {
    await using client = await silent(server);
    if (count % 2 === 0) await client.sendBytes(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 0]));
  }
  await using person = await greeted(server);
  assertEquals((await person.ask("startLogin", { name: "alice" })).name, "userNotExisting");
}, OTHER_ADDRESSES);

processTest("ServerProcess lets nobody but tokens in once the minute of an address is spent", async () => {
  await using server = await start({ newConnectionsPerMinute: 3 });
  const tokens = await tokensOf(server, 5);
  const held = await Promise.all(Array.from({ length: 3 }, () => greeted(server)));
  await using late = await greeted(server);
  const reply = await late.ask("startLogin", { name: "person1" });
  assertMatch(JSON.stringify(reply.payload), /3 connections came from 127\.0\.0\.5 within a minute/);
  await late.closed;
  assertEquals(await comeBack(server, tokens), { loginSuccess: 5 });
  await endAll(held);
}, OTHER_ADDRESSES);
