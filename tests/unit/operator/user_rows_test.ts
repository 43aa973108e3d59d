import { assert, assertEquals, assertMatch } from "@std/assert";
import type { UserRow } from "../../../server/ports/operator.ts";
import { NodeHarness, passwordOf, START_MS } from "../../testing/node_harness.ts";

const ACCOUNTS = 10_000;

/** Every page of the accounts. */
function pages(harness: NodeHarness, match: string): (readonly UserRow[])[] {
  const all: (readonly UserRow[])[] = [];
  for (let after = "", more = true; more;) {
    const page = harness.operate({ act: "listUsers", match, after });
    assert("users" in page);
    all.push(page.users);
    [after, more] = [page.users.at(-1)?.name ?? after, page.more];
  }
  return all;
}

function add(harness: NodeHarness, names: readonly string[]): void {
  for (const name of names) {
    harness.state.account(`${name}.1`);
    harness.node.apply([{ type: "accountCreated", account: `${name}.1`, name, hash: "h" }]);
  }
  harness.settle();
}

Deno.test(`usersPage() lists ${ACCOUNTS} accounts in pages of 500, by name, and those that match`, () => {
  const harness = new NodeHarness();
  const names = Array.from({ length: ACCOUNTS }, (_, i) => `user${String(i).padStart(5, "0")}`);
  add(harness, names.toReversed());
  const all = pages(harness, "*");
  assertEquals(all.flat().map(({ name }) => name), names);
  assertEquals(all.map(({ length }) => length), Array(20).fill(500));
  assertEquals(pages(harness, "USER0999?").flat().map(({ name }) => name), names.slice(9_990));
  assertEquals(pages(harness, "nobody*"), [[]]);
  const longest = Math.max(...all.map((page) => JSON.stringify(page).length));
  console.log(`${ACCOUNTS} accounts in ${all.length} pages, the longest of ${longest} bytes`);
  assert(longest < 200_000);
});

Deno.test("usersPage() refuses a wildcard that is too long", () => {
  const answer = new NodeHarness().operate({ act: "listUsers", match: "x".repeat(257), after: "" });
  assert("refused" in answer);
  assertMatch(answer.refused, /match has 257 characters and the limit is 256/);
});

Deno.test("a row of an account shows state, logins, sessions and unread messages", () => {
  const harness = new NodeHarness();
  const ann = harness.login("Ann");
  harness.login("ann");
  harness.login("bob").tell("sendMessage", { to: "ann", content: "żółć" });
  ann.session.disconnected();
  harness.operate({ act: "addUser", name: "cid", password: passwordOf("cid") });
  const [first, second, third] = pages(harness, "*").flat();
  const account = harness.state.directory.find("ann")?.id;
  assertEquals(first, {
    name: "Ann",
    account: account ?? "",
    state: "enabled",
    createdMs: START_MS,
    lastLoginMs: START_MS,
    sessions: 1,
    unread: 1,
    unreadBytes: 8,
    storedBytes: 3 * 1_024,
  });
  assertEquals([second?.name, second?.lastLoginMs], ["bob", START_MS]);
  assertEquals([third?.name, third?.lastLoginMs, third?.storedBytes], ["cid", null, 0]);
});

Deno.test("showUser shows since when an account is disabled, its logins and its people", () => {
  const harness = new NodeHarness();
  harness.login("ann").tell("sendMessage", { to: "ann", content: "note" });
  harness.login("ann");
  harness.pass(60_000);
  const shown = (): unknown => {
    const answer = harness.operate({ act: "showUser", name: "ann" });
    assert("user" in answer);
    const { disabledMs, logins, conversations, online, state, messages, messageBytes } = answer.user;
    return { disabledMs, logins, conversations, online, state, messages, messageBytes };
  };
  const counts = { logins: 2, conversations: 1, messages: 1, messageBytes: 4 };
  const enabled = { ...counts, disabledMs: null, online: true, state: "enabled" };
  assertEquals(shown(), enabled);
  harness.operate({ act: "disableUser", name: "ann" });
  assertEquals(shown(), { ...enabled, disabledMs: START_MS + 60_000, online: false, state: "disabled" });
});

Deno.test("showUser answers without the number of messages where the archive takes more than five seconds", () => {
  const harness = new NodeHarness();
  harness.login("ann").tell("sendMessage", { to: "ann", content: "note" });
  harness.archive.isHeld = true;
  const messages: (number | null)[] = [];
  harness.operator.serve({ act: "showUser", name: "ann" }, (answer) => {
    assert("user" in answer);
    messages.push(answer.user.messages);
  });
  harness.pass(4_999);
  harness.settle();
  assertEquals(messages, []);
  harness.pass(1);
  harness.settle();
  assertEquals(messages, [null]);
  harness.archive.answer();
  assertEquals(messages, [null], "once");
});
