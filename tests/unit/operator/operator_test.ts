import { assert, assertEquals, assertMatch } from "@std/assert";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf, START_MS } from "../../testing/node_harness.ts";
import { NO_REPLICATION } from "../../testing/no_replication.ts";
import type { OperatorRequest } from "../../../server/ports/operator.ts";
import type { Replication } from "../../../server/ports/node.ts";

const NEW = "another password";

function refusedWith(harness: NodeHarness, request: OperatorRequest): string {
  const answer = harness.operate(request);
  assert("refused" in answer, JSON.stringify(answer));
  return answer.refused;
}

function done(harness: NodeHarness, request: OperatorRequest): unknown {
  const answer = harness.operate(request);
  assert("done" in answer, JSON.stringify(answer));
  return answer.done;
}

/** Code of the reply to a login. */
function login(harness: NodeHarness, name: string, password: string): string {
  const client = harness.connect();
  client.tell("startLogin", { name });
  return client.tell("finishLogin", { password });
}

Deno.test("addUser makes an account that its person logs in to, and says that the operator did", () => {
  const harness = new NodeHarness();
  const made = done(harness, { act: "addUser", name: "Ann", password: passwordOf("ann") });
  assertEquals(made, { name: "Ann", sessions: 0, copies: 1, nodes: 3 });
  const [created] = harness.log.synced;
  assert(created?.type === "accountCreated");
  assertEquals([created.name, created.by], ["Ann", "operator"]);
  assertEquals(login(harness, "ann", passwordOf("ann")), "loginSuccess");
});

Deno.test("addUser refuses what a registration refuses", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["ANN", NEW, /the name ANN belongs to somebody else/],
    ["no name", NEW, /"no name" is no name: a name has 1 to 32/],
    ["bob", "short", /the password has 5 bytes and the least is 8/],
    ["bob", "x".repeat(73), /the password has 73 bytes and the limit is 72/],
  ];
  for (const [name, password, text] of cases) {
    assertMatch(refusedWith(harness, { act: "addUser", name, password }), text);
  }
  harness.hasher.busy = true;
  assertMatch(refusedWith(harness, { act: "addUser", name: "bob", password: NEW }), /try again in 1 s/);
  harness.hasher.busy = false;
  harness.log.readOnly = true;
  assertMatch(
    refusedWith(harness, { act: "addUser", name: "bob", password: NEW }),
    /disk of this node is full/,
  );
  console.log(`${cases.length + 2} refusals`);
});

Deno.test("addUser gives a name once, and one that went to somebody meanwhile to nobody", () => {
  const harness = new NodeHarness();
  let refused = "";
  harness.operator.serve({ act: "addUser", name: "ann", password: NEW }, (answer) => {
    if ("refused" in answer) refused = answer.refused;
  });
  harness.node.apply([{ type: "accountCreated", account: "ann.1", name: "ann", hash: "h" }]);
  harness.settle();
  assertMatch(refused, /belongs to somebody else/);
});

Deno.test("setPassword ends every login, and only the new password is good", () => {
  const harness = new NodeHarness();
  const [ann, old] = [harness.login("ann"), harness.login("ann", { dialect: "original" })];
  const answer = done(harness, { act: "setPassword", name: "ANN", password: NEW });
  assertEquals(answer, { name: "ann", sessions: 2, copies: 1, nodes: 3 });
  const [word] = ann.takeReplies();
  assert(word?.name === "error" && typeof word.payload === "object");
  assertEquals(word.payload, {
    code: "not-logged-in",
    message: "the operator of this server has set another password for this account; log in with that one",
  });
  assertEquals([ann.closed, old.closed, old.takeReplies()], [true, true, []]);
  assertEquals(harness.connect().tell("resume", { token: ann.token }), "loginFailed");
  assertEquals([login(harness, "ann", passwordOf("ann")), login(harness, "ann", NEW)], [
    "loginFailed",
    "loginSuccess",
  ]);
  assertMatch(refusedWith(harness, { act: "setPassword", name: "ann", password: "short" }), /5 bytes/);
});

Deno.test("setPassword of an account that is deleted meanwhile is refused", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  let refused = "";
  harness.operator.serve({ act: "setPassword", name: "ann", password: NEW }, (answer) => {
    if ("refused" in answer) refused = answer.refused;
  });
  const account = harness.state.directory.find("ann")?.id ?? "";
  harness.node.apply([{ type: "accountDeleted", account }]);
  harness.settle();
  assertMatch(refused, /there is no user "ann"/);
});

Deno.test("disableUser, enableUser and deleteUser say what they have ended, and on how many disks it is", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  assertEquals(done(harness, { act: "enableUser", name: "ann" }), {
    name: "ann",
    sessions: 0,
    copies: 0,
    nodes: 3,
  });
  const kept = { name: "ann", copies: 1, nodes: 3 };
  assertEquals(done(harness, { act: "disableUser", name: "ann" }), { ...kept, sessions: 1 });
  assertEquals(done(harness, { act: "enableUser", name: "ann" }), { ...kept, sessions: 0 });
  harness.connect().tell("resume", { token: ann.token });
  assertEquals(done(harness, { act: "deleteUser", name: "ann" }), { ...kept, sessions: 1 });
  const last = harness.log.synced.at(-1);
  assertEquals(last?.type === "accountDeleted" && last.by, "operator");
  assertMatch(
    refusedWith(harness, { act: "deleteUser", name: "ann" }),
    /there is no user "ann"; chat-server users/,
  );
});

