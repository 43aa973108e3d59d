import { assertEquals, assertMatch } from "@std/assert";
import { messageEntries } from "../log/log_harness.ts";
import { FollowerHarness } from "./follower_harness.ts";

const FOUND = { messages: [], more: false };
const BUSY = { problem: "busy", retryAfterSeconds: 1 } as const;
const BEHIND = { problem: "behind", retryAfterSeconds: 5 } as const;
const BUILDING = { problem: "building", retryAfterSeconds: 5 } as const;

/** A harness whose archive has come up with its log. */
function following(): FollowerHarness {
  const harness = new FollowerHarness();
  harness.log.commit(messageEntries(1, 10));
  harness.settle();
  return harness;
}

function found(harness: FollowerHarness): void {
  const task = harness.reader.tasks.shift();
  harness.reader.report({ type: "answered", id: task?.id ?? 0, page: FOUND });
}

function passSeconds(harness: FollowerHarness, seconds: number): void {
  for (let second = 0; second < seconds; second++) harness.pass(1_000);
}

Deno.test("search() starts the reader with the first query, and has one of each account under way", () => {
  const harness = following();
  assertEquals(harness.readers.length, 0);
  for (const account of ["ada", "ada", "bob"]) harness.search(account);
  const accountsOf = (): string[] => harness.reader.tasks.map(({ query }) => query.account);
  assertEquals([harness.readers.length, accountsOf()], [1, ["ada", "bob"]]);
  found(harness);
  assertEquals([accountsOf(), harness.outcomes.length], [["bob", "ada"], 1]);
});

Deno.test("search() gives the reader eight queries at once, and the others as these are answered", () => {
  const harness = following();
  for (let i = 0; i < 12; i++) harness.search(`account ${i}`);
  assertEquals(harness.reader.tasks.length, 8);
  for (let i = 0; i < 12; i++) found(harness);
  assertEquals([harness.reader.tasks.length, harness.outcomes.length], [0, 12]);
});

Deno.test("ask() lets look-ups go beside eight searches, and does not wait for what is durable", () => {
  const harness = following();
  for (let i = 0; i < 10; i++) harness.search(`account ${i}`);
  harness.log.commit(messageEntries(11, 5));
  harness.lookUp("account 1");
  harness.lookUp("account 1");
  harness.lookUp("bob");
  const types = (): string[] => harness.reader.tasks.map(({ query }) => query.type);
  assertEquals(types().filter((type) => type === "search").length, 8);
  assertEquals(types().filter((type) => type === "ids").length, 2);
  for (let i = 0; i < 13; i++) found(harness);
  assertEquals(harness.outcomes.length, 13);
});

Deno.test("ask() counts for the operator, one account after the other, beside the look-ups of these", () => {
  const harness = following();
  for (let i = 0; i < 8; i++) {
    harness.follower.ask(
      { type: "size", account: `account ${i}` },
      (outcome) => harness.outcomes.push(outcome),
    );
  }
  harness.lookUp("account 0");
  harness.search("account 0");
  harness.lookUp("bob");
  const types = harness.reader.tasks.map(({ query }) => query.type);
  assertEquals(types, ["size", "ids", "search", "ids"]);
  assertEquals(harness.outcomes, [BUSY, BUSY, BUSY]);
  for (let i = 0; i < 8; i++) found(harness);
  assertEquals(harness.outcomes.length, 11);
});

Deno.test("search() waits until the archive has what is durable, and tells the writer at once", () => {
  const harness = following();
  harness.log.commit(messageEntries(11, 5));
  harness.search();
  assertEquals(harness.readers.length, 0);
  harness.work();
  assertEquals(harness.reader.tasks.length, 1);
  found(harness);
  assertEquals(harness.outcomes, [FOUND]);
});

Deno.test("search() waits two seconds at most", () => {
  const harness = following();
  harness.log.commit(messageEntries(11, 5));
  harness.search();
  harness.pass(1_999);
  assertEquals(harness.outcomes, []);
  harness.pass(1);
  assertEquals(harness.outcomes, [BEHIND]);
  harness.work();
  assertEquals(harness.readers.length, 0);
});

Deno.test("search() says busy where only others keep it waiting", () => {
  const harness = following();
  for (let i = 0; i < 9; i++) harness.search(`account ${i}`);
  harness.pass(2_000);
  assertEquals(harness.outcomes, [BUSY]);
});

Deno.test("search() hurries the archive only for those that wait", () => {
  const harness = following();
  harness.log.commit(messageEntries(11, 5));
  for (let i = 0; i < 6; i++) harness.search();
  assertEquals(harness.outcomes, [BUSY, BUSY]);
  assertEquals(harness.worker.tasks.filter(({ type }) => type === "durable").length, 4);
});

