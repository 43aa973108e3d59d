import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { accountRecord, loadAccount } from "../../../server/core/accounts/account_record.ts";
import {
  codeDigits,
  invitationId,
  invitationState,
  isInvitationId,
  shownCode,
} from "../../../server/core/accounts/invitation.ts";
import {
  decideInvite,
  decideRevokeInvitation,
  invitationProblem,
  invitationWithId,
  isUseTaken,
  OPEN_INVITATIONS_MAX,
  registrationRefusal,
  useOf,
} from "../../../server/core/accounts/invite.ts";
import { isOperatorAct } from "../../../server/core/accounts/operator_acts.ts";
import { decideRegister } from "../../../server/core/accounts/register.ts";
import { eraseEntry } from "../../../server/core/compaction.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { entryOf } from "../../../server/core/entry.ts";
import type { AccountCreated, Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const HASH = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const MINUTE = 60_000_000;

const TERMS = { invitation: HASH, uses: 2, until: 10 + MINUTE, at: 10 };

function account(name: string, invitation?: string): AccountCreated {
  const created = { type: "accountCreated", account: `${name}.1`, name, hash: "h" } as const;
  return invitation === undefined ? created : { ...created, invitation };
}

function invited(terms: Partial<typeof TERMS> = {}): FoldedState {
  const folded = new FoldedState();
  const made = decideInvite(folded.state, { ...TERMS, ...terms });
  assert(!isRefusal(made));
  folded.apply(made);
  return folded;
}

function problemOf({ state }: FoldedState, now = 11): string {
  return invitationProblem(state.invitations.get(HASH), now)?.message ?? "";
}

Deno.test("invitationProblem() is none while a use is left, and says afterwards what has become of it", () => {
  const folded = invited();
  assertEquals(problemOf(folded), "");
  assertEquals(problemOf(folded, 9 + MINUTE), "");
  assertMatch(problemOf(folded, 10 + MINUTE), /held until 1970-01-01T00:01:00.000Z; ask the operator/);
  folded.apply(account("ann", HASH));
  assertEquals(problemOf(folded), "");
  folded.apply(account("bob", HASH));
  assertMatch(problemOf(folded), /was used 2 times, and holds for no more/);
  const problem = invitationProblem(new FoldedState().state.invitations.get(HASH), 11);
  assertEquals(problem?.code, "invitation-invalid");
  assertMatch(problem?.message ?? "", /no invitation has this code/);
});

Deno.test("decideRevokeInvitation() ends an invitation, once", () => {
  const folded = invited();
  const invitation = folded.state.invitation(HASH);
  for (const event of decideRevokeInvitation(invitation, 20)) folded.apply(event);
  assertEquals([invitation.revoked, decideRevokeInvitation(invitation, 30)], [20, []]);
  assertMatch(problemOf(folded), /this invitation was revoked; ask the operator of this server for another/);
});

Deno.test("the use of an invitation stays when its account is deleted and erased", () => {
  const folded = invited({ uses: 1 });
  folded.apply(account("ann", HASH));
  folded.apply({ type: "accountDeleted", account: "ann.1" });
  folded.apply({ type: "nameForgotten", account: "ann.1" });
  assertMatch(problemOf(folded), /was used once/);
  const created = account("ann", HASH);
  const place = { origin: "node1#aaaaaaaaaaaa", seq: 2, stamp: 2 };
  const entry = { ...place, ...created };
  const erased = eraseEntry(folded.state, entry, 0);
  assertEquals(erased, { ...entry, name: "", hash: "" });
  evolve(folded.state, { ...entry, name: "", hash: "", seq: 9 });
  assertEquals(folded.state.invitation(HASH).used, 1, "counted once, however often it arrives");
});

Deno.test("decideInvite() refuses one more than may be open", () => {
  const { state } = new FoldedState();
  for (let i = 0; i < OPEN_INVITATIONS_MAX; i++) state.invitation(`i${i}`).made = TERMS;
  const refused = decideInvite(state, TERMS);
  assert(isRefusal(refused));
  assertMatch(refused.message, /10000 invitations are open and the limit is 10000; revoke some/);
  const [first] = state.invitations.values();
  assert(first !== undefined);
  first.revoked = 11;
  assert(!isRefusal(decideInvite(state, TERMS)));
});

Deno.test("decideInvite() refuses no or too many uses, and less than a minute or more than a year", () => {
  const { state } = new FoldedState();
  const texts = [{ uses: 0 }, { uses: 1_001 }, { until: TERMS.until - 1 }, {
    until: 10 + 366 * 1_440 * MINUTE,
  }]
    .map((terms) => decideInvite(state, { ...TERMS, ...terms }))
    .map((refused) => isRefusal(refused) ? refused.message : "");
  assertMatch(texts[0] ?? "", /holds for 1 to 1000 accounts, and not for 0/);
  assertMatch(texts[1] ?? "", /and not for 1001/);
  assertMatch(texts[2] ?? "", /a minute to 365 days, and not for 59.999999 s/);
  assertMatch(texts[3] ?? "", /and not for 31622400 s/);
});

Deno.test("registrationRefusal() lets in everybody, those with an invitation, or nobody", () => {
  const codes = (["open", "invite", "closed"] as const).map((registration) =>
    [false, true].map((isInvited) => registrationRefusal(registration, isInvited)?.code)
  );
  assertEquals(codes, [
    [undefined, undefined],
    ["invitation-needed", undefined],
    ["not-allowed", "not-allowed"],
  ]);
});

Deno.test("decideRegister() says which invitation is used", () => {
  const { state } = invited();
  const created = decideRegister(state, "ann", "h", "ann.1", state.invitation(HASH));
  assertEquals(created, account("ann", HASH));
});

Deno.test("isUseTaken() knows the uses that were made, and a revocation, and takes no name for a use", () => {
  const folded = invited({ uses: 3 });
  const invitation = folded.state.invitation(HASH);
  const taken = (): boolean[] =>
    [0, 1, 2].map((number) => isUseTaken(folded.state, useOf(invitation, number)));
  assertEquals(taken(), [false, false, false]);
  folded.apply(account("ann", HASH));
  folded.apply(account("bob", HASH));
  assertEquals(taken(), [true, true, false]);
  folded.apply({ type: "invitationRevoked", invitation: HASH });
  assertEquals(taken(), [true, true, true]);
  assert(!isUseTaken(new State(), useOf(invitation, 0)), "an invitation that has not arrived");
  assert(!isUseTaken(folded.state, "ann"));
});

Deno.test("codes are read in any form in which people type them; ids have twelve digits", () => {
  const digits = "00112233445566778899aabbccddeeff";
  assertEquals(shownCode(digits), "00112233-44556677-8899aabb-ccddeeff");
  for (const typed of [digits, shownCode(digits).toUpperCase(), ` ${shownCode(digits)}\n`]) {
    assertEquals(codeDigits(typed), digits);
  }
  assertEquals([HASH.slice(0, 12), HASH, "2C26b46b68ff", ""].map(isInvitationId), [
    true,
    false,
    false,
    false,
  ]);
  const { state } = invited();
  const found = invitationWithId(state, invitationId({ hash: HASH }));
  assert(typeof found === "object" && found.hash === HASH);
  assertEquals(
    invitationWithId(state, "000000000000"),
    'there is no invitation "000000000000"; chat-server invites lists those that there are',
  );
});

Deno.test("isOperatorAct() is true of invitations and their revocations", () => {
  const made: Event = { type: "invitationMade", ...TERMS };
  assert([made, { type: "invitationRevoked", invitation: HASH } as const].every(isOperatorAct));
  assert(!isOperatorAct(account("ann", HASH)));
});

Deno.test("accountRecord() keeps the invitation of an account, also of a deleted one", () => {
  const folded = invited();
  folded.apply(account("ann", HASH));
  for (const isDeleted of [false, true]) {
    if (isDeleted) folded.apply({ type: "accountDeleted", account: "ann.1" });
    const state = new State();
    const record = JSON.parse(JSON.stringify(accountRecord(folded.state.account("ann.1"))));
    loadAccount(state, state.account("ann.1"), record);
    assertEquals(state.invitation(HASH).used, 1);
  }
});

Deno.test("events about an invitation merge to the same in any order", () => {
  const events: readonly Event[] = [
    { type: "invitationMade", ...TERMS, uses: 1 },
    account("ann", HASH),
    account("bob", HASH),
    { type: "invitationRevoked", invitation: HASH, at: 30 },
    { type: "invitationRevoked", invitation: HASH, at: 20 },
  ];
  const folded = (order: readonly number[]): string[] => {
    const state = new State();
    for (const i of order) {
      const event = events[i];
      if (event) evolve(state, entryOf(`node${i}#aaaaaaaaaaaa`, 1, i + 1, event));
    }
    const { made, used, revoked } = state.invitation(HASH);
    assertEquals([made, used, revoked], [{ uses: 1, until: 10 + MINUTE, at: 10 }, 2, 20]);
    assertEquals(invitationState(state.invitation(HASH), 11), "revoked");
    return [...stateLines(state)];
  };
  const wanted = folded(events.keys().toArray());
  assert(wanted.some((line) => line.startsWith(`invitation ${HASH}`)));
  const order = fc.shuffledSubarray(events.keys().toArray(), { minLength: events.length });
  fc.assert(fc.property(order, (each) => assertEquals(folded(each), wanted)), { numRuns: 120, seed: 3 });
  console.log(`${events.length} events in 120 orders`);
});
