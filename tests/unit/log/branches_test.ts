import { assertEquals } from "@std/assert";
import { type Entry, entryKey } from "../../../server/core/entry.ts";
import { keepFork, readForks } from "../../../server/log/fork_file.ts";
import { giveNewOrigin, keepOrigin, planNewOrigin } from "../../../server/log/new_origin.ts";
import { sha256 } from "../../../server/process/system_ports.ts";
import { branchEntry, entriesIn, forkBehind, FORKED, forkedLog, mixedEntries } from "./fork_harness.ts";

Deno.test("giveNewOrigin() gives the part that two of three branches share one name at all of their nodes", () => {
  const names = [60, 44].map((last) => {
    const entries = mixedEntries().filter(({ origin, seq }) => origin !== FORKED || seq <= last);
    const { files } = forkedLog(forkBehind(20), entries.slice(0, entries.length - entries.length % 3));
    keepFork(files, { ...forkBehind(25), other: 9 });
    keepFork(files, { ...forkBehind(25), other: 8 });
    const moved = giveNewOrigin(files, sha256, 5);
    assertEquals(moved.map(({ entries }) => entries), [5, last - 25]);
    const found = new Map(entriesIn(files).map((entry) => [entryKey(entry), entry]));
    const [shared, own] = moved.map(({ origin }) => origin);
    assertEquals(
      found.get(`${shared}/5`),
      { ...branchEntry(25), origin: shared, seq: 5, password: `${shared}/4` } as Entry,
    );
    assertEquals(
      found.get(`${own}/1`),
      { ...branchEntry(26), origin: own, seq: 1, password: `${FORKED}/24` } as Entry,
    );
    assertEquals(
      found.get(`${own}/3`),
      { ...branchEntry(28), origin: own, seq: 3, issued: `${own}/2` } as Entry,
    );
    assertEquals([found.has(`${shared}/6`), readForks(files)], [false, []]);
    return [shared, own];
  });
  assertEquals(names[0], names[1]);
});

Deno.test("giveNewOrigin() leaves the branch that the node goes on with, and its settled fork", () => {
  const { files } = forkedLog({ ...forkBehind(20), other: 7 });
  const before = entriesIn(files);
  keepOrigin(files);
  const [settled] = readForks(files);
  assertEquals([settled?.settled, planNewOrigin(files, sha256), giveNewOrigin(files, sha256, 5)], [
    true,
    [],
    [],
  ]);
  assertEquals([entriesIn(files), readForks(files)], [before, [settled]]);
  keepFork(files, { ...forkBehind(30), other: 8 });
  assertEquals(giveNewOrigin(files, sha256, 6).map(({ entries }) => entries), [30]);
  assertEquals(readForks(files), [], "the node does not go on with that origin any more");
});
