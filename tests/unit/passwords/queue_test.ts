import { assertEquals } from "@std/assert";
import fastCheck from "fast-check";
import { type Asker, type HashLimits, HashQueue } from "../../../server/passwords/queue.ts";

const LIMITS: HashLimits = {
  hashQueue: 5,
  hashWaitMs: 4_000,
  hashesPerAccount: 1,
  hashesPerAddress: 2,
  loopbackExempt: true,
};

function queue(limits: Partial<HashLimits> = {}): HashQueue<Asker> {
  return new HashQueue<Asker>({ ...LIMITS, ...limits });
}

function asker(account: string, address: string, isTrusted = false): Asker {
  return { account, address, isTrusted };
}

Deno.test("next() gives the jobs in the order in which they came", () => {
  const waiting = queue();
  const jobs = [asker("a", "192.0.2.1"), asker("b", "192.0.2.2")];
  for (const job of jobs) waiting.add(job, 0);
  assertEquals([waiting.next(), waiting.next(), waiting.next()], [...jobs, undefined]);
});

Deno.test("add() refuses when as many wait as may, not counting those that run", () => {
  const waiting = queue({ hashQueue: 2 });
  assertEquals(waiting.add(asker("a", "192.0.2.1"), 0), true);
  waiting.next();
  assertEquals(waiting.add(asker("b", "192.0.2.2"), 0), true);
  assertEquals(waiting.add(asker("c", "192.0.2.3"), 0), true);
  assertEquals(waiting.add(asker("d", "192.0.2.4"), 0), false);
});

Deno.test("add() refuses an address that has as many as it may, waiting or running", () => {
  const waiting = queue();
  const first = asker("a", "192.0.2.1");
  waiting.add(first, 0);
  waiting.next();
  assertEquals(waiting.add(asker("b", "192.0.2.1"), 0), true);
  assertEquals(waiting.add(asker("c", "192.0.2.1"), 0), false);
  assertEquals(waiting.add(asker("c", "192.0.2.2"), 0), true);
  waiting.finished(first);
  assertEquals(waiting.add(asker("c", "192.0.2.1"), 0), true);
});

Deno.test("add() exempts loopback addresses only where the limits say so", () => {
  for (const loopbackExempt of [true, false]) {
    const waiting = queue({ loopbackExempt });
    for (const account of ["a", "b"]) waiting.add(asker(account, "127.0.0.1"), 0);
    assertEquals(waiting.add(asker("c", "127.0.0.1"), 0), loopbackExempt);
  }
});

Deno.test("next() lets a second job of an account wait while others pass it", () => {
  const waiting = queue();
  const [first, second, other] = [
    asker("a", "192.0.2.1"),
    asker("a", "192.0.2.2"),
    asker("b", "192.0.2.3"),
  ];
  for (const job of [first, second, other]) waiting.add(job, 0);
  assertEquals([waiting.next(), waiting.next(), waiting.next()], [first, other, undefined]);
  waiting.finished(first);
  assertEquals(waiting.next(), second);
});

Deno.test("expired() takes out what has waited for too long, and frees its address", () => {
  const waiting = queue({ hashesPerAddress: 1 });
  const [old, young] = [asker("a", "192.0.2.1"), asker("b", "192.0.2.2")];
  waiting.add(old, 0);
  waiting.add(young, 1_000);
  assertEquals(waiting.nextExpiryMs, 4_000);
  assertEquals(waiting.expired(3_999), []);
  assertEquals(waiting.expired(4_000), [old]);
  assertEquals(waiting.nextExpiryMs, 5_000);
  assertEquals(waiting.add(asker("a", "192.0.2.1"), 4_000), true);
  assertEquals(waiting.add(asker("a", "192.0.2.2"), 4_000), false);
});

