import { assertEquals } from "@std/assert";
import { isBlocked } from "../../../client/core/blocking.ts";
import { FakeClient, uuid } from "./fake_client.ts";

/** alice at a node that can block people. */
function blocker(script = false): FakeClient {
  const client = new FakeClient({ script });
  client.features = ["block"];
  client.login();
  return client;
}

Deno.test("/block and /unblock say what they have done", () => {
  const client = blocker();
  client.line("/block bob");
  assertEquals(client.reply("blockPerson", "ok", null).payload, { user: "bob", blocked: true });
  client.line("/unblock bob");
  assertEquals(client.reply("blockPerson", "ok", null).payload, { user: "bob", blocked: false });
  client.line("/block zoe");
  client.refuse("blockPerson", "unknown-user");
  assertEquals(
    client.said(),
    [
      "-- bob is blocked: their messages are refused, and they do not see that you are online, nor what you have read",
      "-- bob is not blocked any more",
      "!! refused: unknown-user; /users lists whom there is",
    ].map((line) => line.replace("; /users lists whom there is", "")),
  );
});

Deno.test("/blocked lists everybody, page by page", () => {
  const client = blocker();
  client.line("/blocked");
  assertEquals(client.reply("listBlocked", "blocked", { names: ["bob", "carl"], more: true }).payload, {});
  assertEquals(client.reply("listBlocked", "blocked", { names: ["dan"], more: false }).payload, {
    after: "carl",
  });
  assertEquals(client.model.blocked, ["bob", "carl", "dan"]);
  client.line("/blocked");
  client.reply("listBlocked", "blocked", { names: [], more: false });
  assertEquals(client.said(), ["bob", "carl", "dan", "-- you block nobody"]);
});

Deno.test("the client knows whom its account blocks, whatever the case, until the account is left", () => {
  const client = blocker();
  client.line("/block bob");
  client.reply("blockPerson", "ok", null);
  client.line("/block BOB");
  client.reply("blockPerson", "ok", null);
  assertEquals([client.model.blocked, isBlocked(client.model, "Bob")], [["BOB"], true]);
  client.line("/unblock bob");
  client.reply("blockPerson", "ok", null);
  assertEquals([client.model.blocked, isBlocked(client.model, "Bob")], [[], false]);
  client.line("/block bob");
  client.reply("blockPerson", "ok", null);
  client.line("/logout");
  client.reply("logout", "ok", null);
  assertEquals(client.model.blocked, []);
});

Deno.test("a node without the feature is asked for no block", () => {
  const client = new FakeClient();
  client.features = ["search"];
  client.login();
  client.line("/block bob");
  client.line("/blocked");
  const words = "!! node1 cannot block people; /node lists the nodes, and goes on with another";
  assertEquals([client.said(), client.asked], [[words, words], []]);
});

Deno.test("a block that has no answer yet is asked for again on the next connection", () => {
  const client = blocker();
  client.line("/block bob");
  client.disconnect();
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(client.asked.find(({ name }) => name === "blockPerson")?.payload, {
    user: "bob",
    blocked: true,
  });
});

Deno.test("a message that is not accepted has failed, is kept as that, and is not sent again by itself", () => {
  const client = new FakeClient({ saves: true });
  client.login();
  client.disconnect();
  client.line("/msg bob are you there?");
  client.said();
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  while (client.asked[0] !== undefined && client.asked[0].name !== "sendMessage") {
    client.refuse(client.asked[0].name, "busy");
  }
  client.said();
  client.refuse("sendMessage", "not-accepted");
  assertEquals(client.said(), ["refresh", "!! #a1 to bob was not sent: refused: not-accepted"]);
  const message = client.model.messages.get(uuid(101));
  assertEquals([message?.status, message?.refusal?.code], ["failed", "not-accepted"]);
  assertEquals(client.outbox?.saved?.messages.map(({ status }) => status), ["failed"]);

  client.disconnect();
  client.connect("node1");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(client.asked.some(({ name }) => name === "sendMessage"), false);
});
