import { assertEquals } from "@std/assert";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

Deno.test("a client that has finished sending still gets its answers, then the connection ends", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  ann.request("sendMessage", { to: "ann", content: "hey" });
  ann.session.finished();
  assertEquals(ann.closed, false);
  assertEquals(ann.takeReplies().map(inShort), ["sent"]);
  assertEquals([ann.closed, ann.session.loggedIn], [true, false]);
});

Deno.test("a client that has finished sending gets the answer to a password that is still compared", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  client.session.finished();
  harness.turn();
  assertEquals(client.closed, false);
  assertEquals(client.takeReplies().map(inShort), ["loginSuccess"]);
  assertEquals(client.closed, true);
});

Deno.test("a frame that comes after the end of a session is not looked at", () => {
  const harness = new NodeHarness();
  const [ann, other] = [harness.login("ann"), harness.login("ann")];
  ann.request("deleteAccount", { password: passwordOf("ann") });
  harness.hash();
  other.request("sendMessage", { to: "ann", content: "hey" });
  assertEquals(other.pauseMs, Infinity);
  assertEquals(other.takeReplies(), []);
  assertEquals([ann.closed, other.closed], [true, true]);
});

Deno.test("close() writes down which tokens were used, so that they stay good", () => {
  const harness = new NodeHarness();
  const { token } = harness.login("ann");
  harness.pass(2 * DAY_MS);
  harness.connect().tell("resume", { token });
  assertEquals(harness.log.synced.at(-1)?.type, "tokenIssued");
  harness.node.close("stopped", () => {});
  harness.settle();
  assertEquals(harness.log.synced.at(-1)?.type, "tokensUsed");
});

Deno.test("no frame comes while more than the outbound limit waits to be answered", () => {
  const harness = new NodeHarness({ messagesPerSecond: 0, bytesPerSecond: 0 });
  const ann = harness.login("ann");
  for (let i = 0; i < 20; i++) ann.ask("sendMessage", { to: "ann", content: "x".repeat(16_000) });
  let pages = 0;
  do {
    ann.request("listMessages", { with: "ann" });
    pages++;
  } while (ann.pauseMs === 0 && pages < 128);
  assertEquals([pages, ann.pauseMs], [2, Infinity]);
  const { resumes } = ann;
  assertEquals(ann.takeReplies().length, 2);
  assertEquals(ann.resumes, resumes + 1);
});
