import { assertEquals } from "@std/assert";
import type { Action } from "../../../../client/web/page/actions.ts";
import { FakePage } from "./fake_page.ts";

function entered(): FakePage {
  const page = new FakePage();
  page.enter();
  return page;
}

/** Problems of the form in the dialog, as the kind of each. */
function problems({ page: { dialog } }: FakePage): Record<string, string> | undefined {
  if (dialog === undefined || !("form" in dialog)) return undefined;
  const kinds = Object.entries(dialog.form.problems).map(([field, { kind }]) => [field, kind]);
  return Object.fromEntries(kinds);
}

function change(page: FakePage, old: string, next: string, repeat = next): void {
  for (const [field, text] of Object.entries({ old, next, repeat })) {
    page.act({ kind: "passwordTyped", field, text } as Action);
  }
  page.act({ kind: "passwordSubmitted" });
}

function remove(page: FakePage, name: string, password: string): void {
  for (const [field, text] of Object.entries({ name, password })) {
    page.act({ kind: "deletionTyped", field, text } as Action);
  }
  page.act({ kind: "deletionSubmitted" });
}

Deno.test("the password is changed by a form whose problems stand beside its fields", () => {
  const page = entered();
  page.act({ kind: "askForPassword" });
  change(page, "", "", "x");
  assertEquals(problems(page), { old: "missing", next: "missing", repeat: "differs" });
  change(page, "password", "short");
  assertEquals(problems(page), { next: "failure" });
  change(page, "wrong password", "new password");
  page.reply("changePassword", "error", { code: "login-failed", message: "wrong", retryAfter: 3 });
  assertEquals(problems(page), { old: "failure" });
  change(page, "password", "new password");
  assertEquals(page.asked, []);
  page.pass(3);
  page.act({ kind: "passwordSubmitted" });
  page.act({ kind: "passwordSubmitted" });
  assertEquals(page.asked.map(({ payload }) => payload), [{ old: "password", new: "new password" }]);
  page.ordered();
  page.reply("changePassword", "ok", null);
  assertEquals(page.page.dialog, undefined);
  assertEquals(page.page.told.map(({ of }) => of.kind === "notice" && of.notice.kind), ["passwordChanged"]);
  assertEquals(page.orderedOf("focus").map(({ target }) => target.kind), ["former"]);
});

Deno.test("a form that is refused has the focus in the field with the problem", () => {
  const page = entered();
  const focused = (): unknown[] =>
    page.orderedOf("focus").map(({ target }) => target.kind === "element" && target.id);
  page.act({ kind: "askForPassword" });
  change(page, "", "new password");
  assertEquals(focused(), ["password-old"]);
  change(page, "password", "new password", "new passwort");
  assertEquals(focused(), ["password-repeat"]);
  change(page, "password", "short");
  assertEquals(focused(), ["password-next"]);
  change(page, "wrong password", "new password");
  page.refuse("changePassword", "login-failed");
  assertEquals(focused(), ["password-old"]);
  change(page, "password", "new password");
  page.refuse("changePassword", "busy");
  assertEquals(focused(), [], "a problem of no field");
  page.act({ kind: "askToDeleteAccount" });
  remove(page, "bob", "password");
  assertEquals(focused(), ["deletion-name"]);
  remove(page, "alice", "wrong password");
  page.refuse("deleteAccount", "login-failed");
  assertEquals(focused(), ["deletion-password"]);
});

Deno.test("the failure of a form that was closed meanwhile is told", () => {
  const page = entered();
  page.act({ kind: "askForPassword" });
  change(page, "wrong password", "new password");
  page.act({ kind: "closeDialog" });
  page.refuse("changePassword", "login-failed");
  assertEquals(page.page.told.map(({ of }) => of.kind), ["failure"]);
});

Deno.test("a broken connection does not leave a form busy", () => {
  const page = entered();
  page.act({ kind: "askForPassword" });
  change(page, "password", "new password");
  page.disconnect();
  assertEquals(problems(page), { form: "failure" });
});

Deno.test("the account is deleted with its name and its password", () => {
  const page = entered();
  page.act({ kind: "askToDeleteAccount" });
  remove(page, "bob", "");
  assertEquals(problems(page), { name: "otherName", password: "missing" });
  remove(page, " ALICE ", "wrong password");
  page.reply("deleteAccount", "error", { code: "login-failed", message: "wrong" });
  assertEquals(problems(page), { password: "failure" });
  remove(page, "alice", "password");
  page.ordered();
  page.reply("deleteAccount", "ok", null);
  assertEquals(page.ordered().map(({ kind }) => kind), ["forgetLogin", "go", "focus"]);
  assertEquals([page.page.dialog, page.page.login.name], [undefined, "alice"]);
});

Deno.test("a form that is not open takes nothing", () => {
  const page = entered();
  change(page, "a", "b");
  remove(page, "a", "b");
  assertEquals([page.page.dialog, page.asked], [undefined, []]);
});

Deno.test("settings are kept when they change", () => {
  const page = entered();
  page.act({ kind: "set", settings: { theme: "dark" } });
  page.act({ kind: "set", settings: { enterSends: false } });
  assertEquals(page.page.settings, { notifications: "off", enterSends: false, theme: "dark" });
  assertEquals(page.ordered().map(({ kind }) => kind), ["keepSettings", "keepSettings"]);
});

Deno.test("the shell is told what only it can do", () => {
  const page = entered();
  page.act({ kind: "reload" });
  page.act({ kind: "scrollBy", screens: -1 });
  page.act({ kind: "moveTo", node: "node2" });
  assertEquals(page.ordered(), [{ kind: "reload" }, { kind: "scrollBy", screens: -1 }]);
  assertEquals(page.model.wantedNode, "node2");
  page.act({ kind: "nodesAdded", names: ["node4"] });
  page.act({ kind: "versionFound" });
  page.act({ kind: "narrowed", isNarrow: true });
  const { connection: { added }, hasNewVersion, isNarrow } = page.page;
  assertEquals([added, hasNewVersion, isNarrow], [["node4"], true, true]);
});
