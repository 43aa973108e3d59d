import { assertEquals } from "@std/assert";
import { HarnessClient } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { PRESENCE_MS, PresenceNews } from "../../../server/node/presence_news.ts";
import { Account } from "../../../server/core/accounts/account.ts";

Deno.test("PresenceNews tells the first change at once, and the state after all others when the interval is over", () => {
  const told: number[] = [];
  const ann = new Account("ann.1");
  let nowMs = 0;
  const news = new PresenceNews(() => told.push(nowMs));
  for (; nowMs < 3 * PRESENCE_MS; nowMs += 100) {
    news.look(nowMs);
    if (nowMs < PRESENCE_MS + 500) news.changed(ann, nowMs);
  }
  assertEquals(told, [0, PRESENCE_MS, 2 * PRESENCE_MS]);
  nowMs = 5 * PRESENCE_MS;
  news.changed(ann, nowMs);
  assertEquals(told.at(-1), nowMs, "the first change after a quiet time leaves at once");
});

Deno.test("PresenceNews keeps accounts apart", () => {
  const told: string[] = [];
  const [ann, bob] = [new Account("ann.1"), new Account("bob.1")];
  const news = new PresenceNews((account) => told.push(account.id));
  news.changed(ann, 0);
  news.changed(bob, 1_000);
  news.changed(ann, 1_000);
  news.changed(bob, 1_500);
  news.look(PRESENCE_MS);
  assertEquals(told, ["ann.1", "bob.1", "ann.1"]);
  news.look(PRESENCE_MS + 1_000);
  assertEquals(told, ["ann.1", "bob.1", "ann.1", "bob.1"]);
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

Deno.test("an account that flaps is told to partners and peers once in 2 s, and at last as it is", () => {
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
    // 10 s: at the beginning, after each interval, and at the end.
    assertEquals([changes.length <= 7, announced.length <= 7], [true, true]);
    assertEquals(changes.at(-1), times % 2 === 0 ? "online" : "offline");
    assertEquals(announced.at(-1)?.slice(0, 1), times % 2 === 0 ? "+" : "-");
  }
});
