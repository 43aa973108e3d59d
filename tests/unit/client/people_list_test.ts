import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  PeopleList,
  type PeopleRange,
  type Person,
  type ToldPerson,
} from "../../../client/core/people_list.ts";
import { Revisions } from "../../../client/core/revisions.ts";

function person(name: string, online = false, unread = 0): ToldPerson {
  return { name, account: `account of ${name}`, online, unread };
}

function listOf(range: PeopleRange, ...names: readonly string[]): PeopleList {
  const list = new PeopleList(new Revisions());
  list.look(range);
  list.takePage(names.map((name) => person(name)), false, true);
  return list;
}

function names({ rows }: PeopleList): string {
  return rows.map(({ name, online }) => online ? `${name}!` : name).join(" ");
}

Deno.test("PeopleList puts somebody into their place, and lets the last one go", () => {
  const list = listOf({ count: 3 }, "ann", "Cleo", "eve");
  assertEquals([names(list), list.more, list.told], ["ann Cleo eve", false, true]);
  list.put(person("Bob", true));
  assertEquals([names(list), list.more], ["ann Bob! Cleo", true]);
  list.put(person("zoe", true));
  assertEquals(names(list), "ann Bob! Cleo", "nobody beyond the count");
  list.remove("account of ann");
  list.put(person("eve"));
  assertEquals(names(list), "Bob! Cleo eve", "the next one has come up");
  list.remove("account of nobody");
  assertEquals(names(list), "Bob! Cleo eve");
});

Deno.test("PeopleList takes only people who match and come after a name", () => {
  const list = listOf({ match: "B?*", after: "Bea", count: 9 });
  for (const name of ["bea", "bob", "B", "carl", "Bz", "ba"]) list.put(person(name));
  assertEquals(names(list), "bob Bz");
});

Deno.test("PeopleList has one row of a name, and one of an account", () => {
  const list = listOf({ count: 9 }, "bob", "carl");
  list.put({ ...person("bob", true), account: "another" });
  assertEquals(list.rows.map(({ name, account }) => `${name} ${account}`), [
    "bob another",
    "carl account of carl",
  ]);
  list.put({ ...person("dora"), account: "another" });
  assertEquals(names(list), "carl dora");
});

Deno.test("PeopleList goes by names where a node tells no accounts", () => {
  const list = new PeopleList(new Revisions());
  list.look({ count: 9 });
  const told = (name: string, online: boolean): ToldPerson => ({
    ...person(name, online),
    account: undefined,
  });
  list.takePage([told("ann", false), told("bob", false)], false, true);
  list.put(told("Bob", true));
  assertEquals(names(list), "ann Bob!");
});

Deno.test("PeopleList keeps the people who belong to another range until its page comes", () => {
  const list = listOf({ count: 9 }, "ann", "anton", "bob");
  list.look({ match: "an*", count: 9 });
  assertEquals([names(list), list.told], ["ann anton", false]);
  list.takePage([person("ada"), person("ann"), person("bob")], true, false);
  assertEquals([names(list), list.told, list.more], ["ann", false, true], "a page of another range");
  list.takePage([person("ann"), person("anton")], false, true);
  assertEquals([names(list), list.told, list.more], ["ann anton", true, false]);
  list.look({ match: "an*", count: 1 });
  assertEquals([names(list), list.more], ["ann", true]);
  list.look(undefined);
  assertEquals([names(list), list.more, list.told], ["", false, false]);
  list.put(person("ann"));
  assertEquals(names(list), "");
});

Deno.test("PeopleList changes its revision, and those of its rows, with them only", () => {
  const list = listOf({ count: 9 }, "ann", "bob");
  const [ann, bob]: readonly Person[] = list.rows;
  const { rows, revision } = list;
  list.takePage([person("ann"), person("bob")], false, true);
  list.put(person("bob"));
  list.count(() => undefined);
  assertStrictEquals(list.rows, rows);
  assertEquals(list.revision, revision);
  list.put(person("bob", true));
  assertStrictEquals(list.rows[0], ann);
  assert(list.rows[1] !== bob);
  assert((list.rows[1]?.revision ?? 0) > (bob?.revision ?? 0) && list.revision > revision);
  list.count(({ name }) => name === "ann" ? 3 : undefined);
  assertEquals(list.rows.map(({ unread }) => unread), [3, 0]);
  list.put({ ...person("ann", true), unread: 0 });
  assertEquals(list.rows.map(({ unread }) => unread), [3, 0], "PERSON tells no count");
});
