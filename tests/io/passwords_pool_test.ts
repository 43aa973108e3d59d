import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import { dummyHash } from "../../server/core/accounts/bcrypt_hash.ts";
import { PasswordPool, type PasswordPoolOptions } from "../../server/passwords/pool.ts";
import { fastestMs } from "../testing/attempts.ts";
import { CLOCK, KeptLogger } from "./net_harness.ts";

const READ = (await Deno.permissions.query({ name: "read" })).state === "granted";

function test(name: string, body: () => Promise<void>): void {
  Deno.test({ name: READ ? name : `${name} (ignored: needs --allow-read)`, ignore: !READ, fn: body });
}

/** A pool, with its answers as promises. */
class TestPool implements Disposable {
  readonly logger = new KeptLogger();
  readonly #pool: PasswordPool;

  constructor(limits: Partial<Limits> = {}, options: Partial<PasswordPoolOptions> = {}) {
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.#pool = new PasswordPool({ limits: all, clock: CLOCK, logger: this.logger, ...options });
  }

  hash(
    password: string,
    cost = 4,
    account = "ann",
    address = "192.0.2.1",
  ): Promise<{ hash: string } | "busy"> {
    const { promise, resolve } = Promise.withResolvers<{ readonly hash: string } | "busy">();
    this.#pool.hash({ password, cost, account, address }, resolve);
    return promise;
  }

  verify(password: string, hash: string): Promise<{ fits: boolean } | "busy"> {
    const { promise, resolve } = Promise.withResolvers<{ readonly fits: boolean } | "busy">();
    this.#pool.verify({ password, hash, account: "ann", address: "192.0.2.1" }, resolve);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#pool.stop();
  }
}

test("hash() makes a hash that verify() finds fitting for its password alone", async () => {
  using pool = new TestPool();
  const outcome = await pool.hash("correct horse");
  const hash = outcome === "busy" ? "" : outcome.hash;
  assertMatch(hash, /^\$2b\$04\$.{53}$/);
  assertEquals(await pool.verify("correct horse", hash), { fits: true });
  assertEquals(await pool.verify("correct horsf", hash), { fits: false });
});

test("verify() knows the hashes of other implementations, whatever their version letter", async () => {
  using pool = new TestPool();
  // Published test vectors of bcrypt: an empty-looking salt, and the letters that other systems write.
  const rest = "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  for (const version of ["2a", "2b", "2y"]) {
    assertEquals(await pool.verify("U*U", `$${version}$${rest}`), { fits: true });
    assertEquals(await pool.verify("U*V", `$${version}$${rest}`), { fits: false });
  }
});

test("verify() finds nothing fitting a damaged hash, and says so without the hash", async () => {
  using pool = new TestPool();
  for (const hash of ["", "plain text", `$2b$31$${".".repeat(53)}`]) {
    assertEquals(await pool.verify("correct horse", hash), { fits: false });
  }
  assertEquals(pool.logger.of("passwordHashDamaged").map((line) => line["account"]), ["ann", "ann", "ann"]);
  assertEquals(JSON.stringify(pool.logger.lines).includes("plain text"), false);
});

test("dummyHash() takes as long to compare as a real one, and fits nothing", async () => {
  using pool = new TestPool();
  await pool.hash("warm up the worker");
  // The fastest of several attempts: a busy machine may delay any single one.
  const dummyMs = await fastestMs(async () => {
    assertEquals(await pool.verify("", dummyHash(8)), { fits: false });
  });
  const hashMs = await fastestMs(async () => {
    await pool.hash("correct horse", 8);
  });
  console.log(`checked cost 8: dummy ${dummyMs.toFixed(1)} ms, hash ${hashMs.toFixed(1)} ms`);
  assertGreater(dummyMs, hashMs / 4);
});

test("PasswordPool answers busy when its queue is full, and when a wait was too long", async () => {
  using pool = new TestPool({ hashQueue: 2, hashesPerAddress: 10, hashWaitMs: 50 }, { workers: 1 });
  await pool.hash("warm up the worker");
  const outcomes = ["a", "b", "c", "d"].map((account) => pool.hash("correct horse", 11, account));
  const [first, ...others] = (await Promise.all(outcomes)).map((outcome) => outcome === "busy");
  assertEquals([first, others], [false, [true, true, true]]);
});

test("PasswordPool answers busy when one address asks for too much, not when another does", async () => {
  using pool = new TestPool({}, { workers: 1 });
  const same = ["a", "b", "c", "d", "e", "f"].map((account) => pool.hash("correct horse", 4, account));
  const other = pool.hash("correct horse", 4, "g", "192.0.2.2");
  const busy = (await Promise.all(same)).map((outcome) => outcome === "busy");
  assertEquals(busy, [false, false, false, false, true, true]);
  assertEquals(await other === "busy", false);
});

test("PasswordPool answers busy when a worker dies, and goes on with another", async () => {
  const script = `let count = 0; onmessage = () => { throw new Error("planted"); };`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  let made = 0;
  const makeWorker = (): Worker => {
    made++;
    return new Worker(
      made === 1 ? url : new URL("../../server/passwords/worker.ts", import.meta.url),
      { type: "module" },
    );
  };
  using pool = new TestPool({}, { workers: 1, makeWorker });
  const outcomes = [pool.hash("correct horse", 4, "a"), pool.hash("correct horse", 4, "b")];
  assertEquals((await Promise.all(outcomes)).map((outcome) => outcome === "busy"), [true, false]);
  assertEquals([made, pool.logger.of("passwordWorkerDied").length], [2, 1]);
  URL.revokeObjectURL(url);
});

test("PasswordPool leaves the event loop free while it hashes", async () => {
  using pool = new TestPool({ hashesPerAddress: 20, hashWaitMs: 60_000 });
  await pool.hash("warm up the worker");
  const lagsMs: number[] = [];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lagsMs.push(nowMs - lastMs - 5);
    lastMs = nowMs;
  }, 5);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => pool.hash("correct horse", 10, `account${i}`)),
  );
  clearInterval(timer);
  lagsMs.sort((a, b) => a - b);
  const p99Ms = lagsMs[Math.floor(lagsMs.length * 0.99)] ?? 0;
  console.log(
    `checked 20 hashes of cost 10: event loop lag p99 ${p99Ms.toFixed(1)} ms, ` +
      `max ${(lagsMs.at(-1) ?? 0).toFixed(1)} ms, ${lagsMs.length} samples`,
  );
  assertEquals(outcomes.filter((outcome) => outcome === "busy").length, 0);
});
