import { assertEquals } from "@std/assert";
import { FakeClient } from "./fake_client.ts";

const PASSWORD = "correct horse";

/** A person who makes an account, as far as LOGIN_2. */
function registering(
  features: readonly string[] | undefined,
  options: Partial<FakeClient["model"]["options"]> = {},
): FakeClient {
  const client = new FakeClient({ creates: true, ...options });
  client.features = features;
  client.connect();
  client.give({ kind: "start", user: "ann" });
  client.reply("startLogin", "userNotExisting", null);
  for (let i = 0; i < 2; i++) client.give({ kind: "answer", text: PASSWORD });
  return client;
}

Deno.test("a person is asked for the code of an invitation once a node wants one, and again if it is wrong", () => {
  const client = registering(["invitations"]);
  assertEquals(client.asked, [{ name: "finishLogin", payload: { password: PASSWORD } }]);
  client.refuse("finishLogin", "invitation-needed");
  assertEquals([client.said(), client.prompt], [
    ["!! refused: invitation-needed"],
    "code of the invitation for ann: ",
  ]);
  client.give({ kind: "answer", text: "00fe" });
  assertEquals(client.asked, [{
    name: "finishLogin",
    payload: { password: PASSWORD, invitation: "00fe" },
  }]);
  client.refuse("finishLogin", "invitation-invalid");
  assertEquals(client.prompt, "code of the invitation for ann: ");
  client.give({ kind: "answer", text: "00ff" });
  client.reply("finishLogin", "loginSuccess", { name: "ann", token: "t", unread: 0 });
  assertEquals([client.model.loggedIn, client.model.question], [true, undefined]);
});

Deno.test("the third refusal ends it, and so does a node where nobody can register", () => {
  const client = registering(["invitations"]);
  for (const code of ["invitation-needed", "invitation-invalid", "invitation-invalid"] as const) {
    client.refuse("finishLogin", code);
    if (client.model.question !== undefined) client.give({ kind: "answer", text: "00fe" });
  }
  assertEquals([client.model.login, client.said().at(-1)], [undefined, "leave 4"]);
  const closed = registering(["invitations"]);
  closed.refuse("finishLogin", "not-allowed");
  assertEquals([closed.model.login, closed.said()], [undefined, ["!! refused: not-allowed", "leave 1"]]);
});

Deno.test("a code that is known is sent at once, after a break too, and only to a node that knows of it", () => {
  const client = registering(["invitations"], { invitation: "00ff" });
  const payload = { password: PASSWORD, invitation: "00ff" };
  assertEquals(client.asked, [{ name: "finishLogin", payload }]);
  client.disconnect();
  client.connect("node2");
  client.reply("startLogin", "userNotExisting", null);
  for (let i = 0; i < 2; i++) client.give({ kind: "answer", text: PASSWORD });
  assertEquals(client.asked, [{ name: "finishLogin", payload }]);
  assertEquals(registering(undefined, { invitation: "00ff" }).asked, [{
    name: "finishLogin",
    payload: { password: PASSWORD },
  }]);
});

Deno.test("no code is sent for an account that is there", () => {
  const client = new FakeClient({ invitation: "00ff" });
  client.features = ["invitations"];
  client.connect();
  client.give({ kind: "start", user: "ann" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: PASSWORD });
  assertEquals(client.asked, [{ name: "finishLogin", payload: { password: PASSWORD } }]);
});

Deno.test("a script that needs an invitation ends with the refusal", () => {
  const client = registering(["invitations"], { script: true });
  client.refuse("finishLogin", "invitation-needed");
  assertEquals([client.model.login, client.said()], [undefined, [
    "!! refused: invitation-needed",
    "leave 4",
  ]]);
});
