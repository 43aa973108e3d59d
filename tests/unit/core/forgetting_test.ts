import { assertEquals } from "@std/assert";
import { forgettableAccounts } from "../../../server/core/accounts/forgetting.ts";
import type { Version } from "../../../server/core/version.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const NODE2 = "node2#bbbbbbbbbbbb";

/** Stamp of a deletion, microseconds. */
const STAMP = 1_700_000_000_000_000;

/** Ids of the accounts that are forgettable; unless others are given, everything is settled. */
function forgettable({ state }: FoldedState, settled: Version = state.version): readonly string[] {
  return forgettableAccounts(state, settled).map(({ id }) => id);
}

function withDeleted(): FoldedState {
  const folded = new FoldedState();
  folded.register("ann");
  folded.apply({ type: "accountDeleted", account: "ann.1" }, { origin: NODE2, stamp: STAMP });
  return folded;
}

Deno.test("forgettableAccounts() are deleted and settled", () => {
  const folded = withDeleted();
  folded.register("cy");
  assertEquals(forgettable(folded), ["ann.1"]);
  assertEquals(forgettable(folded, new Map()), []);
  const [before, after] = [STAMP - 1, STAMP].map((stamp) => new Map([[NODE2, { seq: 1, stamp }]]));
  assertEquals([forgettable(folded, before), forgettable(folded, after)], [[], ["ann.1"]]);
});

Deno.test("forgettableAccounts() leaves out forgotten names, and accounts that have not arrived", () => {
  const folded = withDeleted();
  folded.apply({ type: "nameForgotten", account: "ann.1" });
  folded.apply({ type: "accountDeleted", account: "bob.1" }, { stamp: STAMP });
  assertEquals(forgettable(folded), []);
});

Deno.test("forgettableAccounts() leaves out an account on which the name of another one depends", () => {
  const folded = new FoldedState();
  folded.register("ann");
  folded.apply({ type: "accountCreated", account: "ann.2", name: "Ann", hash: "h" }, { origin: NODE2 });
  folded.apply({ type: "accountDeleted", account: "ann.1" }, { stamp: STAMP });
  assertEquals([forgettable(folded), folded.state.account("ann.2").name], [[], "Ann~node2"]);
  folded.apply({ type: "accountDeleted", account: "ann.2" }, { origin: NODE2, stamp: STAMP });
  assertEquals(forgettable(folded), ["ann.1", "ann.2"]);
});