Deno.test("next() gives trusted jobs first, and every fifth time a stranger's", () => {
  const waiting = queue({ hashQueue: 20, hashesPerAddress: 20 });
  for (let i = 0; i < 4; i++) waiting.add(asker(`stranger${i}`, "192.0.2.1"), 0);
  for (let i = 0; i < 10; i++) waiting.add(asker(`known${i}`, "192.0.2.2", true), 1);
  const order = Array.from({ length: 14 }, () => waiting.next()?.isTrusted ? "known" : "stranger").join(" ");
  const round = "known known known known stranger";
  assertEquals(order, `${round} ${round} known known stranger stranger`);
});

Deno.test("add() bounds each lane, and strangers at an address take no place of an account known there", () => {
  const waiting = queue({ hashQueue: 2 });
  const [home, elsewhere] = ["192.0.2.1", "192.0.2.2"];
  assertEquals([1, 2, 3].map((i) => waiting.add(asker(`stranger${i}`, home), 0)), [true, true, false]);
  assertEquals(waiting.add(asker("stranger", elsewhere), 0), false, "the lane is full");
  assertEquals(["ann", "bob", "cat"].map((name) => waiting.add(asker(name, home, true), 0)), [
    true,
    true,
    false,
  ]);
  const perAddress = queue();
  for (let i = 0; i < 2; i++) perAddress.add(asker("ann", home, true), 0);
  const more = [asker("ann", home, true), asker("bob", home, true), asker("ann", elsewhere, true)];
  assertEquals(more.map((job) => perAddress.add(job, 0)), [false, true, true]);
});

Deno.test("expired() takes what has waited for too long out of both lanes", () => {
  const waiting = queue();
  const [stranger, known] = [asker("a", "192.0.2.1"), asker("b", "192.0.2.2", true)];
  waiting.add(known, 0);
  waiting.add(stranger, 1_000);
  assertEquals(waiting.nextExpiryMs, 4_000);
  assertEquals(waiting.expired(4_000), [known]);
  assertEquals(waiting.nextExpiryMs, 5_000);
  assertEquals(waiting.expired(5_000), [stranger]);
  assertEquals(waiting.nextExpiryMs, undefined);
});

Deno.test("HashQueue keeps its bounds and loses no job, whatever happens in whatever order", () => {
  let steps = 0;
  const step = fastCheck.record({
    what: fastCheck.constantFrom("add", "next", "finished", "expired"),
    account: fastCheck.constantFrom("a", "b", "c"),
    address: fastCheck.constantFrom("192.0.2.1", "192.0.2.2", "127.0.0.1"),
    isTrusted: fastCheck.boolean(),
  });
  fastCheck.assert(fastCheck.property(fastCheck.array(step, { maxLength: 100, size: "max" }), (all) => {
    const waiting = queue();
    const asked = new Set<Asker>();
    const running: Asker[] = [];
    all.forEach(({ what, account, address, isTrusted }, i) => {
      steps++;
      const job = asker(account, address, isTrusted);
      if (what === "add" && waiting.add(job, i * 500)) asked.add(job);
      if (what === "next") running.push(...[waiting.next()].filter((one) => one !== undefined));
      if (what === "finished" && running[0] !== undefined) {
        waiting.finished(running[0]);
        asked.delete(running[0]);
        running.shift();
      }
      if (what === "expired") waiting.expired(i * 500).forEach((one) => asked.delete(one));
      assertEquals(new Set(running.map((one) => one.account)).size, running.length);
      assertEquals(running.every((one) => asked.has(one)), true);
      for (const bounded of ["192.0.2.1", "192.0.2.2"]) {
        const there = [...asked].filter((one) => one.address === bounded);
        assertEquals(there.filter((one) => !one.isTrusted).length <= 2, true);
        for (const name of ["a", "b", "c"]) {
          assertEquals(there.filter((one) => one.isTrusted && one.account === name).length <= 2, true);
        }
      }
    });
  }));
  console.log(`checked ${steps} steps`);
});
