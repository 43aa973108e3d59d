import { assertEquals } from "@std/assert";
import { titleOf } from "../../../../client/web/page/settle.ts";
import { isEntered } from "../../../../client/web/page/page.ts";
import { FakePage } from "./fake_page.ts";

const ACCOUNT = { token: "t", unread: 0, account: "a11ce" };

function connected(): FakePage {
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.ordered();
  return page;
}

/** Problems of the login form by field, as the kind of each. */
function problems({ page: { login } }: FakePage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(login.problems).map((
      [field, problem],
    ) => [field, problem.kind === "failure" ? problem.failure.kind : problem.kind]),
  );
}

Deno.test("loginSubmitted logs in", () => {
  const page = connected();
  page.submit(" alice ", "password");
  assertEquals(page.page.login.isBusy, true);
  assertEquals(page.reply("startLogin", "userExisting", null).payload, { name: "alice" });
  page.reply("finishLogin", "loginSuccess", { name: "alice", ...ACCOUNT });
  assertEquals(isEntered(page.page), true);
  assertEquals(page.page.login.password, "");
  assertEquals(titleOf(page.page), "Chat");
});

Deno.test("a form that lacks something is not sent, and says where", () => {
  const page = connected();
  page.act({ kind: "loginSubmitted" });
  assertEquals(problems(page), { name: "missing", password: "missing" });
  assertEquals(page.orderedOf("focus").map(({ target }) => target), [{ kind: "element", id: "login-name" }]);
  page.act({ kind: "loginTyped", field: "name", text: "alice" });
  assertEquals(problems(page), { password: "missing" });
  assertEquals(page.asked, []);
});

Deno.test("a name that nobody has becomes an account after its password was typed again", () => {
  const page = connected();
  page.submit("bob", "password");
  page.reply("startLogin", "userNotExisting", null);
  assertEquals(page.page.login.step, "register");
  assertEquals(page.page.login.isBusy, false);
  assertEquals(page.orderedOf("focus").at(-1)?.target, { kind: "element", id: "login-repeat" });
  page.act({ kind: "loginTyped", field: "repeat", text: "passwort" });
  page.act({ kind: "loginSubmitted" });
  assertEquals(problems(page), { repeat: "differs" });
  page.act({ kind: "loginTyped", field: "repeat", text: "password" });
  page.act({ kind: "loginSubmitted" });
  page.reply("startLogin", "userNotExisting", null);
  page.reply("finishLogin", "loginSuccess", { name: "bob", ...ACCOUNT });
  assertEquals(isEntered(page.page), true);
});

Deno.test("loginAgain goes back to the login, with what was typed", () => {
  const page = connected();
  page.submit("bob", "password");
  page.reply("startLogin", "userNotExisting", null);
  page.act({ kind: "loginAgain" });
  const { step, name, password, repeat } = page.page.login;
  assertEquals([step, name, password, repeat], ["login", "bob", "password", ""]);
});

Deno.test("failures of a login stand beside the field that they are about", () => {
  const page = connected();
  const tries = [
    ["a b", "password", { name: "nameInvalid" }],
    ["alice", "wrong", { password: "passwordWrong" }],
  ] as const;
  for (const [name, password, wanted] of tries) {
    page.submit(name, password);
    page.reply("startLogin", name === "alice" ? "userExisting" : "userNotExisting", null);
    if (name === "alice") page.reply("finishLogin", "loginFailed", null);
    assertEquals([name, problems(page)], [name, { ...wanted }]);
    assertEquals(page.page.login.isBusy, false);
  }
  page.submit("new", "short");
  page.reply("startLogin", "userNotExisting", null);
  page.act({ kind: "loginTyped", field: "repeat", text: "short" });
  page.act({ kind: "loginSubmitted" });
  assertEquals(problems(page), { password: "passwordLength" });
});

Deno.test("retryAfter counts down on the button, and nothing is sent meanwhile", () => {
  const page = connected();
  page.submit("alice", "password");
  const refusal = { code: "rate-limited", message: "too many logins", retryAfter: 2 } as const;
  page.reply("startLogin", "error", refusal);
  assertEquals(problems(page), { form: "refused" });
  page.act({ kind: "loginSubmitted" });
  assertEquals(page.asked, []);
  page.pass(2);
  page.act({ kind: "loginSubmitted" });
  assertEquals(page.asked.map(({ name }) => name), ["startLogin"]);
});

