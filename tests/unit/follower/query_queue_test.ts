import { assertEquals } from "@std/assert";
import { QueryQueue, WAIT_MS } from "../../../server/follower/query_queue.ts";

const BOUNDS = { waiting: 64, waitingPerAccount: 4 };

interface Query {
  readonly account: string;
  readonly position: number;
  readonly name: string;
}

function query(account: string, name = "", position = 0): Query {
  return { account, position, name };
}

function namesOf(queue: QueryQueue<Query>, position = 0): string[] {
  const names: string[] = [];
  for (let next = queue.next(position); next !== undefined; next = queue.next(position)) {
    names.push(next.name);
    queue.finished(next);
  }
  return names;
}

Deno.test("QueryQueue.next() lets accounts take turns, whoever asked first", () => {
  const queue = new QueryQueue<Query>(BOUNDS);
  for (const name of ["a1", "a2", "a3", "b1", "c1", "b2"]) queue.add(query(name.charAt(0), name), 0);
  assertEquals(namesOf(queue), ["a1", "b1", "c1", "a2", "b2", "a3"]);
  assertEquals(queue.next(0), undefined);
});

Deno.test("QueryQueue.next() has one query of an account under way", () => {
  const queue = new QueryQueue<Query>(BOUNDS);
  for (const name of ["a1", "a2", "b1"]) queue.add(query(name.charAt(0), name), 0);
  const first = queue.next(0);
  assertEquals([first?.name, queue.next(0)?.name, queue.next(0)], ["a1", "b1", undefined]);
  queue.finished(first as Query);
  assertEquals(queue.next(0)?.name, "a2");
});

Deno.test("QueryQueue.next() passes over a query for which the archive has not come far enough", () => {
  const queue = new QueryQueue<Query>(BOUNDS);
  queue.add(query("a", "a1", 7), 0);
  queue.add(query("b", "b1", 3), 0);
  assertEquals(namesOf(queue, 2), []);
  assertEquals(namesOf(queue, 3), ["b1"]);
  assertEquals(namesOf(queue, 7), ["a1"]);
});

Deno.test("QueryQueue.add() refuses a fifth query of an account, and a 65th in all", () => {
  const queue = new QueryQueue<Query>(BOUNDS);
  const own = Array.from({ length: 5 }, () => queue.add(query("a"), 0));
  assertEquals(own, [true, true, true, true, false]);
  const others = Array.from({ length: 61 }, (_, i) => queue.add(query(`other ${i}`), 0));
  assertEquals([others.indexOf(false), others.lastIndexOf(true)], [60, 59]);
  assertEquals(queue.next(0)?.account, "a");
  assertEquals(queue.add(query("late"), 0), true);
  assertEquals(queue.clear().length, 64);
  assertEquals(queue.add(query("later"), 0), true);
});

Deno.test("QueryQueue.expired() returns what has waited too long, and nothing else", () => {
  const queue = new QueryQueue<Query>(BOUNDS);
  assertEquals([queue.nextExpiryMs, queue.expired(Infinity)], [undefined, []]);
  queue.add(query("a", "a1"), 100);
  queue.add(query("b", "b1"), 50);
  queue.add(query("a", "a2"), 300);
  assertEquals(queue.nextExpiryMs, 50 + WAIT_MS);
  assertEquals(queue.expired(49 + WAIT_MS), []);
  assertEquals(queue.expired(100 + WAIT_MS).map(({ name }) => name), ["a1", "b1"]);
  assertEquals(queue.nextExpiryMs, 300 + WAIT_MS);
  assertEquals(namesOf(queue), ["a2"]);
});
