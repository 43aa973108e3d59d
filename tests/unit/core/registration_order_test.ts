import { assertEquals, assertGreater } from "@std/assert";
import { inOrderOfRegistration } from "../../../server/core/accounts/registration_order.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { SLICE_WORK } from "../../../server/core/slices.ts";
import { State } from "../../../server/core/state.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const COUNT = 1_500;

/** Entries that register people at two nodes in turn, under names whose order is another one. */
function registrations(): ReturnType<typeof entryOf>[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const name = `user${i * 977 % COUNT}`;
    const event = { type: "accountCreated", account: `${name}.1`, name, hash: "hash" } as const;
    return entryOf(`node${i % 2}#aaaaaaaaaaaa`, Math.floor(i / 2) + 1, 1_000 + i, event);
  });
}

function namesIn(state: State): string[] {
  return wholeOf(inOrderOfRegistration(state)).map(({ name }) => name);
}

Deno.test("inOrderOfRegistration() is the order of the stamps, however the entries arrived", () => {
  const entries = registrations();
  const expected = entries.map((entry) => "name" in entry ? entry.name : "");
  const [apart, together] = [new State(), new State()];
  for (const origin of ["node1", "node0"]) {
    for (const entry of entries.filter((each) => each.origin.startsWith(origin))) evolve(apart, entry);
  }
  for (const entry of entries) evolve(together, entry);
  assertEquals(namesIn(together), expected);
  assertEquals(namesIn(apart), expected);
});

Deno.test("inOrderOfRegistration() puts a name that somebody takes again at the end", () => {
  const folded = new FoldedState();
  for (const name of ["zoe", "ann", "Bob"]) folded.register(name);
  assertEquals(namesIn(folded.state), ["zoe", "ann", "Bob"]);
  folded.apply({ type: "accountDeleted", account: "zoe.1" });
  folded.register("zoe", "2");
  assertEquals(namesIn(folded.state), ["ann", "Bob", "zoe"]);
  assertEquals(namesIn(new State()), []);
});

Deno.test("inOrderOfRegistration() gives way, and keeps whoever is there all the time", () => {
  const folded = new FoldedState();
  const people = Array.from({ length: COUNT }, (_, i) => folded.register(`user${i * 977 % COUNT}`));
  const gone = new Set(people.filter((_, i) => i % 3 === 0));
  const order = inOrderOfRegistration(folded.state);
  let slices = 0;
  let step = order.next();
  for (; !step.done; step = order.next()) {
    slices++;
    assertEquals(step.value <= SLICE_WORK, true);
    for (const account of [...gone].filter(({ deleted }, i) => i % 7 === slices % 7 && !deleted)) {
      folded.apply({ type: "accountDeleted", account: account.id });
    }
    folded.register(`late${slices}`);
  }
  assertGreater(slices, 5);
  const listed = new Set(step.value);
  const kept = step.value.filter((account) => people.includes(account) && !gone.has(account));
  assertEquals(kept, people.filter((account) => !gone.has(account)));
  assertEquals(listed.size, step.value.length);
  console.log(`${slices} slices, ${kept.length} of ${COUNT} accounts there all the time`);
});
