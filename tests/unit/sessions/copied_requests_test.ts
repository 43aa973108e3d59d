import { assertEquals } from "@std/assert";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { passwordOf } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";
import { shown, type Three, three } from "../node/copies_harness.ts";

/** The requests whose reply waits for copies, each with its sender and its reply. */
const COPIED: Readonly<Record<string, readonly [(parties: Three) => HarnessClient, string]>> = {
  "a new token": [({ harness }) => {
    const client = harness.connect();
    client.tell("startLogin", { name: "ann" });
    client.request("finishLogin", { password: passwordOf("ann") });
    return client;
  }, "loginSuccess"],
  "a new account": [({ harness }) => {
    const client = harness.connect();
    client.tell("startLogin", { name: "cat" });
    client.request("finishLogin", { password: passwordOf("cat") });
    return client;
  }, "loginSuccess"],
  "a new account of the original dialect": [({ harness }) => {
    const client = harness.connect({ dialect: "original" });
    client.ask("startLogin", { name: "cat" });
    client.request("finishLogin", { password: passwordOf("cat") });
    return client;
  }, "loginSuccess"],
  "the end of an account": [({ ann }) => {
    ann.request("deleteAccount", { password: passwordOf("ann") });
    return ann;
  }, "ok"],
  "the end of a token": [({ ann }) => {
    ann.request("logout", null);
    return ann;
  }, "ok"],
  "another password": [({ ann }) => {
    ann.request("changePassword", { old: passwordOf("ann"), new: "another password" });
    return ann;
  }, "ok"],
};

for (const [what, [ask, answered]] of Object.entries(COPIED)) {
  Deno.test(`${what} is told once it is on the disks of the peers`, () => {
    const parties = three();
    const client = ask(parties);
    assertEquals([shown(client), client.closed], [[], false]);
    parties.acknowledge("node2");
    assertEquals([shown(client), client.closed], [[], false]);
    parties.acknowledge("node3");
    assertEquals(shown(client), [answered]);
  });
}

Deno.test("the deletion of messages is told once it is on the disks of the peers", () => {
  const { ann, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey", id: IDS[0] });
  ann.takeReplies();
  acknowledge("node2", "node3");
  ann.takeReplies();
  ann.request("deleteMessages", { ids: [IDS[0] ?? ""] });
  assertEquals(shown(ann), []);
  acknowledge("node2", "node3");
  assertEquals(shown(ann), ["ok 1"]);
});

Deno.test("the connection of a deleted account ends behind the reply that waits", () => {
  const { ann, acknowledge, state } = three();
  ann.request("deleteAccount", { password: passwordOf("ann") });
  assertEquals([shown(ann), ann.closed, state.directory.size], [[], false, 1]);
  acknowledge("node2", "node3");
  assertEquals([shown(ann), ann.closed], [["ok"], true]);
});

Deno.test("a login that writes nothing does not wait: RESUME, and the original dialect's of an old account", () => {
  const { harness, ann } = three();
  const resumed = harness.connect();
  assertEquals(resumed.tell("resume", { token: ann.token }), "loginSuccess");
  const original = harness.connect({ dialect: "original" });
  original.tell("startLogin", { name: "ann" });
  assertEquals(original.tell("finishLogin", { password: passwordOf("ann") }), "loginSuccess");
});
