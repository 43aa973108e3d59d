import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import {
  isQuotaSpent,
  messageStoredBytes,
  messageStoredBytesMax,
} from "../../../server/core/accounts/stored_entries.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const DAY_MS = 86_400_000;

/** Microseconds, as in stamps. */
const DAY = DAY_MS * 1_000;

/** Bytes that an entry counts beside the content of a message. */
const OVERHEAD = 1_024;

Deno.test("messageStoredBytes() counts a content as JSON.stringify writes it, and its bound is never below", () => {
  const runs = 5_000;
  const encoder = new TextEncoder();
  const unit = fc.oneof(
    fc.constantFrom(...'\u0000\u0001\b\t\n\v\f\r\u001f "\\/~\u007f\u2028€😀'),
    fc.string({ unit: "binary", maxLength: 1 }),
  );
  let escaped = 0;
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
      const content = units.join("");
      const bytes = encoder.encode(JSON.stringify(content)).length - 2;
      assertEquals(messageStoredBytes(content), OVERHEAD + bytes);
      assert(messageStoredBytesMax(content) >= messageStoredBytes(content));
      if (bytes > encoder.encode(content).length) escaped++;
    }),
    { numRuns: runs, seed: 15 },
  );
  assertGreater(escaped, runs / 2);
  console.log(`${runs} contents, ${escaped} with escapes`);
});

Deno.test("countStored() counts both acceptances of a message, and what a login and another password store", () => {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  const stored = (): number => ann.stored.on(5);
  const sent = { type: "messageSent", id: "m1", from: ann.id, to: bob.id, content: "hey" } as const;
  folded.apply(sent, { stamp: 5 * DAY + 9 });
  folded.apply(sent, { stamp: 5 * DAY + 8, origin: "node2#bbbbbbbbbbbb" });
  assertEquals([stored(), bob.stored.on(5)], [2 * 1_027, 0]);
  folded.apply({ type: "tokenIssued", account: ann.id, token: "t1", password: "node1#aaaaaaaaaaaa/1" });
  folded.apply({ type: "passwordChanged", account: ann.id, hash: "h", generation: 1 });
  folded.apply({ type: "addressKnown", account: ann.id, address: "a1" });
  assertEquals(stored(), 2 * 1_027 + 3 * 1_024);
  folded.apply({ type: "tokenRevoked", account: ann.id, token: "t1", issued: "" });
  folded.apply({ type: "tokensUsed", account: ann.id, tokens: ["t2"] });
  assertEquals(stored(), 2 * 1_027 + 3 * 1_024);
  folded.apply({ type: "accountDeleted", account: bob.id });
  folded.apply({ ...sent, id: "m2" });
  assertEquals(stored(), 3 * 1_027 + 3 * 1_024, "a message to an account that is gone");
  folded.apply({ type: "accountDeleted", account: ann.id });
  folded.apply({ ...sent, id: "m3" });
  assertEquals(stored(), 0);
});

Deno.test("countStored() counts a message on the day of its acceptance, whatever clocks and conversations say", () => {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  const sent = { type: "messageSent", from: ann.id, to: bob.id, content: "hey" } as const;
  folded.apply({ ...sent, id: "m1", at: 5 * DAY }, { stamp: 900 * DAY });
  folded.apply({ ...sent, id: "m2", at: 900 * DAY }, { stamp: 5 * DAY, origin: "node2#bbbbbbbbbbbb" });
  folded.apply({ ...sent, id: "m3", at: 2 * DAY }, { stamp: 5 * DAY + 1, origin: "node2#bbbbbbbbbbbb" });
  assertEquals([2, 5, 900].map((day) => ann.stored.on(day)), [1_027, 2 * 1_027, 0]);
});

Deno.test("isQuotaSpent() is true once a login would be too much, and never without a limit", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const limits = { ...DEFAULT_LIMITS, storedBytes: 3_072 };
  const isSpent = (storedBytes = 3_072): boolean => isQuotaSpent(ann, 5 * DAY_MS, { ...limits, storedBytes });
  const token = { type: "tokenIssued", account: ann.id, password: "node1#aaaaaaaaaaaa/1" } as const;
  folded.apply({ ...token, token: "t1" }, { stamp: 5 * DAY });
  assertEquals(isSpent(), false);
  folded.apply({ ...token, token: "t2" });
  assertEquals([isSpent(), isSpent(0), isSpent(4_096)], [true, false, false]);
});
