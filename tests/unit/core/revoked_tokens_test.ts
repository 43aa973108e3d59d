import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { findToken, forgetRevoked, tokenExpiry } from "../../../server/core/accounts/tokens.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";

const DAY_MS = 86_400_000;
const ACCOUNT = "ann.1";
const TOKEN = "t";
const CREATED = entryOf("node1#a", 1, 1_000, {
  type: "accountCreated",
  account: ACCOUNT,
  name: "ann",
  hash: "h",
});
/** The same issue, as it was and as a repair of a fork has moved it. */
const ISSUED = issued("node1#b");
const MOVED = issued("node1#c");
const REVOKED = revoked("node2#a", "node1#b/1");
/** The repair has moved a revocation, too; and another node has logged a use meanwhile. */
const ALSO_REVOKED = revoked("node1#d", "node1#c/1");
const USED = entryOf("node3#a", 1, 5_000, { type: "tokensUsed", account: ACCOUNT, tokens: [TOKEN] });

function issued(origin: string): Entry {
  return entryOf(origin, 1, 2_000, {
    type: "tokenIssued",
    account: ACCOUNT,
    token: TOKEN,
    password: "node1#a/1",
  });
}

function revoked(origin: string, issued: string): Entry {
  return entryOf(origin, 1, 3_000, { type: "tokenRevoked", account: ACCOUNT, token: TOKEN, issued });
}

function fold(entries: readonly Entry[], state = new State()): State {
  for (const entry of entries) evolve(state, entry);
  return state;
}

/** All orders of all parts of a list that have its first entry. */
function* orders(rest: readonly Entry[], begun: readonly Entry[] = []): Generator<readonly Entry[]> {
  yield begun;
  for (const next of rest) yield* orders(rest.filter((each) => each !== next), [...begun, next]);
}

Deno.test("evolve() keeps a token void that was revoked, in any order of its issues, uses and revocations", () => {
  const shown = new Map<string, string>();
  const counts = { orders: 0, revoked: 0, valid: 0 };
  for (const entries of orders([ISSUED, MOVED, REVOKED, ALSO_REVOKED, USED])) {
    for (
      const arrived of [entries, [...entries, ...entries], entries.flatMap((each) => [each, ...entries])]
    ) {
      const state = fold([CREATED, ...arrived]);
      const isRevoked = entries.includes(REVOKED) || entries.includes(ALSO_REVOKED);
      const isIssued = entries.includes(ISSUED) || entries.includes(MOVED);
      const token = findToken(state, TOKEN, 0, DEFAULT_LIMITS);
      assertEquals(token !== undefined, isIssued && !isRevoked, places(arrived));
      assertEquals([...state.account(ACCOUNT).tokens], token === undefined ? [] : [token]);
      assertEquals([state.revoked.has(TOKEN), state.revoked.issued(TOKEN)], [
        isRevoked,
        isRevoked && isIssued ? 2_000 : undefined,
      ]);
      const set = places(entries.toSorted((a, b) => a.origin < b.origin ? -1 : 1));
      const lines = [...stateLines(state)].join("\n");
      assertEquals(lines, shown.get(set) ?? lines, places(arrived));
      shown.set(set, lines);
      counts.orders++;
      counts[isRevoked ? "revoked" : "valid"]++;
    }
  }
  console.log(`${shown.size} sets: ${JSON.stringify(counts)}`);
  assertEquals(shown.size, 2 ** 5);
});

function places(entries: readonly Entry[]): string {
  return entries.map(({ origin, seq, type }) => `${type} ${origin}/${seq}`).join(", ");
}

Deno.test("evolve() lets no token of a deleted account back, and remembers no revocation of one", () => {
  const deleted = entryOf("node2#b", 1, 4_000, { type: "accountDeleted", account: ACCOUNT });
  for (const entries of orders([ISSUED, MOVED, REVOKED])) {
    const state = fold([CREATED, deleted, ...entries]);
    assertEquals([state.tokens.size, state.revoked.size], [0, 0]);
    assertEquals(fold([CREATED, ...entries, deleted]).tokens.size, 0);
  }
});

Deno.test("forgetRevoked() forgets a revoked token once it would have expired, and none whose issue may come", () => {
  const unusedMs = DEFAULT_LIMITS.tokenUnusedDays * DAY_MS;
  const rounds = (state: State, wallMs: number): number => {
    for (let i = 0; i < 3; i++) forgetRevoked(state, wallMs, DEFAULT_LIMITS);
    return state.revoked.size;
  };
  const state = fold([CREATED, ISSUED, REVOKED]);
  assertEquals([rounds(state, 2 + unusedMs), rounds(state, 3 + unusedMs)], [1, 0]);
  const used = fold([CREATED, ISSUED, REVOKED, USED]);
  assertEquals([rounds(used, 5 + unusedMs), rounds(used, 6 + unusedMs)], [1, 0]);
  assertEquals(used.tokenUses.size, 0);
  const early = fold([CREATED, REVOKED]);
  assertEquals(rounds(early, 100 * unusedMs), 1);
  fold([ISSUED], early);
  assertEquals([rounds(early, 2 + unusedMs), rounds(early, 3 + unusedMs)], [1, 0]);
});

Deno.test("forgetRevoked() looks at all of many, a part in each call", () => {
  const state = new State();
  for (let i = 0; i < 10_000; i++) state.revoked.add(`old${i}`, 1);
  for (let i = 0; i < 10_000; i++) state.revoked.add(`new${i}`, 3_000);
  const sizes: number[] = [];
  for (let calls = 0; calls < 25; calls++) {
    sizes.push(state.revoked.size);
    forgetRevoked(state, 2 + DEFAULT_LIMITS.tokenUnusedDays * DAY_MS, DEFAULT_LIMITS);
    if (calls === 5) state.revoked.add("newest", 3_000);
  }
  assertEquals([sizes[1], sizes.at(-1)], [19_000, 10_001]);
  assert(state.revoked.has("newest"));
});

Deno.test("an archive keeps revocations until they expire, for a start and for what it folds later", () => {
  using db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const loaded = (): State => {
    const state = new State();
    for (const _ of archive.loadResident(state, 1));
    return state;
  };
  const unusedMs = DEFAULT_LIMITS.tokenUnusedDays * DAY_MS;
  const compact = (wallMs: number): void => {
    while (archive.compact(wallMs, 0, tokenExpiry(wallMs, DEFAULT_LIMITS)));
  };
  archive.fold([CREATED, REVOKED], 2);
  compact(100 * unusedMs);
  archive.fold([ISSUED], 3);
  compact(2 + unusedMs);
  assertEquals(loaded().revoked.issued(TOKEN), 2_000);
  assertEquals(fold([MOVED], loaded()).tokens.size, 0);
  archive.fold([MOVED, USED], 5);
  assertEquals(loaded().tokens.size, 0);
  compact(5 + unusedMs);
  assertEquals([loaded().revoked.size, loaded().tokenUses.size], [1, 1]);
  compact(6 + unusedMs);
  assertEquals([loaded().revoked.size, loaded().tokenUses.size], [0, 0]);
});
