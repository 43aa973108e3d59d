import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS, type Limits } from "../../../common/limits.ts";
import { encodeReply } from "../../../common/protocol/codec.ts";
import { featureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { HEADER_BYTES } from "../../../common/wire/frame.ts";
import { Account } from "../../../server/core/accounts/account.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { checkSearch, foundPage, visibleOf } from "../../../server/core/search/search.ts";
import { emptyEarlyMark } from "../../../server/core/messages/early_mark.ts";
import { FoldedState, ORIGIN } from "../../testing/folded_state.ts";

function people(): { folded: FoldedState; ann: Account; bob: Account; cy: Account } {
  const folded = new FoldedState();
  const [ann, bob, cy] = [folded.register("ann"), folded.register("bob"), folded.register("cy")];
  return { folded, ann, bob, cy };
}

/** The refusal of a search, or the search in short. */
function checked(
  { state }: FoldedState,
  account: Account,
  request: RequestPayload<"search">,
  limits: Limits = DEFAULT_LIMITS,
): string {
  const outcome = checkSearch(state, account, request, limits);
  if (isRefusal(outcome)) return `${outcome.code}: ${outcome.message}`;
  const { terms, other, before, limit } = outcome;
  return `${terms.join(" ")} with ${other?.name} before ${before?.id}, ${limit}`;
}

Deno.test("checkSearch() gives the terms, the other side, the place and the limit", () => {
  const { folded, ann, bob } = people();
  folded.send(ann, bob, "m1");
  assertEquals(checked(folded, ann, { words: "Crème" }), "creme with undefined before undefined, 20");
  const whole = { words: "a, B!", with: "BOB", before: "m1", limit: 100 };
  assertEquals(checked(folded, ann, whole), "a b with bob before m1, 100");
});

Deno.test("checkSearch() takes the operators of a database for words", () => {
  const { folded, ann } = people();
  const cases = [
    ["a OR b* NEAR(", "a or b near"],
    ['"hey" AND NOT x', "hey and not x"],
    ["'; DROP TABLE m; --", "drop table m"],
    ["content:x ^y {z}", "content x y z"],
    ["%_\\ %a%", "a"],
  ] as const;
  for (const [words, terms] of cases) {
    assertEquals(checked(folded, ann, { words }), `${terms} with undefined before undefined, 20`);
  }
});

Deno.test("checkSearch() names the value, the limit and the way out", () => {
  const { folded, ann } = people();
  const long = "bad-request: words has 16384 bytes, and a search takes at most 256; search for fewer words";
  assertEquals(checked(folded, ann, { words: "x".repeat(16_384) }), long);
  assertEquals(checked(folded, ann, { words: "ä".repeat(128) }).includes("with undefined"), true);
  assertEquals(
    checked(folded, ann, { words: "ä".repeat(129) }).startsWith("bad-request: words has 258"),
    true,
  );
  const many = Array.from({ length: 33 }, (_, i) => `w${i}`);
  const tooMany = "bad-request: words has 33 terms, and a search takes at most 32; search for fewer words";
  assertEquals(checked(folded, ann, { words: many.join(" ") }), tooMany);
  assertEquals(checked(folded, ann, { words: many.slice(1).join(" ") }).startsWith("w1 w2"), true);
  for (const words of ["", " ", '-- "*" (', "🎉", "\0", "\u0301"]) {
    const shown = JSON.stringify(words);
    const none = `bad-request: words is ${shown}; a search needs at least one letter or digit`;
    assertEquals(checked(folded, ann, { words }), none);
  }
  for (const limit of [0, -1, 101]) {
    const text = `bad-request: limit must be from 1 to 100; ${limit} is not`;
    assertEquals(checked(folded, ann, { words: "x", limit }), text);
  }
  assert(
    checked(folded, ann, { words: "x", with: "dan" }).startsWith('unknown-user: there is no user "dan"'),
  );
});

Deno.test("checkSearch() goes on from a message of one's own only, deleted or not", () => {
  const { folded, ann, bob, cy } = people();
  folded.send(ann, bob, "m1");
  folded.send(bob, ann, "m2");
  folded.send(cy, bob, "m3");
  const before = (account: Account, id: string): string =>
    checked(folded, account, { words: "x", before: id }).replace(/^x with undefined before |, 20$/g, "");
  const unknown = (id: string): string =>
    `unknown-message: the id ${id} is not in a conversation of this account`;
  for (const id of ["m1", "m2"]) assertEquals([before(ann, id), before(bob, id)], [id, id]);
  // Somebody else's message and none at all look alike.
  assertEquals([before(ann, "m3"), before(ann, "m9")], [unknown("m3"), unknown("m9")]);
  folded.mark("messagesDeleted", ann, bob, "m1");
  folded.mark("messagesHidden", bob, ann, "m2");
  for (const id of ["m1", "m2"]) assertEquals([before(ann, id), before(bob, id)], [id, id]);
});

/** ann, and two people of one name, each with a message to her under the same id. */
function namesakes(): { folded: FoldedState; ann: Account; bob: Account; renamed: Account } {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const made = (account: string, origin: string): Account => {
    folded.apply({ type: "accountCreated", account, name: "bob", hash: "" }, { origin });
    return folded.state.account(account);
  };
  const [bob, renamed] = [made("bob.1", "node1#aaaaaaaaaaaa"), made("bob.2", "node2#bbbbbbbbbbbb")];
  // The later of the two arrives first.
  for (const [sender, at] of [[renamed, 20], [bob, 10]] as const) {
    folded.apply({ type: "messageSent", id: "m1", from: sender.id, to: ann.id, content: "hi", at });
  }
  return { folded, ann, bob, renamed };
}

Deno.test("checkSearch() takes a name for the account that has it now", () => {
  const { folded, ann, bob, renamed } = namesakes();
  const other = (name: string): unknown => {
    const outcome = checkSearch(folded.state, ann, { words: "x", with: name }, DEFAULT_LIMITS);
    return isRefusal(outcome) ? outcome.code : outcome.other?.id;
  };
  assertEquals([other("Bob"), other("bob~node2"), other("bob~node3")], [bob.id, renamed.id, "unknown-user"]);
  folded.apply({ type: "accountDeleted", account: bob.id });
  assertEquals([other("bob"), other("bob~node2")], ["unknown-user", renamed.id]);
});

Deno.test("checkSearch() goes on from the earliest of several messages with one id", () => {
  const { folded, ann, bob, renamed } = namesakes();
  const before = (account: Account): unknown => {
    const outcome = checkSearch(folded.state, account, { words: "x", before: "m1" }, DEFAULT_LIMITS);
    return isRefusal(outcome) ? outcome.code : outcome.before?.sender.id;
  };
  // Nobody goes on from the message of somebody else.
  assertEquals([ann, bob, renamed].map(before), [bob.id, bob.id, renamed.id]);
  folded.apply({ type: "accountDeleted", account: bob.id });
  assertEquals([ann, renamed].map(before), [renamed.id, renamed.id]);
  folded.apply({ type: "accountDeleted", account: renamed.id });
  assertEquals(before(ann), "unknown-message");
});

Deno.test("visibleOf() tells messages with one id apart by their senders", () => {
  const { folded, ann, bob, renamed } = namesakes();
  const both = found([renamed, ann, "m1"], [bob, ann, "m1"]);
  const senders = (account: Account, other?: Account): readonly string[] =>
    visibleOf(folded.state, account, { other }, both).map(({ sender }) => sender.name);
  assertEquals(senders(ann), ["bob~node2", "bob"]);
  assertEquals([senders(ann, bob), senders(ann, renamed)], [["bob"], ["bob~node2"]]);
  assertEquals([senders(bob), senders(renamed)], [["bob"], ["bob~node2"]]);
  folded.mark("messagesHidden", bob, ann, "m1");
  assertEquals([senders(ann), senders(bob)], [["bob~node2"], ["bob"]]);
  folded.mark("messagesDeleted", renamed, ann, "m1");
  assertEquals([senders(ann), senders(renamed)], [[], []]);
});

function found(
  ...messages: readonly (readonly [Account, Account, string])[]
): Parameters<typeof visibleOf>[3] {
  const marks = emptyEarlyMark();
  return messages.map(([sender, recipient, id]) => ({
    id,
    sender: sender.id,
    recipient: recipient.id,
    time: 1,
    origin: ORIGIN,
    content: "what the archive has",
    marks,
  }));
}

function idsOf(messages: readonly Message[]): string {
  return messages.map(({ id }) => id).join(" ");
}

Deno.test("visibleOf() drops what the account does not see now, whatever the archive has found", () => {
  const { folded, ann, bob, cy } = people();
  for (const id of ["m1", "m2", "m3"]) folded.send(ann, bob, id);
  folded.send(bob, ann, "m4");
  folded.send(cy, bob, "m5");
  folded.send(ann, ann, "m6");
  folded.send(cy, ann, "m7");
  const all = found(
    [cy, ann, "m7"],
    [ann, ann, "m6"],
    [cy, bob, "m5"],
    [bob, ann, "m4"],
    ...["m3", "m2", "m1"].map((id) => [ann, bob, id] as const),
    [bob, ann, "m9"],
  );
  const seen = (account: Account, other?: Account): string =>
    idsOf(visibleOf(folded.state, account, { other }, all));
  assertEquals(seen(ann), "m7 m6 m4 m3 m2 m1");
  assertEquals(seen(ann, bob), "m4 m3 m2 m1");
  assertEquals(seen(ann, ann), "m6");
  assertEquals(seen(bob), "m5 m4 m3 m2 m1");
  folded.mark("messagesDeleted", ann, bob, "m2");
  folded.mark("messagesHidden", bob, ann, "m4");
  assertEquals([seen(ann), seen(bob)], ["m7 m6 m3 m1", "m5 m4 m3 m1"]);
  folded.apply({ type: "accountDeleted", account: cy.id });
  assertEquals([seen(ann), seen(bob)], ["m6 m3 m1", "m4 m3 m1"]);
});

Deno.test("visibleOf() gives each message once, newest first, in whatever order the archive has them", () => {
  const { folded, ann, bob } = people();
  for (const id of ["m1", "m2", "m3"]) folded.send(ann, bob, id);
  const mixed = found([ann, bob, "m2"], [ann, bob, "m3"], [ann, bob, "m2"], [ann, bob, "m1"]);
  assertEquals(idsOf(visibleOf(folded.state, ann, { other: undefined }, mixed)), "m3 m2 m1");
});

Deno.test("foundPage() ends where its frame is full, but not before its first message", () => {
  const { folded, ann, bob } = people();
  const ALL = featureSet(["account-ids"]);
  let pages = 0;
  const lengths = fc.array(fc.integer({ min: 1, max: 16_384 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 60_000 }), fc.boolean(), (sizes, bytesMax, more) => {
      const messages = sizes.map((size, i) =>
        folded.send(ann, bob, `${pages}-${i}`, "ü".repeat(size / 2 + 1))
      );
      for (const features of [NO_FEATURES, ALL]) {
        const reply = foundPage(messages, ann, more, bytesMax, features).reply([]);
        if (reply.name !== "found") throw new Error(reply.name);
        const { messages: shown, more: hasMore } = reply.payload;
        assertEquals(shown.map(({ id }) => id), messages.slice(0, shown.length).map(({ id }) => id));
        assertEquals(hasMore, more || shown.length < messages.length);
        assert(shown.length > 0);
        const bytes = encodeReply(reply, features).length - HEADER_BYTES;
        if (shown.length > 1) assertLessOrEqual(bytes, bytesMax);
        pages++;
      }
    }),
    { numRuns: 200 },
  );
  console.log(`${pages} pages`);
});

Deno.test("foundPage() without a message is the last one", () => {
  const reply = foundPage([], new Account("ann.1"), true, 1_000, NO_FEATURES).reply([]);
  assertEquals(reply, { name: "found", payload: { messages: [], more: false } });
});
