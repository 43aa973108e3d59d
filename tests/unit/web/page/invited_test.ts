import { assertEquals, assertStringIncludes } from "@std/assert";
import { isEntered } from "../../../../client/web/page/page.ts";
import { problemText } from "../../../../client/web/view/fields.tsx";
import { FakePage } from "./fake_page.ts";

const PASSWORD = "correct horse";

/** A page at an address, whose person has chosen name and password of an account that is not there. */
function registering(hash: string): FakePage {
  const page = new FakePage();
  page.features = ["invitations"];
  page.act({ kind: "went", hash });
  page.connect();
  page.submit("ann", PASSWORD);
  page.reply("startLogin", "userNotExisting", null);
  page.act({ kind: "loginTyped", field: "repeat", text: PASSWORD });
  send(page);
  return page;
}

function send(page: FakePage): void {
  page.act({ kind: "loginSubmitted" });
  page.reply("startLogin", "userNotExisting", null);
}

Deno.test("the login has a field for the invitation once a node wants one, and sends what is typed", () => {
  const page = registering("");
  assertEquals([page.page.login.invitation, page.asked.at(-1)?.payload], [undefined, { password: PASSWORD }]);
  page.refuse("finishLogin", "invitation-needed");
  assertEquals(page.page.login.invitation, "");
  assertEquals(page.orderedOf("focus").at(-1)?.target, { kind: "element", id: "login-invitation" });
  assertStringIncludes(problemText(page.page.login.problems.invitation) ?? "", "invitation-needed");
  page.act({ kind: "loginTyped", field: "invitation", text: "00fe" });
  assertEquals(page.page.login.problems, {});
  send(page);
  assertEquals(page.asked.at(-1)?.payload, { password: PASSWORD, invitation: "00fe" });
  page.refuse("finishLogin", "invitation-invalid");
  assertEquals([page.page.login.invitation, page.page.login.isBusy], ["00fe", false]);
  page.act({ kind: "loginTyped", field: "invitation", text: "00ff" });
  send(page);
  page.reply("finishLogin", "loginSuccess", { name: "ann", token: "t", unread: 0, account: "a" });
  assertEquals([isEntered(page.page), page.page.login.invitation], [true, undefined]);
});

Deno.test("the address of an invitation fills the field in, and the login leads to the chats", () => {
  const page = registering("#/invite/00112233-44556677-8899aabb-ccddeeff");
  const code = "00112233-44556677-8899aabb-ccddeeff";
  assertEquals(page.page.login.invitation, code);
  assertEquals(page.asked.at(-1)?.payload, { password: PASSWORD, invitation: code });
  page.act({ kind: "loginAgain" });
  assertEquals([page.page.login.step, page.page.login.invitation], ["login", code]);
});

Deno.test("a node where nobody can register says so below the form", () => {
  const page = registering("");
  page.refuse("finishLogin", "not-allowed");
  assertEquals(Object.keys(page.page.login.problems), ["form"]);
  assertEquals(page.page.login.invitation, undefined);
});
