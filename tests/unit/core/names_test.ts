import { assertEquals, assertLess } from "@std/assert";
import { type Namesake, neededNamesakes, shownNames } from "../../../server/core/accounts/names.ts";
import { react } from "../../../server/core/react.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const [NODE1, NODE1_AGAIN, NODE2] = ["node1#aaaaaaaaaaaa", "node1#bbbbbbbbbbbb", "node2#cccccccccccc"];

function made(stamp: number, origin: string, deletedStamp?: number, registeredName = "bob"): Namesake {
  return {
    registeredName,
    created: { stamp, origin },
    knewDeletionsTo: undefined,
    deleted: deletedStamp === undefined ? undefined : { stamp: deletedStamp, origin: NODE2 },
  };
}

/** The names shown, which must not depend on the order of the accounts. */
function shown(...namesakes: readonly Namesake[]): string[] {
  const names = shownNames(namesakes);
  const reversed = shownNames([...namesakes].reverse()).reverse();
  assertEquals(reversed, names, "in the other order");
  return names;
}

Deno.test("shownNames() leaves a name to its only holder", () => {
  assertEquals(shown(made(1, NODE1)), ["bob"]);
  assertEquals(shown(), []);
});

Deno.test("shownNames() leaves the name to the earlier stamp, and renames the later one after its node", () => {
  assertEquals(shown(made(1, NODE1), made(2, NODE2)), ["bob", "bob~node2"]);
  assertEquals(shown(made(2, NODE1), made(1, NODE2)), ["bob~node1", "bob"]);
});

Deno.test("shownNames() decides between equal stamps by the origin", () => {
  assertEquals(shown(made(1, NODE1), made(1, NODE2)), ["bob", "bob~node2"]);
});

Deno.test("shownNames() keeps the case that each registered", () => {
  assertEquals(shown(made(1, NODE1), made(2, NODE2, undefined, "BoB")), ["bob", "BoB~node2"]);
});

Deno.test("shownNames() counts on where a node made several, in any incarnation", () => {
  const names = shown(made(1, NODE2), made(2, NODE1), made(3, NODE1_AGAIN), made(4, NODE1));
  assertEquals(names, ["bob", "bob~node1", "bob~node1~2", "bob~node1~3"]);
});

Deno.test("shownNames() frees a name for those who were made after its deletion, by stamp", () => {
  assertEquals(shown(made(1, NODE1, 5), made(6, NODE2)), ["bob", "bob"]);
  assertEquals(shown(made(1, NODE1, 7), made(6, NODE2)), ["bob", "bob~node2"]);
});

Deno.test("shownNames() renames nobody back when the holder of the name goes later", () => {
  assertEquals(shown(made(1, NODE1, 9), made(2, NODE2), made(3, NODE1)), ["bob", "bob~node2", "bob~node1"]);
});

Deno.test("shownNames() gives the smallest number that no living namesake had at that time", () => {
  const holder = made(1, NODE1);
  const names = shown(holder, made(2, NODE2, 5), made(3, NODE2), made(6, NODE2), made(7, NODE2));
  assertEquals(names, ["bob", "bob~node2", "bob~node2~2", "bob~node2", "bob~node2~3"]);
});

Deno.test("shownNames() is quick where a name went through many hands, one after the other", () => {
  const many = Array.from({ length: 30_000 }, (_, i) => made(2 * i, NODE1, 2 * i + 1));
  const startedMs = performance.now();
  assertEquals(new Set(shownNames(many)), new Set(["bob"]));
  assertLess(performance.now() - startedMs, 1_000);
});

