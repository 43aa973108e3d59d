import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import type { Account, Token } from "../../../server/core/accounts/account.ts";
import { decideLogout, findToken, issueToken } from "../../../server/core/accounts/tokens.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const LIMITS = { ...DEFAULT_LIMITS, tokensPerAccount: 3 };
const NONE: ReadonlySet<Token | undefined> = new Set();

/** Issues tokens by the rules. */
function issue(folded: FoldedState, account: Account, hash: string, inUse = NONE): void {
  for (const event of issueToken(folded.state, account, hash, inUse, LIMITS)) folded.apply(event);
}

function good(folded: FoldedState): string {
  return [...folded.state.tokens.keys()].filter((hash) => findToken(folded.state, hash, 0, LIMITS)).sort()
    .join(" ");
}

function tokenOf(folded: FoldedState, hash: string): Token {
  const token = folded.state.tokens.get(hash);
  if (token === undefined) throw new Error(`there is no token ${hash}`);
  return token;
}

Deno.test("issueToken() lets the oldest token go past the limit, by last use", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  for (const hash of ["t1", "t2", "t3"]) issue(folded, ann, hash);
  assertEquals(good(folded), "t1 t2 t3");
  folded.apply({ type: "tokensUsed", account: ann.id, tokens: ["t1"] });
  issue(folded, ann, "t4");
  assertEquals(good(folded), "t1 t3 t4");
});

Deno.test("issueToken() keeps what is in use and lets void tokens go first", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  for (const hash of ["t1", "t2", "t3"]) issue(folded, ann, hash);
  issue(folded, ann, "t4", new Set([tokenOf(folded, "t1"), undefined]));
  assertEquals(good(folded), "t1 t3 t4");

  folded.apply({ type: "passwordChanged", account: ann.id, hash: "h", generation: 1, keeps: "t1" });
  assertEquals(good(folded), "t1");
  issue(folded, ann, "t5");
  issue(folded, ann, "t6");
  assertEquals(good(folded), "t1 t5 t6");
});

Deno.test("issueToken() issues nothing for an account without a password", () => {
  const folded = new FoldedState();
  assertEquals(issueToken(folded.state, folded.state.account("ghost.1"), "t", NONE, LIMITS), []);
});

Deno.test("findToken() takes a token for 30 days without use, and no longer", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const place = { stamp: 1_000_000 * 1_000 };
  folded.apply(
    { type: "tokenIssued", account: ann.id, token: "t", password: ann.password?.key ?? "" },
    place,
  );
  const edgeMs = 1_000_000 + 30 * DAY_MS;
  assertEquals(findToken(folded.state, "t", edgeMs, LIMITS)?.hash, "t");
  assertEquals(findToken(folded.state, "t", edgeMs + 1, LIMITS), undefined);
  folded.apply({ type: "tokensUsed", account: ann.id, tokens: ["t"] }, {
    stamp: (1_000_000 + DAY_MS) * 1_000,
  });
  assertEquals(findToken(folded.state, "t", edgeMs + DAY_MS, LIMITS)?.hash, "t");
  assertEquals(findToken(folded.state, "t", edgeMs + DAY_MS + 1, LIMITS), undefined);
  assertEquals(findToken(folded.state, "other", 0, LIMITS), undefined);
});

Deno.test("findToken() takes no token that was revoked, of an older password or of a deleted account", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  for (const hash of ["t1", "t2", "t3"]) issue(folded, ann, hash);
  const [revoked] = decideLogout(tokenOf(folded, "t1")).events;
  assert(revoked);
  assertEquals(folded.apply(revoked).map((change) => change.type), ["tokenVoid"]);
  assertEquals(folded.apply(revoked), []);
  assertEquals(good(folded), "t2 t3");
  folded.apply({ type: "passwordChanged", account: ann.id, hash: "h", generation: 1, keeps: "t3" });
  assertEquals(good(folded), "t3");
  folded.apply({ type: "passwordRehashed", account: ann.id, hash: "h+", password: ann.password?.key ?? "" });
  assertEquals([good(folded), ann.passwordHash], ["t3", "h+"]);
  folded.apply({ type: "accountDeleted", account: ann.id });
  assertEquals(good(folded), "");
});

Deno.test("evolve() lets the higher generation of a password hold, whatever the clocks said", () => {
  const change = (generation: number, hash: string) =>
    ({ type: "passwordChanged", account: "ann.1", hash, generation }) as const;
  for (const order of [[0, 1], [1, 0]]) {
    const folded = new FoldedState();
    const ann = folded.register("ann");
    const arrivals = [
      () => folded.apply(change(2, "second"), { origin: "node2#c", stamp: 10 }),
      () => folded.apply(change(1, "first"), { origin: "node3#d", stamp: 99 }),
    ];
    for (const i of order) arrivals[i]?.();
    assertEquals(ann.passwordHash, "second");
  }
});

Deno.test("evolve() lets the later of two passwords hold that were set apart", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const change = (hash: string) =>
    ({ type: "passwordChanged", account: ann.id, hash, generation: 1 }) as const;
  folded.apply(change("later"), { origin: "node2#c", stamp: 60 });
  assertEquals(folded.apply(change("earlier"), { origin: "node3#d", stamp: 50 }), []);
  assertEquals(ann.passwordHash, "later");
  folded.apply(change("same moment, later origin"), { origin: "node3#d", stamp: 60 });
  assertEquals(ann.passwordHash, "same moment, later origin");
});

Deno.test("evolve() lets no token of a moved branch back that was revoked under its old origin", () => {
  const account = "ann.1";
  const issued = { type: "tokenIssued", account, token: "t", password: "old#1/1" } as const;
  const revoked = { type: "tokenRevoked", account, token: "t", issued: "old#1/1" } as const;
  for (const isRevokedFirst of [true, false]) {
    const state = new State();
    evolve(state, entryOf("old#1", 1, 1, { type: "tokensUsed", account, tokens: [] }));
    const entries = [entryOf("new#1", 1, 2, issued), entryOf("other#1", 1, 3, revoked)];
    for (const entry of isRevokedFirst ? entries.reverse() : entries) evolve(state, entry);
    assertEquals([state.tokens.size, state.revoked.size], [0, 1]);
  }
});

Deno.test("evolve() comes to one account and token for entries that stand under two names, in either order", () => {
  const account = "ann.1";
  const entriesOf = (origin: string) => [
    entryOf(origin, 1, 10, { type: "accountCreated", account, name: "ann", hash: "h" }),
    entryOf(origin, 2, 11, { type: "tokenIssued", account, token: "t", password: `${origin}/1` }),
  ];
  const folded = [["a#1", "b#1"], ["b#1", "a#1"]].map((origins) => {
    const state = new State();
    for (const entry of origins.flatMap(entriesOf)) evolve(state, entry);
    assert(findToken(state, "t", 0, LIMITS), "the token fits the password");
    assertEquals(state.account(account).tokens.size, 1);
    return [...stateLines(state)];
  });
  assertEquals(folded[0], folded[1]);
});
