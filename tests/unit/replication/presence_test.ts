import { assertEquals } from "@std/assert";
import { Presence } from "../../../server/replication/presence.ts";

function presence(): { presence: Presence; heard: string[] } {
  const heard: string[] = [];
  return {
    presence: new Presence((account, online) => heard.push(`${online ? "+" : "-"}${account}`)),
    heard,
  };
}

Deno.test("Presence says who is online elsewhere, and tells of the first and the last node only", () => {
  const { presence: others, heard } = presence();
  others.update("n2", ["ann", "bob"], []);
  others.update("n3", ["ann"], []);
  others.update("n2", [], ["ann", "bob"]);
  assertEquals([others.isElsewhere("ann"), others.isElsewhere("bob")], [true, false]);
  others.update("n3", [], ["ann"]);
  assertEquals([heard, others.isElsewhere("ann")], [["+ann", "+bob", "-bob", "-ann"], false]);
});

Deno.test("Presence counts nothing twice, neither who came again nor who was not there", () => {
  const { presence: others, heard } = presence();
  others.update("n2", ["ann", "ann"], ["bob"]);
  others.update("n2", ["ann"], []);
  others.update("n3", [], ["ann"]);
  others.update("n2", [], ["ann", "ann"]);
  assertEquals(heard, ["+ann", "-ann"]);
});

Deno.test("Presence forgets a node with all that were online there, unless they are elsewhere too", () => {
  const { presence: others, heard } = presence();
  others.update("n2", ["ann", "bob"], []);
  others.update("n3", ["bob"], []);
  others.forget("n2");
  others.forget("n2");
  others.forget("n9");
  assertEquals([heard, others.isElsewhere("bob")], [["+ann", "+bob", "-ann"], true]);
  others.update("n2", ["ann"], []);
  assertEquals(heard.at(-1), "+ann");
});

Deno.test("Presence knows already what it tells", () => {
  const seen: boolean[] = [];
  const others: Presence = new Presence((account, online) =>
    seen.push(others.isElsewhere(account) === online)
  );
  others.update("n2", ["ann"], []);
  others.forget("n2");
  assertEquals(seen, [true, true]);
});
