import { assert, assertEquals } from "@std/assert";
import type { Limits } from "../../common/limits.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const HOME = "127.0.0.1";
const ELSEWHERE = "127.0.0.3";
const RIGHT = "password of alice";
const WRONG = "password of alike";

/** A server that tells the addresses of this machine apart; a delay outlasts a test on a slow machine. */
function start(limits: Partial<Limits> = {}): Promise<ServerProcess> {
  const all = {
    ...QUICK.limits,
    newConnectionsPerMinute: 0,
    loopbackExempt: false,
    loginDelayMs: 120_000,
    ...limits,
  };
  return ServerProcess.start({ configuration: { limits: all } });
}

async function connected(port: number, address: string, name = "alice"): Promise<TestClient> {
  const client = await TestClient.connect(0, await connectFrom(address, port));
  await client.ask("startLogin", { name });
  return client;
}

/** The reply to a login from an address, in short. */
async function attempt(port: number, address: string, password: string, name?: string): Promise<string> {
  await using client = await connected(port, address, name);
  return inShort(await client.ask("finishLogin", { password }));
}

function inShort(reply: ConfirmedReply): string {
  return reply.name === "error" ? reply.payload.code : reply.name;
}

/** Guesses that often from an address; returns the replies. */
async function guess(port: number, address: string, times: number): Promise<string[]> {
  await using client = await connected(port, address);
  const replies: string[] = [];
  for (let i = 0; i < times; i++) replies.push(inShort(await client.ask("finishLogin", { password: WRONG })));
  return replies;
}

processTest("ServerProcess lets an owner in while 15 guesses delay another address", async () => {
  await using server = await start();
  const { port } = server;
  await using owner = await TestClient.login(port, "alice");
  const replies = await guess(port, "127.0.0.2", 15);
  assertEquals(replies, replies.map((_, i) => i < 5 ? "loginFailed" : "rate-limited"));
  for (let i = 0; i < 34; i++) assertEquals(await attempt(port, HOME, RIGHT), "loginSuccess", String(i));
  assertEquals(await attempt(port, ELSEWHERE, RIGHT), "loginSuccess");
  assertEquals(await attempt(port, "127.0.0.2", RIGHT), "rate-limited");
  await owner.expect("changePassword", { old: RIGHT, new: "another password" }, "ok");
  await owner.expect("deleteAccount", { password: "another password" }, "ok");
  // Another account of the name has nothing to do with it.
  await using _next = await TestClient.login(port, "alice", "quite another password");
  assertEquals(await attempt(port, "127.0.0.2", "quite another password"), "loginSuccess");
}, OTHER_ADDRESSES);

processTest("ServerProcess answers 34 of 34 right passwords during 2,000 guesses", async () => {
  await using server = await start();
  const { port } = server;
  const { token } = await register(port);
  // Its token stays, because its session is open.
  await using owner = await TestClient.connect(port);
  await owner.expect("resume", { token }, "loginSuccess");
  let isOver = false;
  const attack = Promise.all(Array.from({ length: 200 }, (_, i) => guess(port, `127.1.0.${i + 1}`, 10)))
    .then((replies) => {
      isOver = true;
      return replies.flat();
    });
  attack.catch(() => {});
  const known: string[] = [];
  while (!isOver || known.length < 34) {
    known.push(await attempt(port, HOME, RIGHT));
    await using resumed = await TestClient.connect(0, await connectFrom(ELSEWHERE, port));
    await resumed.expect("resume", { token }, "loginSuccess");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals(known.filter((reply) => reply !== "loginSuccess"), []);
  const counts = Map.groupBy(await attack, (reply) => reply);
  const compared = counts.get("loginFailed")?.length ?? 0;
  console.log(
    `${known.length} right passwords during ${[...counts].map(([reply, all]) => `${all.length} ${reply}`)}`,
  );
  assert(compared <= 310, `${compared} guesses were compared`);
  assertEquals(
    compared + (counts.get("rate-limited")?.length ?? 0) + (counts.get("busy")?.length ?? 0),
    2_000,
  );
  await owner.expect("deleteAccount", { password: RIGHT }, "ok");
}, OTHER_ADDRESSES);

async function register(port: number): Promise<{ readonly token: string }> {
  await using client = await connected(port, HOME);
  return await client.expect("finishLogin", { password: RIGHT }, "loginSuccess");
}

processTest(
  "ServerProcess slows the owner's own address alone when the guesses come from there",
  async () => {
    await using server = await start();
    const { port } = server;
    await using owner = await TestClient.login(port, "alice");
    assertEquals((await guess(port, HOME, 8)).filter((reply) => reply === "loginFailed").length, 5);
    assertEquals(await attempt(port, HOME, RIGHT), "rate-limited");
    assertEquals(await attempt(port, ELSEWHERE, RIGHT), "loginSuccess");
    await owner.expect("changePassword", { old: RIGHT, new: "another password" }, "ok");
    assertEquals(await attempt(port, ELSEWHERE, "another password"), "loginSuccess");
  },
  OTHER_ADDRESSES,
);

processTest("ServerProcess answers a known address and a stranger alike while strangers wait", async () => {
  await using server = await start({ strangerFailuresPerHour: 10 });
  const { port } = server;
  await using _owner = await TestClient.login(port, "alice");
  for (let i = 0; i < 10; i++) {
    assertEquals(await attempt(port, `127.0.1.${i + 1}`, WRONG), "loginFailed");
  }
  const clients = await Promise.all([HOME, ELSEWHERE].map((address) => connected(port, address)));
  const order: string[] = [];
  const replies = await Promise.all(clients.map(async (client, i) => {
    const reply = await client.ask("finishLogin", { password: WRONG });
    order.push(i === 0 ? "known" : "stranger");
    return reply;
  }));
  const [known, stranger] = replies;
  assertEquals(inShort(known as ConfirmedReply), "rate-limited");
  assertEquals(known, stranger);
  assertEquals(new Set(order).size, 2);
  for (const client of clients) await client[Symbol.asyncDispose]();
  assertEquals(await attempt(port, ELSEWHERE, RIGHT), "rate-limited");
  assertEquals(await attempt(port, HOME, RIGHT), "loginSuccess");
  const log = await Deno.readTextFile(`${server.data}/log/00000001.jsonl`);
  assertEquals([log.includes("addressKnown"), log.includes(HOME)], [true, false]);
}, OTHER_ADDRESSES);
