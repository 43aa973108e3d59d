import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Account } from "../../../server/core/accounts/account.ts";
import { accountRecord, loadAccount } from "../../../server/core/accounts/account_record.ts";
import { endingOf } from "../../../server/core/accounts/endings.ts";
import {
  byOperator,
  decideDisable,
  decideEnable,
  decideEndLogins,
  decideOperatorDeletion,
  decideOperatorPassword,
  isOperatorAct,
} from "../../../server/core/accounts/operator_acts.ts";
import { entryOf } from "../../../server/core/entry.ts";
import type { AccountDeleted, Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const ANN = "ann.1";

function enable({ apply, ann }: { apply: (event: Event) => unknown; ann: Account }): void {
  for (const event of decideEnable(ann, 7)) apply(event);
}

function withAnn(): { folded: FoldedState; ann: Account; apply: FoldedState["apply"] } {
  const folded = new FoldedState();
  return { folded, ann: folded.register("ann"), apply: folded.apply.bind(folded) };
}

Deno.test("decideDisable() and decideEnable() take turns, and enabling what is enabled is nothing", () => {
  const { ann, apply } = withAnn();
  assertEquals([ann.isDisabled, decideEnable(ann, 7)], [false, []]);
  assertEquals(apply(decideDisable(ann, 7)).map(({ type }) => type), ["accountDisabled"]);
  assertEquals(ann.access, { isDisabled: true, generation: 1, at: 7 });
  enable({ apply, ann });
  assertEquals(ann.access, { isDisabled: false, generation: 2, at: 7 });
  apply(decideDisable(ann, 7));
  assert(ann.isDisabled);
});

Deno.test("decideDisable() at one node holds against decideEnable() at another", () => {
  const { ann, apply } = withAnn();
  apply(decideDisable(ann, 1));
  const elsewhere = decideEnable(ann, 2);
  // Disabled again here, where the other act is not known.
  assertEquals(apply(decideDisable(ann, 3)), []);
  for (const event of elsewhere) apply(event, { origin: "node2#cccccccccccc" });
  assert(ann.isDisabled);
});

Deno.test("foldAccess() takes the highest generation, of equal ones the one that disables, in any order", () => {
  const type = fc.constantFrom("accountDisabled" as const, "accountEnabled" as const);
  const act = fc.record({ type, account: fc.constant(ANN), generation: fc.integer({ min: 1, max: 4 }) });
  let disabled = 0;
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 6 }), fc.boolean(), (acts, isDeleted) => {
      const state = new State();
      // Each act is of an origin of its own: any order may come.
      for (const [i, event] of acts.entries()) {
        evolve(state, entryOf(`node${i}#aaaaaaaaaaaa`, 1, i + 1, event));
      }
      const highest = Math.max(...acts.map(({ generation }) => generation));
      const wanted = acts.some((each) => each.generation === highest && each.type === "accountDisabled");
      assertEquals(state.account(ANN).isDisabled, wanted);
      disabled += Number(wanted);
      if (!isDeleted) return;
      evolve(state, entryOf("node9#aaaaaaaaaaaa", 1, 99, { type: "accountDeleted", account: ANN }));
      evolve(
        state,
        entryOf("node9#aaaaaaaaaaaa", 2, 100, { type: "accountDisabled", account: ANN, generation: 9 }),
      );
      assertEquals(state.account(ANN).access, undefined);
      assert(![...stateLines(state)].some((line) => line.startsWith("access")));
    }),
    { numRuns: 2_000, seed: 9 },
  );
  console.log(`2000 sets of acts, ${disabled} end disabled`);
  assert(disabled > 100 && disabled < 1_900);
});

Deno.test("accountRecord() keeps whether an account is disabled", () => {
  const { ann, apply } = withAnn();
  assertEquals("access" in accountRecord(ann), false);
  apply(decideDisable(ann, 7));
  const state = new State();
  const loaded = state.account(ann.id);
  loadAccount(state, loaded, JSON.parse(JSON.stringify(accountRecord(ann))));
  assert(loaded.isDisabled);
  assertEquals(loaded.access, ann.access);
});

Deno.test("decideOperatorPassword() merges as a password of the person, and keeps no token", () => {
  const { ann, apply } = withAnn();
  const event = decideOperatorPassword(ann, "h1");
  assertEquals(event, { type: "passwordChanged", account: ANN, hash: "h1", generation: 1, by: "operator" });
  apply(event);
  assertEquals(ann.passwordHash, "h1");
  apply({ type: "passwordChanged", account: ANN, hash: "h2", generation: 1 });
  assertEquals(ann.passwordHash, "h2", "of equal generations the later one holds");
});

Deno.test("decideEndLogins() revokes the tokens that hold", () => {
  const { folded, ann, apply } = withAnn();
  const password = ann.password?.key ?? "";
  for (const token of ["t1", "t2"]) apply({ type: "tokenIssued", account: ANN, token, password });
  apply({ type: "tokenIssued", account: ANN, token: "void", password: "another" });
  const events = decideEndLogins(ann);
  assertEquals(events.map(({ token, by }) => [token, by]), [["t1", "operator"], ["t2", "operator"]]);
  for (const event of events) apply(event);
  assertEquals([...folded.state.tokens.keys()], ["void"]);
});

Deno.test("isOperatorAct() tells acts of the operator from those of people and of later versions", () => {
  const gone: AccountDeleted = { type: "accountDeleted", account: ANN };
  const { ann } = withAnn();
  assert([byOperator(gone), decideDisable(ann, 1), decideOperatorPassword(ann, "h")].every(isOperatorAct));
  const others: Event[] = [gone, { ...gone, by: "somebody" }, { type: "nameForgotten", account: ANN }];
  assert(!others.some(isOperatorAct));
});

Deno.test("endingOf() has a word for sessions that the operator ends, and for no others", () => {
  const { ann, apply } = withAnn();
  apply({ type: "tokenIssued", account: ANN, token: "t", password: ann.password?.key ?? "" });
  const words = (event: Event): (string | undefined)[] =>
    apply(event).map((change) => endingOf(change)).map((word) => word && `${word.code}: ${word.message}`);
  const start = "the operator of this server has";
  assertEquals(words(decideDisable(ann, 1)), [
    `disabled: ${start} disabled this account; ask them to enable it. Its messages are kept`,
  ]);
  const ended = decideEndLogins(ann).map(words);
  assertEquals(ended, [[`not-logged-in: ${start} ended this login; log in again`]]);
  assertEquals(words(decideOperatorPassword(ann, "h")), [
    `not-logged-in: ${start} set another password for this account; log in with that one`,
  ]);
  assertEquals(words({ type: "passwordChanged", account: ANN, hash: "h", generation: 5 }), [undefined]);
  assertEquals(words(decideOperatorDeletion(ann)), [
    `not-logged-in: ${start} deleted this account`,
  ]);
});
