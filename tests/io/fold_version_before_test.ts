import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { anyEntrySet, interleaved } from "../testing/entry_sets.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { VersionBefore } from "../testing/version_before.ts";

/** Number of sets of entries. */
const SETS = scale(2_000, 50_000);

/** A message in the state of either version. */
interface AnyMessage {
  readonly id: string;
  readonly sender: { readonly id: string };
  readonly content: string;
  readonly progress: number;
  readonly hidden: boolean;
  /** In this version, the time that people see. */
  readonly time?: number;
  /** The same in the version before. */
  readonly stamp?: number;
}

/** The state of either version, as far as people see it. */
interface AnyState {
  readonly accounts: ReadonlyMap<string, {
    readonly id: string;
    readonly unread: number;
    readonly conversations: ReadonlyMap<string, { readonly messages: readonly AnyMessage[] }>;
  }>;
  readonly directory: {
    from(name: string, match: string): Iterable<{ readonly id: string; readonly name: string }>;
  };
}

processTest("The version before shows the same people and messages, whatever entries arrive", async () => {
  await using before = await VersionBefore.unpack();
  const { State: StateBefore } = await import(`${before.folder}/server/core/state.ts`);
  const { evolve: evolveBefore } = await import(`${before.folder}/server/core/evolve.ts`);
  const seen = { people: 0, renamed: 0, messages: 0 };
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      // The version before does not know the event, and shows a namesake that comes after it otherwise.
      const entries = interleaved(set, new SeededNumbers(seed)).filter(({ type }) =>
        type !== "nameForgotten"
      );
      const shown = view(fold(new State(), evolve, entries));
      assertEquals(view(fold(new StateBefore(), evolveBefore, entries)), shown);
      seen.people += shown.people.length;
      seen.renamed += shown.people.filter((person) => person.includes("~")).length;
      seen.messages += shown.messages.length;
    }),
    { numRuns: SETS, seed: 7 },
  );
  console.log(`${SETS} sets: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, SETS / 20, what);
});

function fold<Any>(
  state: Any,
  evolve: (state: Any, entry: Entry) => unknown,
  entries: readonly Entry[],
): Any {
  for (const entry of entries) evolve(state, entry);
  return state;
}

/** What people see: names in order, and in each conversation the messages in order. */
function view(state: AnyState): { readonly people: readonly string[]; readonly messages: readonly string[] } {
  // Among several namesakes of one node, the versions number differently once one of them is deleted.
  const people = [...state.directory.from("", "")].map(({ name, id }) =>
    `${name.replace(/~\d+$/, "")} ${id}`
  );
  const messages = [...state.accounts.values()].flatMap(({ id: account, unread, conversations }) => [
    ...(unread > 0 ? [`${account} unread ${unread}`] : []),
    ...[...conversations].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([other, { messages }]) =>
      messages.map(({ id, sender, content, progress, hidden, time, stamp }) =>
        `${account} ${other} ${id} ${sender.id} ${content} ${progress} ${hidden} ${time ?? stamp}`
      )
    ),
  ]);
  return { people: people.sort(), messages: messages.sort() };
}
