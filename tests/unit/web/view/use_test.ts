import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Action } from "../../../../client/web/page/actions.ts";
import { Kept } from "../../../../client/web/view/kept.tsx";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage, NOW } from "../page/fake_page.ts";
import { elementsOfPage, use } from "./elements.ts";

function talking(): FakePage {
  const page = new FakePage();
  const last = told(2, "bob", "alice", { senderAccount: "b0b1", status: "delivered", timestamp: NOW - 5 });
  page.enter({ with: "bob", unread: 1, last });
  page.open("bob", [last]);
  return page;
}

function refused(): FakePage {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.refuse("sendMessage", "inbox-full");
  return page;
}

function found(): FakePage {
  const page = talking();
  page.act({ kind: "went", hash: "#/search" });
  page.act({ kind: "wordsTyped", text: "text" });
  page.act({ kind: "searchSubmitted" });
  page.answerNames();
  while (page.asked[0]?.name === "confirmDelivery") page.reply("confirmDelivery", "ok", null);
  page.reply("search", "found", { messages: [], more: false });
  page.page.search = { ...page.page.search, found: [uuid(2)], hasMore: true };
  return page;
}

function after(page: FakePage, ...actions: readonly Action[]): FakePage {
  for (const action of actions) page.act(action);
  return page;
}

function register(): FakePage {
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.submit("bob", "password");
  page.reply("startLogin", "userNotExisting", null);
  return page;
}

function people(): FakePage {
  const page = after(talking(), { kind: "went", hash: "#/people" });
  page.page.peopleAfter = "a";
  page.model.people.takePage([{ name: "zoe", account: "z", online: true, unread: 1 }], true, true);
  return page;
}

function troubled(): FakePage {
  const page = after(talking(), { kind: "atBottom", isAtBottom: false }, { kind: "versionFound" });
  page.page.chatsShown = 0;
  page.disconnect();
  page.model.loginRefusal = { code: "too-many-sessions", message: "10 sessions are open" };
  return after(page, { kind: "storeFailed", reason: "quota" }, { kind: "tick", nowSeconds: NOW + 2 });
}

function about(): FakePage {
  const page = after(talking(), { kind: "went", hash: "#/about" });
  const nodes = ["node1", "node2"].map((name) => ({ name, host: "h", port: 1, web: `http://${name}/` }));
  page.give({ kind: "push", push: { name: "nodes", payload: { nodes } } });
  return page;
}

/** Pages, and the kinds of actions that their elements have. */
const PAGES: readonly (readonly [() => FakePage, ...Action["kind"][]])[] = [
  [register, "loginTyped", "stayChosen", "loginSubmitted", "loginAgain"],
  [talking, "findTyped", "openMenu", "typed", "send"],
  [refused, "retry", "edit", "discard"],
  [
    () => after(talking(), { kind: "openMenu", of: { kind: "message", id: uuid(2) } }),
    "closeMenu",
    "copy",
    "details",
  ],
  [() => after(talking(), { kind: "openMenu", of: { kind: "chat" } }), "markRead"],
  [() => after(talking(), { kind: "openMenu", of: { kind: "person" } }), "showKeys", "logOut"],
  [() => after(talking(), { kind: "openMenu", of: { kind: "row", key: "b0b1" } }), "markRead"],
  [people, "peopleTyped", "morePeople", "firstPeople"],
  [found, "wordsTyped", "searchSubmitted", "openAt", "searchOn"],
  [
    () => after(talking(), { kind: "went", hash: "#/settings" }),
    "set",
    "askForPassword",
    "askToDeleteAccount",
    "logOut",
  ],
  [about, "refreshStatus", "showKeys", "moveTo"],
  [troubled, "toBottom", "tryNow", "reload", "resume", "moreChats", "dismiss"],
  [() => after(talking(), { kind: "askForPassword" }), "passwordTyped", "passwordSubmitted", "closeDialog"],
  [
    () => after(talking(), { kind: "askToDeleteAccount" }),
    "deletionTyped",
    "deletionSubmitted",
    "closeDialog",
  ],
  [() => after(talking(), { kind: "askToDelete", id: uuid(2) }), "confirm", "closeDialog"],
  [() => after(talking(), { kind: "details", id: uuid(2) }), "closeDialog"],
  [() => after(talking(), { kind: "showKeys" }), "closeDialog"],
];

Deno.test("each element of each screen does what it is for, and the page goes on", () => {
  let ways = 0;
  for (const [make, ...kinds] of PAGES) {
    const page = make();
    const { elements, actions } = elementsOfPage(page);
    for (const element of elements) ways += use(element, "typed text");
    const done = new Set(actions.map(({ kind }) => kind));
    for (const kind of kinds) assert(done.has(kind), `${kind} is not among ${[...done].join(", ")}`);
    for (const action of actions) make().act(action);
  }
  console.log(`${ways} ways to use ${PAGES.length} screens`);
});

Deno.test("a dialog comes in front once", () => {
  const { elements } = elementsOfPage(after(talking(), { kind: "showKeys" }));
  const dialog = elements.find(({ tag }) => tag === "dialog");
  const show = dialog?.ref as (element: unknown) => void;
  let shown = 0;
  const element = { open: false, showModal: () => void (shown++, element.open = true) };
  for (const each of [element, element, null]) show(each);
  assertEquals(shown, 1);
});

Deno.test("the focus on a message makes it the one that Tab leads to, and that on its button does not", () => {
  const { elements, actions } = elementsOfPage(talking());
  const message = elements.find(({ props }) => props["data-id"] === uuid(2));
  const focus = message?.props["onFocus"] as (event: unknown) => void;
  const [one, other] = [{}, {}];
  focus({ target: one, currentTarget: other });
  assertEquals(actions, []);
  focus({ target: one, currentTarget: one });
  assertEquals(actions, [{ kind: "chooseMessage", id: uuid(2), moves: false }]);
});

Deno.test("Kept draws again only if a value has changed", () => {
  const draw = (): never => assertNotEquals(1, 1) as never;
  const kept = new Kept({ values: [1, "a"], draw });
  assertEquals(kept.shouldComponentUpdate({ values: [1, "a"], draw }), false);
  assertEquals(kept.shouldComponentUpdate({ values: [1, "b"], draw }), true);
});
