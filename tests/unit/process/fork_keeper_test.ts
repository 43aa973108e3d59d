import { assertEquals } from "@std/assert";
import { readForks } from "../../../server/log/fork_file.ts";
import { forkKeeper } from "../../../server/process/fork_keeper.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

const END = { origin: "node1#000000000001", after: 7, chain: 5 };
const OTHER = { origin: "node2#000000000002", after: 3, chain: 6 };
const VERSION = new Map([[END.origin, { seq: 9, stamp: 1 }]]);

function keeperOf(files: MemoryFiles, said: string[] = []): ReturnType<typeof forkKeeper> {
  const log = (event: string): void => void said.push(event);
  const clock = { wallMs: () => 5, monotonicMs: () => 0 };
  return forkKeeper(files, clock, { version: VERSION }, { debug: log, info: log, warn: log, error: log });
}

/** A full disk, of which the reserve has some bytes. */
function fullDisk(reserve: number): MemoryFiles {
  const files = new MemoryFiles();
  files.put("reserve", new Uint8Array(reserve));
  files.capacityBytes = reserve;
  return files;
}

Deno.test("forkKeeper() keeps forks of others with the last entry here, until they are over", () => {
  const files = new MemoryFiles();
  const keeper = keeperOf(files);
  keeper.forkFound(END, true);
  keeper.forkFound(OTHER, false);
  const third = { ...END, seenMs: 5, third: true, until: 9 } as const;
  assertEquals(readForks(files), [third, { ...OTHER, seenMs: 5 }]);
  assertEquals(keeperOf(files).keptForks(), [third]);
  for (const origin of [END.origin, OTHER.origin]) keeper.forkOver(origin);
  assertEquals(readForks(files), [{ ...OTHER, seenMs: 5 }]);
});

Deno.test("forkKeeper() of a third node goes on with a full disk, and leaves the reserve alone", () => {
  const [files, said] = [fullDisk(500), [] as string[]];
  keeperOf(files, said).forkFound(END, true);
  assertEquals([readForks(files), files.size("reserve"), said], [[], 500, ["forkNotKept"]]);
});

Deno.test("forkKeeper() of a half takes the room of the reserve, and does without if that is not enough", () => {
  for (const reserve of [500, 10]) {
    const files = fullDisk(reserve);
    keeperOf(files).forkFound(END, false);
    assertEquals([readForks(files).length, files.size("reserve")], [reserve === 500 ? 1 : 0, undefined]);
  }
});
