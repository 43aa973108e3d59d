import { assertEquals, assertLess } from "@std/assert";
import { StatusLine } from "../../../server/diagnostics/status_line.ts";

/** A terminal that takes a few bytes at a time, as soon as `take` is called. */
class SlowTerminal {
  text = "";
  #waiting: (() => void) | undefined;

  readonly write = (bytes: Uint8Array): Promise<number> =>
    new Promise((resolve) => {
      this.#waiting = () => {
        const taken = bytes.subarray(0, 5);
        this.text += new TextDecoder().decode(taken);
        resolve(taken.length);
      };
    });

  /** Takes everything that is being written. */
  async take(): Promise<void> {
    const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
    // A line that is taken away waits for its last drawing first.
    await aMoment();
    for (let next = this.#waiting; next !== undefined; next = this.#waiting) {
      this.#waiting = undefined;
      next();
      await aMoment();
    }
  }
}

const ERASE = "\r\x1b[K";

Deno.test("StatusLine draws over itself, and leaves drawings out that the terminal has no time for", async () => {
  const terminal = new SlowTerminal();
  const line = new StatusLine(terminal.write);
  line.draw("10 % of the log");
  line.draw("left out");
  await terminal.take();
  line.draw("20 %");
  await terminal.take();
  assertEquals(terminal.text, `${ERASE}10 % of the log${ERASE}20 %`);
  const cleared = line.clear();
  await terminal.take();
  await cleared;
  assertEquals(terminal.text, `${ERASE}10 % of the log${ERASE}20 %${ERASE}`);
  await line.clear();
});

Deno.test("StatusLine gives way to a diagnostic once", async () => {
  const terminal = new SlowTerminal();
  const line = new StatusLine(terminal.write);
  assertEquals(line.above("one"), "one");
  line.draw("10 %");
  await terminal.take();
  assertEquals([line.above("two"), line.above("three")], [`${ERASE}two`, "three"]);
});

Deno.test("StatusLine.clear() waits neither for a stopped terminal nor for one that is gone", async () => {
  const stopped = new StatusLine(() => new Promise(() => {}));
  stopped.draw("10 %");
  const sinceMs = performance.now();
  await stopped.clear();
  assertLess(performance.now() - sinceMs, 5_000);
  const gone = new StatusLine(() => Promise.reject(new Error("gone")));
  gone.draw("10 %");
  await gone.clear();
});