Deno.test("a token that is no longer valid asks for the password, and what waits is kept", () => {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash: "#/chat/bob" });
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.connect();
  page.ordered();
  page.reply("resume", "loginFailed", null);
  assertEquals(isEntered(page.page), false);
  assertEquals(page.page.login.name, "alice");
  assertEquals(page.orderedOf("forgetLogin").length, 1);
  page.submit("alice", "password");
  // The core has asked for the name by itself, before the form did.
  page.reply("startLogin", "userExisting", null);
  page.reply("startLogin", "userExisting", null);
  page.reply("finishLogin", "loginSuccess", { name: "alice", ...ACCOUNT });
  assertEquals(isEntered(page.page), true);
  assertEquals(page.asked.some(({ name }) => name === "sendMessage"), true);
});

Deno.test("a login that is refused says why in its banner, and is tried again when the person presses", () => {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.refuse("resume", "too-many-sessions");
  assertEquals([page.model.loginRefusal?.code, page.asked], ["too-many-sessions", []]);
  assertEquals(page.page.told, []);
  for (const _press of [1, 2, 3]) {
    page.act({ kind: "resume" });
    page.act({ kind: "resume" });
    page.refuse("resume", "too-many-sessions");
    assertEquals([page.model.loginRefusal?.code, page.asked], ["too-many-sessions", []]);
  }
  page.act({ kind: "resume" });
  page.reply("resume", "loginSuccess", { name: "alice", ...ACCOUNT });
  assertEquals([page.model.loginRefusal, page.page.told], [undefined, []]);
});

Deno.test("a login to a disabled account has one banner, with the way to try it again", () => {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.refuse("resume", "disabled");
  assertEquals([page.model.loginRefusal?.code, page.page.told], ["disabled", []]);
  page.disconnect();
  page.connect("node2");
  assertEquals([page.model.loginRefusal?.code, page.asked], ["disabled", []]);
  page.act({ kind: "resume" });
  page.reply("resume", "loginSuccess", { name: "alice", ...ACCOUNT });
  assertEquals([page.model.loginRefusal, page.model.loggedIn], [undefined, true]);
});

Deno.test("logOut leaves nothing of the account on the page", () => {
  const page = new FakePage();
  page.enter();
  page.open("bob", []);
  page.act({ kind: "typed", text: "draft" });
  page.act({ kind: "logOut" });
  page.ordered();
  page.reply("logout", "ok", null);
  assertEquals(page.ordered().map(({ kind }) => kind), ["forgetLogin", "go", "focus"]);
  const { opened, route, told } = page.page;
  assertEquals([opened, route.kind, told.length], [undefined, "chats", 1]);
  assertEquals(isEntered(page.page), false);
});

Deno.test("logOut asks before messages are lost", () => {
  const page = new FakePage();
  page.enter();
  page.open("bob", []);
  page.disconnect();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.act({ kind: "logOut" });
  assertEquals(page.page.dialog, { kind: "logOut", unsent: 1 });
  page.act({ kind: "closeDialog" });
  assertEquals(page.page.dialog, undefined);
  page.act({ kind: "logOut" });
  page.act({ kind: "confirm" });
  assertEquals(page.page.dialog, undefined);
});

Deno.test("a login moves the focus to the field above the list, on a touch screen to the name of the page", () => {
  const places: readonly (readonly [boolean, string, readonly string[]])[] = [
    [false, "", ["find"]],
    [false, "#/people", ["people-filter"]],
    [false, "#/search", ["words"]],
    [false, "#/chat/bob", ["find", "composer"]],
    [false, "#/settings", ["find", "screen-name"]],
    [true, "", ["page-name"]],
    [true, "#/chat/bob", ["page-name", "screen-name"]],
  ];
  for (const [isTouch, hash, wanted] of places) {
    const page = new FakePage({ isTouch });
    page.act({ kind: "went", hash });
    page.connect();
    page.submit("alice", "password");
    page.reply("startLogin", "userExisting", null);
    page.ordered();
    page.reply("finishLogin", "loginSuccess", { name: "alice", ...ACCOUNT });
    const focused = page.orderedOf("focus").map(({ target }) => target.kind === "element" && target.id);
    assertEquals([isTouch, hash, focused], [isTouch, hash, [...wanted]]);
  }
});