Deno.test("endSession ends one login with all its sessions, and endLogins all of an account", () => {
  const harness = new NodeHarness();
  const [ann, other, bob] = [harness.login("ann"), harness.login("ann"), harness.login("bob")];
  const same = harness.connect();
  same.tell("resume", { token: ann.token });
  const old = harness.login("ann", { dialect: "original" });
  assertEquals(done(harness, { act: "endSession", id: 1 }), {
    name: "ann",
    sessions: 2,
    copies: 1,
    nodes: 3,
  });
  assertEquals([ann, same, other, old, bob].map(({ closed }) => closed), [true, true, false, false, false]);
  assertEquals(ann.takeReplies().map(inShort), ["not-logged-in"]);
  assertMatch(refusedWith(harness, { act: "endSession", id: 1 }), /there is no session 1 at this node/);
  assertEquals(done(harness, { act: "endLogins", name: "ann" }), {
    name: "ann",
    sessions: 2,
    copies: 1,
    nodes: 3,
  });
  assertEquals([other, old, bob].map(({ closed }) => closed), [true, true, false]);
  assertEquals([ann, other].map(({ token }) => harness.connect().tell("resume", { token })), [
    "loginFailed",
    "loginFailed",
  ]);
});

Deno.test("endLogins of an account whose name is a number touches no session with that number", () => {
  const harness = new NodeHarness();
  const [ann, two] = [harness.login("ann"), harness.login("1")];
  assertMatch(
    refusedWith(harness, { act: "endLogins", name: "2" }),
    /there is no user "2"; .*, and sessions end --id 2 ends a session/,
  );
  done(harness, { act: "endLogins", name: "1" });
  assertEquals([ann.closed, two.closed], [false, true]);
});

Deno.test("endSession ends a session without a token, though the disk is full", () => {
  const harness = new NodeHarness();
  const old = harness.login("ann", { dialect: "original" });
  harness.log.readOnly = true;
  assertEquals(done(harness, { act: "endSession", id: 1 }), {
    name: "ann",
    sessions: 1,
    copies: 0,
    nodes: 3,
  });
  assert(old.closed);
});

Deno.test("listSessions shows who is logged in from where, oldest login first, page by page", () => {
  const harness = new NodeHarness({ sessionsPerAccount: 0, connectionsPerAddress: 0 });
  harness.login("ann");
  harness.pass(5_000);
  harness.login("bob", { dialect: "original", address: "192.0.2.7" });
  assertEquals(harness.operate({ act: "listSessions", after: 0 }), {
    sessions: [
      { id: 1, name: "ann", address: "192.0.2.1", dialect: "confirmed", sinceMs: START_MS },
      { id: 2, name: "bob", address: "192.0.2.7", dialect: "original", sinceMs: START_MS + 5_000 },
    ],
    more: false,
  });
  for (let i = 0; i < 600; i++) harness.login("ann", { dialect: "original" });
  const ids: number[] = [];
  for (let after = 0, more = true; more;) {
    const page = harness.operate({ act: "listSessions", after });
    assert("sessions" in page && page.sessions.length <= 500);
    ids.push(...page.sessions.map(({ id }) => id));
    [after, more] = [ids.at(-1) ?? 0, page.more];
  }
  assertEquals(ids, Array.from({ length: 602 }, (_, i) => i + 1));
});

Deno.test("an act is answered once the nodes in sync have it, or after a while without them", () => {
  let isAwaited = true;
  const replication: Replication = {
    ...NO_REPLICATION,
    isAwaited: () => isAwaited,
    copies: () => isAwaited ? 0 : 2,
  };
  const harness = new NodeHarness({}, undefined, undefined, replication);
  harness.node.apply([{ type: "accountCreated", account: "ann.1", name: "ann", hash: "h" }]);
  const copies: number[] = [];
  const disable = (): void =>
    harness.operator.serve({ act: "disableUser", name: "ann" }, (answer) => {
      if ("done" in answer) copies.push(answer.done.copies);
    });
  disable();
  harness.settle();
  assertEquals(copies, []);
  isAwaited = false;
  harness.pass(100);
  harness.settle();
  assertEquals(copies, [3]);
  isAwaited = true;
  disable();
  harness.settle();
  harness.pass(1_000);
  harness.settle();
  assertEquals(copies, [3, 1]);
});

Deno.test("a node that is being filled, or stopped, takes no act", () => {
  const filling: Replication = { ...NO_REPLICATION, unavailable: "it is being filled" };
  const harness = new NodeHarness({}, undefined, undefined, filling);
  harness.node.apply([{ type: "accountCreated", account: "ann.1", name: "ann", hash: "h" }]);
  assertMatch(
    refusedWith(harness, { act: "disableUser", name: "ann" }),
    /serves nobody now: it is being filled/,
  );
  const stopping = new NodeHarness();
  stopping.login("ann");
  stopping.node.close("stopped", () => {});
  stopping.settle();
  assertMatch(refusedWith(stopping, { act: "disableUser", name: "ann" }), /being stopped; ask another node/);
});
