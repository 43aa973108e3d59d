import { assertEquals } from "@std/assert";
import { Store } from "../../../client/web/store.ts";
import { BASE, FakeStorage } from "./fake_browser.ts";

const ALICE = { user: "alice", cluster: "home", token: "token of alice", account: "a11ce" };
const BOB = { user: "bob", cluster: "home", token: "token of bob", account: "b0b1" };
const OF_ALICE = { name: "alice", account: "a11ce" };
const OF_BOB = { name: "bob", account: "b0b1" };
const KEY = "chat / login";

/** Two tabs of one browser. */
function tabs(): { readonly shared: FakeStorage; readonly one: Store; readonly two: Store } {
  const shared = new FakeStorage();
  return { shared, one: tab(shared), two: tab(shared) };
}

function tab(shared: Storage, session: Storage = new FakeStorage()): Store {
  return new Store(BASE, shared, session);
}

function changed(storageArea: Storage, login?: object): Parameters<Store["follow"]>[0] {
  return { storageArea, key: KEY, newValue: login === undefined ? null : JSON.stringify(login) };
}

Deno.test("Store.keepLogin() does not overwrite another account with a login that is the same", () => {
  const { shared, one, two } = tabs();
  one.keepLogin(ALICE, true);
  two.keepLogin(BOB, true);
  one.keepLogin(ALICE, true);
  assertEquals(tab(shared).login(), { login: BOB, stays: true });
  one.keepLogin({ ...ALICE, token: "a new one" }, true);
  assertEquals(tab(shared).login()?.login.token, "a new one");
});

Deno.test("Store.follow() makes the login of its tab alone of one that another account has overtaken", () => {
  const { shared, one, two } = tabs();
  const session = new FakeStorage();
  const overtaken = tab(shared, session);
  one.keepLogin(ALICE, true);
  overtaken.login();
  two.keepLogin(BOB, true);
  assertEquals(overtaken.follow(changed(shared, BOB)), "overtaken");
  const reloaded = tab(shared, session);
  assertEquals(reloaded.login(), { login: ALICE, stays: false });
  assertEquals(reloaded.users, [OF_ALICE, OF_BOB]);
  // The end of the other login is not that of this one, nor the other way round.
  assertEquals(overtaken.follow(changed(shared)), undefined);
  assertEquals(overtaken.forgetLogin(false), true);
  assertEquals(tab(shared, session).login(), { login: BOB, stays: true });
});

Deno.test("Store.follow() takes an account that has the name of this one by now for another", () => {
  const { shared, one } = tabs();
  one.keepLogin(ALICE, true);
  const namesake = { ...ALICE, token: "of another account", account: "a11ce2" };
  assertEquals(one.follow(changed(shared, namesake)), "overtaken");
});

Deno.test("Store.follow() tells the end of its own login, and no other change", () => {
  const { shared, one, two } = tabs();
  assertEquals(one.follow(changed(shared)), undefined, "nobody is logged in");
  one.keepLogin(ALICE, true);
  two.login();
  assertEquals(two.user, OF_ALICE);
  const renamed = { ...ALICE, user: "alice~node2" };
  const again = { ...ALICE, token: "of another login" };
  const both = { ...renamed, token: "of another login" };
  const { account: _, ...earlier } = again;
  for (const login of [ALICE, renamed, again, both, earlier]) {
    assertEquals(two.follow(changed(shared, login)), undefined);
  }
  assertEquals(two.follow({ ...changed(shared), key: "chat / nodes" }), undefined);
  assertEquals(two.follow({ ...changed(shared), newValue: "no JSON" }), undefined);
  assertEquals(two.follow(changed(new FakeStorage())), undefined);
  assertEquals(tab(shared).login()?.login, ALICE, "the id of the account is kept");
  assertEquals(two.follow(changed(shared)), "loggedOut");
  assertEquals(two.follow({ ...changed(shared), key: null }), "loggedOut");
});

Deno.test("Store.forgetLogin() forgets the shared login of its account alone", () => {
  const { shared, one, two } = tabs();
  assertEquals(one.forgetLogin(false), false);
  one.keepLogin(ALICE, true);
  two.keepLogin(BOB, true);
  assertEquals(one.forgetLogin(false), true);
  assertEquals(one.user, undefined);
  assertEquals(tab(shared).users, [OF_BOB]);
  assertEquals(two.forgetLogin(false), true);
  assertEquals(shared.length, 0);
});

Deno.test("Store.forgetLogin() leaves a newer login of the account, if a node has refused the token", () => {
  const { shared, one, two } = tabs();
  one.keepLogin(ALICE, true);
  two.keepLogin({ ...ALICE, token: "newer" }, true);
  assertEquals(one.forgetLogin(true), false);
  assertEquals(tab(shared).login()?.login.token, "newer");
  one.keepLogin(ALICE, false);
  assertEquals(one.forgetLogin(false), false, "the login of one tab is not that of all");
  assertEquals(tab(shared).login()?.login.token, "newer");
});

Deno.test("Store goes on where the browser closes its storage", () => {
  const closed = new Proxy(new FakeStorage(), {
    get: () => () => {
      throw new Error("closed");
    },
  });
  const store = new Store(BASE, closed, closed);
  assertEquals(store.login(), undefined);
  store.keepLogin(ALICE, true);
  assertEquals(store.user, OF_ALICE);
  assertEquals(store.forgetLogin(false), true);
});
