import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Registration } from "../../../server/core/accounts/invite.ts";
import { State } from "../../../server/core/state.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { type ClientOptions, NodeHarness, passwordOf, START_MS } from "../../testing/node_harness.ts";

/** The digest of a code, as the harness makes it. */
const HASH = "digest of 00ff";
const CODE = "00FF";

interface Setting {
  readonly uses?: number;
  readonly replication?: HeldReplication;
  readonly registration?: Registration;
}

function invites({ uses = 1, replication, registration = "invite" }: Setting = {}): NodeHarness {
  const harness = new NodeHarness({}, new State(), undefined, replication, registration);
  const until = (START_MS + 60_000) * 1_000;
  harness.node.apply([{ type: "invitationMade", invitation: HASH, uses, until, at: START_MS * 1_000 }]);
  return harness;
}

function ask(
  harness: NodeHarness,
  name: string,
  invitation?: string,
  options?: ClientOptions,
): HarnessClient {
  const client = harness.connect(options);
  client.request("startLogin", { name });
  client.request("finishLogin", {
    password: passwordOf(name),
    ...invitation !== undefined && { invitation },
  });
  harness.settle();
  return client;
}

function told(client: HarnessClient): string {
  return client.takeReplies().map(inShort).at(-1) ?? "";
}

function register(harness: NodeHarness, name: string, invitation?: string, options?: ClientOptions): string {
  return told(ask(harness, name, invitation, options));
}

Deno.test("a new account needs an invitation, which admits as many as it has uses", () => {
  const harness = invites({ uses: 2 });
  assertEquals(register(harness, "ann"), "invitation-needed");
  assertEquals(register(harness, "ann", "wrong"), "invitation-invalid");
  assertEquals(harness.hasher.jobs.length, 0, "nothing is hashed for whoever is refused");
  assertEquals(register(harness, "ann", CODE), "loginSuccess");
  assertEquals(register(harness, "ann", "wrong"), "loginSuccess", "a login needs no invitation");
  assertEquals(register(harness, "ANN", CODE), "loginSuccess");
  assertEquals(register(harness, "bob", " 00-ff "), "loginSuccess");
  assertEquals(register(harness, "cat", CODE), "invitation-invalid");
  const created = harness.log.synced.filter((entry) => entry.type === "accountCreated");
  assertEquals(created.map(({ name, invitation }) => [name, invitation]), [["ann", HASH], ["bob", HASH]]);
});

Deno.test("an invitation ends with its time, and with its revocation", () => {
  const harness = invites();
  harness.pass(60_000);
  assertEquals(register(harness, "ann", CODE), "invitation-invalid");
  const revoked = invites();
  revoked.node.apply([{ type: "invitationRevoked", invitation: HASH }]);
  assertEquals(register(revoked, "ann", CODE), "invitation-invalid");
  assertEquals(revoked.state.directory.size, 0);
});

Deno.test("nobody registers where registration is closed, and an open one looks at no invitation", () => {
  const closed = invites({ registration: "closed" });
  const client = ask(closed, "ann", CODE);
  const refused = client.takeReplies().at(-1);
  assert(refused?.name === "error" && typeof refused.payload === "object");
  assertEquals(refused.payload.code, "not-allowed");
  assertMatch(refused.payload.message, /its operator makes the accounts; ask them for one/);
  const open = invites({ registration: "open" });
  assertEquals(register(open, "ann", "wrong"), "loginSuccess");
  assertEquals(open.state.invitation(HASH).used, 0);
});

Deno.test("the operator makes accounts however registration is", () => {
  for (const registration of ["open", "invite", "closed"] as const) {
    const harness = invites({ registration });
    const answer = harness.operate({ act: "addUser", name: "ann", password: passwordOf("ann") });
    assert("done" in answer);
  }
});

Deno.test("a client of the original dialect gets LOGIN_FAILED", () => {
  for (const registration of ["invite", "closed"] as const) {
    const harness = invites({ registration });
    assertEquals(register(harness, "ann", undefined, { dialect: "original" }), "loginFailed");
    assertEquals(harness.state.directory.size, 0);
  }
});

Deno.test("wrong codes delay their address, and no other", () => {
  const harness = invites();
  const limit = harness.node.settings.limits.loginFailuresPerMinute;
  const codes = Array.from({ length: limit }, (_, i) => register(harness, `ann${i}`, `wrong ${i}`));
  assertEquals(codes, Array(limit).fill("invitation-invalid"));
  assertEquals(register(harness, "ann", CODE), "rate-limited");
  assertEquals(register(harness, "ann", CODE, { address: "198.51.100.1" }), "loginSuccess");
});

Deno.test("used, revoked and expired codes are no guesses", () => {
  const harness = invites();
  harness.node.apply([{ type: "invitationRevoked", invitation: HASH }]);
  const limit = harness.node.settings.limits.loginFailuresPerMinute;
  for (let i = 0; i < 2 * limit; i++) {
    assertEquals(register(harness, "ann", CODE), "invitation-invalid");
  }
});

Deno.test("a use is reserved after the name, and the next one if others have that", () => {
  const replication = new HeldReplication();
  const harness = invites({ uses: 2, replication });
  replication.grants = false;
  const client = ask(harness, "ann", CODE);
  const grant = (granted: boolean): string => {
    const reservation = replication.reservations.shift();
    reservation?.done(granted);
    harness.settle();
    return reservation?.name ?? "";
  };
  assertEquals([grant(true), harness.state.directory.size], ["ann", 0]);
  assertEquals([grant(false), harness.state.directory.size], [`invitation ${HASH} 0`, 0]);
  assertEquals([grant(true), harness.state.directory.size], [`invitation ${HASH} 1`, 1]);
  assertEquals(told(client), "loginSuccess");
});

Deno.test("whoever gets none of the uses is refused, and so is one that was used meanwhile", () => {
  for (const granted of [false, true]) {
    const replication = new HeldReplication();
    const harness = invites({ replication });
    replication.grants = false;
    const client = ask(harness, "ann", CODE);
    replication.reservations.shift()?.done(true);
    if (granted) {
      const account = { type: "accountCreated", account: "bob.1", name: "bob", hash: "h" } as const;
      harness.node.apply([{ ...account, invitation: HASH }]);
    }
    replication.reservations.shift()?.done(granted);
    harness.settle();
    assertEquals(told(client), "invitation-invalid");
    assertEquals(harness.state.directory.find("ann"), undefined);
  }
});

Deno.test("a code that is unknown while replication is behind may be on its way", () => {
  const replication = new HeldReplication();
  const harness = invites({ replication });
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  replication.isBehind = true;
  client.request("finishLogin", { password: passwordOf("ann"), invitation: "aabb" });
  harness.settle();
  assertEquals(client.replies, []);
  const until = (START_MS + 60_000) * 1_000;
  harness.node.apply([{ type: "invitationMade", invitation: "digest of aabb", uses: 1, until }]);
  replication.isBehind = false;
  harness.node.replicated();
  harness.settle();
  assertEquals(told(client), "loginSuccess");
});
