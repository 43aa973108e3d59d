import { assertEquals } from "@std/assert";
import { passwordOf } from "../../testing/node_harness.ts";
import { shown, three } from "./copies_harness.ts";

Deno.test("forsake() says CLOSING, ends the sessions, and lets no reply leave that waits for peers", () => {
  const { harness, ann, bob, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  harness.settle();
  bob.takePushes();
  harness.node.forsake("copied");
  const nodes = [2, 3].map((i) => ({ name: `node${i}`, host: "127.0.0.1", port: 4_999 + i }));
  for (const client of [ann, bob]) {
    assertEquals(client.pushes, [{ name: "closing", payload: { reason: "copied", nodes } }]);
    assertEquals(client.closed, true);
  }
  acknowledge("node2", "node3");
  harness.pass(2_000);
  harness.node.replicated();
  harness.settle();
  assertEquals([ann.replies, harness.node.audience.size], [[], 0]);
});

Deno.test("forsake() lets nothing leave of turns that are written or decided", () => {
  const { harness, ann, bob } = three();
  bob.replies.length = 0;
  bob.request("listUsers", {});
  ann.request("sendMessage", { to: "bob", content: "being written" });
  harness.turn();
  bob.request("ping", null);
  ann.request("sendMessage", { to: "bob", content: "decided" });
  harness.node.forsake("copied");
  harness.settle();
  assertEquals([ann.replies, bob.replies], [[], []]);
  assertEquals(bob.pushes.map(({ name }) => name), ["closing"]);
  assertEquals(harness.log.synced.filter(({ type }) => type === "messageSent").length, 2);
});

Deno.test("forsake() answers nobody afterwards, not even a login whose password was being checked", () => {
  const { harness, ann } = three();
  const late = harness.connect();
  harness.settle();
  late.replies.length = 0;
  late.request("startLogin", { name: "ann" });
  harness.settle();
  assertEquals(shown(late).length, 1);
  late.request("finishLogin", { password: passwordOf("ann") });
  harness.node.forsake("copied");
  harness.settle();
  late.request("ping", null);
  harness.settle();
  assertEquals([late.replies, late.pushes, ann.session.loggedIn], [[], [], false]);
});
