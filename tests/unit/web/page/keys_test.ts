import { assertEquals } from "@std/assert";
import type { Action } from "../../../../client/web/page/actions.ts";
import { act } from "../../../../client/web/page/act.ts";
import { actionOf, type FocusPlace } from "../../../../client/web/page/keys.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

type Press = Parameters<typeof actionOf>[1];

/** A key with its modifiers before it: `Ctrl+Shift+k`. */
function press(keys: string, more: Partial<Press> = {}): Press {
  const parts = keys.split("+");
  return {
    key: parts.at(-1) ?? "",
    isControl: parts.includes("Ctrl"),
    isShift: parts.includes("Shift"),
    isAlt: parts.includes("Alt"),
    isComposing: false,
    hasSelection: false,
    ...more,
  };
}

function talking(isTouch = false): FakePage {
  const page = new FakePage({ isTouch });
  const last = told(2, "bob", "alice", { senderAccount: "b0b1", status: "read" });
  page.enter({ with: "bob", unread: 0, last });
  page.open("bob", [last]);
  return page;
}

const MENU: Action = { kind: "openMenu", of: { kind: "message", id: uuid(2) } };

/** Keys by the place of the focus; those without an action are the browser's. */
const KEYS: readonly (readonly [FocusPlace, string, Action | undefined])[] = [
  ["elsewhere", "Ctrl+k", { kind: "find" }],
  ["composer", "Ctrl+K", { kind: "find" }],
  ["composer", "Ctrl+/", { kind: "showKeys" }],
  ["history", "Alt+ArrowUp", { kind: "stepChat", by: -1, unreadOnly: false }],
  ["composer", "Alt+ArrowDown", { kind: "stepChat", by: 1, unreadOnly: false }],
  ["composer", "Alt+Shift+ArrowUp", { kind: "stepChat", by: -1, unreadOnly: true }],
  ["composer", "Alt+Shift+ArrowDown", { kind: "stepChat", by: 1, unreadOnly: true }],
  ["composer", "Ctrl+Alt+ArrowDown", undefined],
  ["composer", "Alt+x", undefined],
  ["elsewhere", "Escape", { kind: "escape" }],
  ["composer", "Enter", { kind: "send" }],
  ["composer", "Ctrl+Enter", { kind: "send" }],
  ["composer", "Shift+Enter", undefined],
  ["composer", "PageUp", { kind: "scrollBy", screens: -0.9 }],
  ["composer", "PageDown", { kind: "scrollBy", screens: 0.9 }],
  ["composer", "ArrowUp", { kind: "lastMessage" }],
  ["composer", "ArrowDown", undefined],
  ["composer", "x", undefined],
  ["history", "ArrowUp", { kind: "stepMessage", by: -1 }],
  ["history", "ArrowDown", { kind: "stepMessage", by: 1 }],
  ["history", "Home", { kind: "firstMessage" }],
  ["history", "End", { kind: "lastMessage" }],
  ["history", "Enter", MENU],
  ["history", "ContextMenu", MENU],
  ["history", "Shift+F10", MENU],
  ["history", "F10", undefined],
  ["history", "Delete", { kind: "askToDelete", id: uuid(2) }],
  ["history", "Ctrl+c", { kind: "copy", id: uuid(2) }],
  ["history", "c", undefined],
  ["history", "x", undefined],
  ["find", "Enter", { kind: "openFirst" }],
  ["find", "x", undefined],
  ["elsewhere", "Enter", undefined],
];

Deno.test("actionOf() has the keys of the page", () => {
  const page = talking();
  for (const [place, keys, wanted] of KEYS) {
    assertEquals([place, keys, actionOf(page.page, press(keys), place)], [place, keys, wanted]);
  }
  console.log(`${KEYS.length} keys pressed`);
});

Deno.test("actionOf() leaves every key to an input method that composes", () => {
  const page = talking();
  for (const [place, keys] of KEYS) {
    assertEquals(actionOf(page.page, press(keys, { isComposing: true }), place), undefined);
  }
});

Deno.test("Enter is a new line on touch screens, and where the person wants it so", () => {
  assertEquals(actionOf(talking(true).page, press("Enter"), "composer"), undefined);
  const page = talking();
  page.act({ kind: "set", settings: { enterSends: false } });
  assertEquals(actionOf(page.page, press("Enter"), "composer"), undefined);
  assertEquals(actionOf(page.page, press("Ctrl+Enter"), "composer"), { kind: "send" });
});

Deno.test("Up stays in a composer with a text, and Ctrl+C copies a selection", () => {
  const page = talking();
  page.act({ kind: "typed", text: "x" });
  assertEquals(actionOf(page.page, press("ArrowUp"), "composer"), undefined);
  assertEquals(actionOf(page.page, press("Ctrl+c", { hasSelection: true }), "history"), undefined);
});

