import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { WholeLists } from "../../../server/sessions/whole_lists.ts";

const [ANN, BOB, CAT] = [{ name: "ann" }, { name: "bob" }, { name: "cat" }];

Deno.test("WholeLists lets one list of each account be made, however many of them wait", () => {
  const lists = new WholeLists(4);
  const anns = Array.from({ length: 10 }, () => ({}));
  assertEquals(anns.map((list) => lists.enter(list, ANN)), [true, ...Array(9).fill(false)]);
  const bobs = {};
  assertEquals(lists.enter(bobs, BOB), true);
  lists.leave(anns[0] ?? {}, ANN);
  assertEquals(anns.slice(1, 4).map((list) => lists.enter(list, ANN)), [true, false, false]);
});

Deno.test("WholeLists goes round the accounts that wait", () => {
  const lists = new WholeLists(1);
  const [first, anns, bobs, cats] = [{}, {}, {}, {}];
  assertEquals(lists.enter(first, ANN), true);
  for (const [list, account] of [[anns, ANN], [bobs, BOB], [cats, CAT]] as const) lists.enter(list, account);
  lists.leave(first, ANN);
  // ann had her turn, and stands in front of nobody who came before her next list.
  const made: string[] = [];
  for (let turn = 0; turn < 3; turn++) {
    for (const [list, account] of [[cats, CAT], [anns, ANN], [bobs, BOB]] as const) {
      if (made.includes(account.name) || !lists.enter(list, account)) continue;
      made.push(account.name);
      lists.leave(list, account);
    }
  }
  assertEquals(made.toSorted(), ["ann", "bob", "cat"]);
});

Deno.test("WholeLists: a list that leaves while it waits keeps nobody waiting", () => {
  const lists = new WholeLists(1);
  const [first, anns, bobs] = [{}, {}, {}];
  lists.enter(first, CAT);
  assertEquals([lists.enter(anns, ANN), lists.enter(bobs, BOB)], [false, false]);
  lists.leave(first, CAT);
  assertEquals(lists.enter(bobs, BOB), false);
  lists.leave(anns, ANN);
  assertEquals(lists.enter(bobs, BOB), true);
});

Deno.test("WholeLists makes every list in the end, a few at a time, whatever comes when", () => {
  const arrivals = fc.array(fc.record({ account: fc.nat(4), ms: fc.nat(3) }), {
    minLength: 1,
    maxLength: 40,
  });
  let made = 0;
  fc.assert(fc.property(arrivals, fc.integer({ min: 1, max: 4 }), (all, max) => {
    const accounts = [{}, {}, {}, {}, {}];
    const lists = new WholeLists(max);
    const waiting = new Set(all.map(({ account, ms }) => ({ account: accounts[account] ?? {}, ms })));
    const making = new Set<{ account: object; ms: number }>();
    for (let round = 0; waiting.size + making.size > 0; round++) {
      assertEquals(round < 1_000, true, "a list waits for ever");
      for (const list of [...waiting]) {
        if (!lists.enter(list, list.account)) continue;
        waiting.delete(list);
        making.add(list);
        made++;
      }
      assertEquals(making.size <= max, true);
      assertEquals(new Set([...making].map(({ account }) => account)).size, making.size);
      for (const list of [...making]) {
        if (list.ms-- > 0) continue;
        making.delete(list);
        lists.leave(list, list.account);
      }
    }
  }));
  console.log(`${made} lists made`);
});
