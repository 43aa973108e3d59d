import { assertEquals } from "@std/assert";
import { HarnessClient } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { PRESENCE_AT_ONCE, PRESENCE_MS, PresenceNews } from "../../../server/node/presence_news.ts";
import { Account } from "../../../server/core/accounts/account.ts";

Deno.test("PresenceNews tells two changes at once, and the state after all others when the interval is over", () => {
  const told: number[] = [];
  const ann = new Account("ann.1");
  let nowMs = 0;
  const news = new PresenceNews(() => told.push(nowMs));
  for (; nowMs < 3 * PRESENCE_MS; nowMs += 100) {
    news.look(nowMs);
    if (nowMs < PRESENCE_MS + 500) news.changed(ann, nowMs);
  }
  assertEquals(told, [0, 100, PRESENCE_MS, PRESENCE_MS, 2 * PRESENCE_MS]);
  assertEquals(told.filter((ms) => ms < PRESENCE_MS).length, PRESENCE_AT_ONCE);
  nowMs = 5 * PRESENCE_MS;
  for (let i = 0; i < 5; i++) news.changed(ann, nowMs);
  assertEquals(told.slice(5), Array(PRESENCE_AT_ONCE).fill(nowMs), "the first changes after a quiet time");
});

Deno.test("PresenceNews keeps accounts apart", () => {
  const told: string[] = [];
  const [ann, bob] = [new Account("ann.1"), new Account("bob.1")];
  const news = new PresenceNews((account) => told.push(account.id));
  for (let i = 0; i <= PRESENCE_AT_ONCE; i++) news.changed(ann, 0);
  for (let i = 0; i <= PRESENCE_AT_ONCE; i++) news.changed(bob, 1_000);
  const first = [...Array(PRESENCE_AT_ONCE).fill("ann.1"), ...Array(PRESENCE_AT_ONCE).fill("bob.1")];
  assertEquals(told, first);
  news.look(PRESENCE_MS);
  assertEquals(told.slice(first.length), ["ann.1"]);
  news.look(PRESENCE_MS + 1_000);
  assertEquals(told.slice(first.length), ["ann.1", "bob.1"]);
});

/** Logs out and in, or in and out, ten times a second. */
function flap(harness: NodeHarness, client: HarnessClient, name: string, times: number): void {
  for (let i = 0; i < times; i++) {
    if (i % 2 === 0) client.tell("logout", null);
    else client.login(name, passwordOf(name));
    harness.pass(100);
    harness.node.replicated();
  }
}

Deno.test("an account that flaps is told to partners and peers twice in 4 s, and at last as it is", () => {
  for (const times of [100, 101]) {
    const replication = new HeldReplication();
    const harness = new NodeHarness({}, undefined, undefined, replication);
    const [ann, bob] = [harness.login("ann"), harness.login("bob")];
    ann.tell("sendMessage", { to: "bob", content: "hey" });
    harness.pass(PRESENCE_MS);
    bob.takePushes();
    const before = replication.announced.length;
    flap(harness, ann, "ann", times);
    harness.pass(PRESENCE_MS);
    harness.node.replicated();
    const changes = bob.takePushes().map(({ payload }) => "change" in payload ? payload.change : "");
    const announced = replication.announced.slice(before);
    // 10 s are three intervals, at the end of which the last state is told.
    const most = 3 * PRESENCE_AT_ONCE + 1;
    assertEquals([changes.length <= most, announced.length <= most], [true, true]);
    assertEquals(changes.at(-1), times % 2 === 0 ? "online" : "offline");
    assertEquals(announced.at(-1)?.slice(0, 1), times % 2 === 0 ? "+" : "-");
  }
});