Deno.test("neededNamesakes() are the deleted ones under which another was made that lives or is needed", () => {
  const needed = (...namesakes: readonly Namesake[]): boolean[] => {
    const found = neededNamesakes(namesakes);
    assertEquals(neededNamesakes([...namesakes].reverse()), new Set([...found].reverse()));
    return namesakes.map((namesake) => found.has(namesake));
  };
  assertEquals(needed(made(1, NODE1), made(2, NODE2)), [false, false], "nobody is deleted");
  assertEquals(needed(made(1, NODE1, 2)), [false]);
  assertEquals(needed(made(1, NODE1, 2), made(3, NODE2)), [false, false], "made after the deletion");
  assertEquals(needed(made(1, NODE1, 3), made(2, NODE2)), [true, false]);
  assertEquals(needed(made(1, NODE1, 3), made(2, NODE2, 9)), [false, false], "both are deleted");
  const chain = [made(1, NODE1, 4), made(3, NODE2, 9), made(5, NODE2)];
  assertEquals(needed(...chain), [true, true, false], "the first decides on the number of the third");
  assertEquals(shown(...chain), ["bob", "bob~node2", "bob~node2~2"]);
  assertEquals(shown(...chain.slice(1)), ["bob", "bob~node2"], "without the first, another number");
});

Deno.test("evolve() renames the later account whichever arrives first, and tells so", () => {
  const early = { type: "accountCreated", account: "bob.1", name: "bob", hash: "h1" } as const;
  const late = { type: "accountCreated", account: "bob.2", name: "Bob", hash: "h2" } as const;
  for (const order of ["early first", "late first"]) {
    const folded = new FoldedState();
    const earlyPlace = { origin: NODE1, stamp: 1 };
    const latePlace = { origin: NODE2, stamp: 2 };
    const changes = order === "early first"
      ? [...folded.apply(early, earlyPlace), ...folded.apply(late, latePlace)]
      : [...folded.apply(late, latePlace), ...folded.apply(early, earlyPlace)];
    assertEquals(folded.state.directory.find("BOB")?.id, "bob.1", order);
    assertEquals(folded.state.directory.find("bob~NODE2")?.name, "Bob~node2", order);
    assertEquals(folded.state.directory.size, 2);
    const renames = changes.flatMap((change) =>
      change.type === "accountRenamed" ? [[change.from, change.to]] : []
    );
    assertEquals(renames, order === "late first" ? [["Bob", "Bob~node2"]] : []);
  }
});

Deno.test("react() tells of a new name to the renamed account and to those who talk with it", () => {
  const folded = new FoldedState();
  const [bob, ann] = [folded.register("bob"), folded.register("ann")];
  folded.register("cy");
  folded.send(ann, bob, "m1");
  const earlier = { origin: NODE2, stamp: 0 };
  const changes = folded.apply({ type: "accountCreated", account: "bob.2", name: "Bob", hash: "h" }, earlier);
  const payload = { name: "bob", change: "renamed", to: "bob~node1", account: bob.id } as const;
  const push = { name: "user", payload } as const;
  assertEquals(react(changes, 1_000), [bob, ann].map((to) => ({ to, push, exceptAsker: false })));
});

Deno.test("evolve() gives a name back when a deletion turns out to be earlier", () => {
  const folded = new FoldedState();
  folded.apply({ type: "accountCreated", account: "bob.1", name: "bob", hash: "h" }, {
    origin: NODE1,
    stamp: 1,
  });
  folded.apply({ type: "accountCreated", account: "bob.2", name: "bob", hash: "h" }, {
    origin: NODE2,
    stamp: 5,
  });
  assertEquals(folded.state.account("bob.2").name, "bob~node2");
  folded.apply({ type: "accountDeleted", account: "bob.1" }, { origin: NODE1, stamp: 9 });
  assertEquals(folded.state.account("bob.2").name, "bob~node2");
  const changes = folded.apply({ type: "accountDeleted", account: "bob.1" }, { origin: "node3#d", stamp: 3 });
  assertEquals(folded.state.account("bob.2").name, "bob");
  assertEquals(changes.map((change) => change.type), ["accountRenamed"]);
});

Deno.test("evolve() frees the name of an account that was deleted, and keeps it from being listed", () => {
  const folded = new FoldedState();
  const bob = folded.register("bob");
  folded.apply({ type: "accountDeleted", account: bob.id });
  assertEquals(folded.state.directory.find("bob"), undefined);
  assertEquals([...folded.state.directory.from("", "")], []);
  const again = folded.register("Bob", "2");
  assertEquals([again.name, folded.state.directory.find("bob")], ["Bob", again]);
});