Deno.test("a query that never ends is given up after 30 s without a word, and another reader takes the next", () => {
  const harness = following();
  harness.lookUp("ada");
  harness.search("bob");
  passSeconds(harness, 20);
  harness.reader.report({ type: "working" });
  passSeconds(harness, 29);
  assertEquals([harness.outcomes, harness.reader.isTerminated], [[], false]);
  passSeconds(harness, 1);
  assertEquals(
    harness.outcomes,
    [10, 10].map((retryAfterSeconds) => ({ problem: "unusable", retryAfterSeconds })),
  );
  assertEquals(harness.reader.isTerminated, true);
  assertMatch(harness.follower.status().problem ?? "", /^a query has not gone on for 30 s/);
  harness.pass(10_000);
  harness.settle();
  harness.lookUp("ada");
  found(harness);
  assertEquals([harness.readers.length, harness.outcomes.at(-1)], [2, FOUND]);
  passSeconds(harness, 100);
  assertEquals([harness.reader.isTerminated, harness.events], [false, ["archiveFailed", "archiveFollows"]]);
});

Deno.test("a node that was suspended does not blame its reader", () => {
  const harness = following();
  harness.lookUp();
  passSeconds(harness, 20);
  // The process was stopped for an hour: one timer is late.
  harness.nowMs += 3_600_000;
  harness.pass(1_000);
  found(harness);
  assertEquals([harness.outcomes, harness.reader.isTerminated], [[FOUND], false]);
});

Deno.test("search() before the first tick starts the writer", () => {
  const harness = new FollowerHarness();
  harness.log.commit(messageEntries(1, 10));
  harness.search();
  harness.work();
  found(harness);
  assertEquals(harness.outcomes, [FOUND]);
});

Deno.test("search() says building while there is no archive, and that queries under way have to wait", () => {
  const harness = following();
  harness.search("ada");
  harness.search("bob");
  harness.worker.die("planted");
  assertEquals(
    harness.outcomes,
    [10, 10].map((retryAfterSeconds) => ({ problem: "unusable", retryAfterSeconds })),
  );
  assertEquals(harness.reader.isTerminated, true);
  harness.search();
  assertEquals(harness.outcomes.length, 3);
  harness.pass(10_000);
  harness.settle();
  harness.search();
  found(harness);
  assertEquals([harness.readers.length, harness.outcomes.at(-1)], [2, FOUND]);
});

Deno.test("search() is answered when the archive turns out to lack much of the log", () => {
  const harness = new FollowerHarness();
  for (let from = 1; from < 25_000; from += 5_000) harness.log.commit(messageEntries(from, 5_000));
  harness.search("ada");
  assertEquals(harness.outcomes, []);
  harness.work(1);
  harness.search("bob");
  assertEquals(harness.outcomes, [BUILDING, BUILDING]);
});

Deno.test("search() is busy when the queue is full, and without a descriptor for the reader", () => {
  const harness = following();
  harness.mayStart = false;
  harness.search();
  assertEquals(harness.outcomes, [BUSY]);
  harness.mayStart = true;
  for (let i = 0; i < 7; i++) harness.search();
  assertEquals(harness.outcomes, [BUSY, BUSY, BUSY]);
  assertEquals(harness.reader.tasks.length, 1);
});

Deno.test("search() is busy where the reader dies, and the next one starts another", () => {
  const harness = following();
  harness.search("ada");
  harness.search("bob");
  harness.reader.die("planted");
  assertEquals([harness.outcomes, harness.readers.length], [[BUSY, BUSY], 1]);
  harness.search("ada");
  found(harness);
  assertEquals([harness.outcomes[2], harness.readers.length], [FOUND, 2]);
  assertEquals(harness.events, ["archiveReaderDied"]);
});

Deno.test("search() in an archive that cannot be read has it built anew", () => {
  const harness = following();
  harness.search();
  harness.reader.report({ type: "failed", problem: "malformed", remedy: "rebuild" });
  assertEquals(harness.outcomes, [BUILDING]);
  assertEquals([harness.worker.isTerminated, harness.follower.status().problem], [true, "malformed"]);
  harness.settle();
  assertEquals([harness.archive.transactions, harness.events], [[10, 10], [
    "archiveFailed",
    "archiveFollows",
  ]]);
});

Deno.test("search() is not answered after stop()", async () => {
  const harness = following();
  harness.search();
  const stopped = harness.follower.stop();
  harness.work();
  await stopped;
  assertEquals([harness.outcomes, harness.reader.isTerminated], [[], true]);
  harness.search();
  assertEquals(harness.outcomes, [BUILDING]);
});