Deno.test("a menu has the keys while it is open, and gives the focus back", () => {
  const page = talking();
  page.act(MENU);
  const item = (): number | undefined => page.page.menu?.item;
  for (
    const [keys, wanted] of [["ArrowDown", 1], ["ArrowUp", 0], ["ArrowUp", 2], ["ArrowDown", 0]] as const
  ) {
    const action = actionOf(page.page, press(keys), "elsewhere");
    if (action !== undefined) page.act(action);
    assertEquals([keys, item()], [keys, wanted]);
  }
  assertEquals(actionOf(page.page, press("x"), "elsewhere"), undefined);
  for (const keys of ["Escape", "Tab"]) {
    page.act(MENU);
    page.ordered();
    page.act(actionOf(page.page, press(keys), "elsewhere") ?? { kind: "find" });
    assertEquals(item(), undefined);
    assertEquals(page.orderedOf("focus").map(({ target }) => target.kind), ["former"]);
  }
});

Deno.test("Enter and Space take the chosen item of a menu, though no frame was drawn since the last key", () => {
  for (const keys of ["Enter", " "]) {
    const page = talking();
    page.act(MENU);
    page.act({ kind: "stepMenu", by: 1 });
    page.act(actionOf(page.page, { ...press(""), key: keys }, "elsewhere") ?? { kind: "find" });
    assertEquals([page.page.menu, page.page.dialog], [undefined, { kind: "details", id: uuid(2) }]);
  }
});

Deno.test("chooseItem follows an address, and gives the focus back", () => {
  const page = talking();
  page.act({ kind: "openMenu", of: { kind: "person" } });
  page.ordered();
  page.act({ kind: "chooseItem" });
  assertEquals(page.ordered().map((order) => order.kind === "go" ? order.hash : order.kind), [
    "focus",
    "#/settings",
    "focus",
  ]);
  assertEquals([page.page.route.kind, page.page.menu], ["settings", undefined]);
  page.act({ kind: "chooseItem" });
  assertEquals(page.ordered(), []);
});

Deno.test("chooseItem leaves what an item does to the shell, which counts the messages of other tabs first", () => {
  const { page } = talking();
  act(page, { kind: "openMenu", of: { kind: "person" } });
  act(page, { kind: "stepMenu", by: -1 });
  assertEquals(act(page, { kind: "chooseItem" }), [{ kind: "act", action: { kind: "logOut" } }]);
});

Deno.test("a dialog has all keys but Escape", () => {
  const page = talking();
  page.act({ kind: "showKeys" });
  assertEquals(actionOf(page.page, press("Ctrl+k"), "elsewhere"), undefined);
  assertEquals(actionOf(page.page, press("Escape"), "elsewhere"), { kind: "escape" });
  page.ordered();
  page.act({ kind: "escape" });
  assertEquals(page.page.dialog, undefined);
  assertEquals(page.orderedOf("focus").map(({ target }) => target.kind), ["former"]);
});

Deno.test("escape goes to the composer, or back to the lists where there is no room for both", () => {
  const page = talking();
  page.ordered();
  page.act({ kind: "escape" });
  assertEquals(page.orderedOf("focus").map(({ target }) => target), [{ kind: "element", id: "composer" }]);
  page.act({ kind: "narrowed", isNarrow: true });
  page.act({ kind: "escape" });
  assertEquals(page.orderedOf("go").map(({ hash }) => hash), ["#/"]);
  page.act({ kind: "findTyped", text: "b" });
  page.act({ kind: "escape" });
  assertEquals(page.page.find, "");
});

Deno.test("find leads to the field, wherever the person is", () => {
  const page = talking();
  page.ordered();
  page.act({ kind: "find" });
  assertEquals(page.ordered().map(({ kind }) => kind), ["focus"]);
  page.act({ kind: "went", hash: "#/people" });
  page.ordered();
  page.act({ kind: "find" });
  assertEquals(page.ordered().map(({ kind }) => kind), ["go", "focus"]);
  assertEquals(page.page.list, "chats");
});

Deno.test("a page without a chat has no keys of one", () => {
  const page = new FakePage();
  page.enter();
  for (const keys of ["ArrowUp", "Enter", "Delete", "Home"]) {
    assertEquals(actionOf(page.page, press(keys), "history"), undefined);
  }
  for (const kind of ["send", "nearTop", "nearEnd", "toBottom", "firstMessage", "lastMessage"] as const) {
    page.act({ kind });
  }
  page.act({ kind: "typed", text: "x" });
  page.act({ kind: "stepMessage", by: 1 });
  page.act({ kind: "atBottom", isAtBottom: true });
  page.act({ kind: "chooseMessage", id: uuid(1), moves: true });
  page.act({ kind: "copy", id: uuid(1) });
  page.act({ kind: "stepMenu", by: 1 });
  page.act({ kind: "openAt", id: uuid(1) });
  page.act({ kind: "openMenu", of: { kind: "chat" } });
  page.act({ kind: "escape" });
  page.act({ kind: "confirm" });
  assertEquals([page.ordered(), page.asked], [[], []]);
});
