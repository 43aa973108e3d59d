import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Account } from "../../../../server/core/accounts/account.ts";
import { Directory } from "../../../../server/core/accounts/directory.ts";
import { wildcardMatches } from "../../../../common/wildcard.ts";
import {
  type Watch,
  WatchedPeople,
  type WatchWish,
} from "../../../../server/core/watching/watched_people.ts";

const name = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
const range = fc.record({
  pattern: fc.constantFrom("*", "a*", "*b", "?a*", "b", "cc*"),
  after: fc.oneof(fc.constant(""), name),
  limit: fc.integer({ min: 1, max: 6 }),
});
const wish: fc.Arbitrary<WatchWish> = fc.record({
  names: fc.uniqueArray(name, { maxLength: 4 }).map((names) => new Set(names)),
  range: fc.option(range, { nil: undefined }),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("list" as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("unlist" as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("watch" as const), wish }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), at: fc.nat(9) }) },
);

/** The first names of a page, found by looking at all. */
function page(
  names: readonly string[],
  { pattern, after, limit }: NonNullable<WatchWish["range"]>,
): string[] {
  return names.filter((each) => each > after && wildcardMatches(pattern, each)).slice(0, limit);
}

Deno.test("WatchedPeople knows the watches of everybody, whoever is listed and whatever is watched", () => {
  let [compared, watching] = [0, 0];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const directory = new Directory();
      const people = new WatchedPeople(directory);
      const watches: { readonly watch: Watch; readonly wish: WatchWish }[] = [];
      for (const each of steps) {
        if (each.do === "list") {
          directory.add(each.name, new Account(each.name));
          people.listed(each.name);
        } else if (each.do === "unlist") {
          directory.remove(each.name);
          people.listed(each.name);
        } else if (each.do === "watch") {
          watches.push({ wish: each.wish, watch: people.add(each.wish) });
        } else for (const { watch } of watches.splice(each.at, 1)) people.remove(watch);
      }
      for (const { watch } of watches) while (watch.range?.isUnfilled) people.fill(watch.range);
      people.fillAll(Infinity, () => {});
      const names = [...directory.names("", "")].flat();
      for (const key of new Set(["a", "b", "ca", "abca", ...names])) {
        const wanted = watches.filter(({ wish }) =>
          wish.names.has(key) || (wish.range && page(names, wish.range).includes(key))
        ).map(({ watch }) => watch);
        const found = people.watchesOf(key);
        assertEquals(new Set(found), new Set(wanted), key);
        assertEquals(found.length, wanted.length, key);
        for (const { watch } of watches) assertEquals(people.includes(watch, key), wanted.includes(watch));
        compared++;
        watching += wanted.length;
      }
      for (const { watch } of watches) people.remove(watch);
      assertEquals(people.size, 0);
      for (const key of names) assertEquals(people.watchesOf(key), []);
    }),
    { numRuns: 1_000 },
  );
  console.log(`${compared} names compared, ${watching} watches of them`);
});

Deno.test("WatchedPeople.size counts names, and a range that is shared once", () => {
  const people = new WatchedPeople(new Directory());
  const range = { pattern: "*", after: "", limit: 100 };
  const first = people.add({ names: new Set(["ann", "bob"]), range });
  assertEquals(people.size, 102);
  const second = people.add({ names: new Set(["ann"]), range });
  assertEquals(people.size, 103);
  assert(first.range === second.range);
  people.remove(first);
  assertEquals(people.size, 101);
});
