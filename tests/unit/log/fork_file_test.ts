import { assertEquals, assertThrows } from "@std/assert";
import {
  dropOpenForks,
  haltsNode,
  holdForks,
  isOpen,
  keepFork,
  readForks,
  removeForks,
  settleForks,
} from "../../../server/log/fork_file.ts";
import { LogRefused } from "../../../server/log/log_errors.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "./log_harness.ts";

const OWN = { origin: "node1#000000000001", after: 7, chain: 4_294_967_295, seenMs: 1_700_000_000_000 };
const THIRD = { origin: "node2#000000000002", after: 0, chain: 0, seenMs: 5, third: true, until: 9 } as const;

function textOf(files: MemoryFiles): string {
  return new TextDecoder().decode(files.bytesOf("fork"));
}

Deno.test("keepFork() adds a line for each branch of an origin, and replaces that of the same one", () => {
  const files = new MemoryFiles();
  assertEquals(readForks(files), []);
  keepFork(files, OWN);
  assertEquals(textOf(files), `${JSON.stringify(OWN)}\n`);
  keepFork(files, THIRD);
  keepFork(files, { ...OWN, after: 6 });
  keepFork(files, { ...OWN, seenMs: 9 });
  keepFork(files, { ...OWN, other: 3 });
  assertEquals(readForks(files), [THIRD, { ...OWN, after: 6 }, { ...OWN, seenMs: 9 }, { ...OWN, other: 3 }]);
  assertEquals(textOf(files).split("\n").length, 5);
  removeForks(files);
  assertEquals([readForks(files), files.list("")], [[], []]);
});

Deno.test("holdForks() makes a third node one that may not start, and leaves out other forks", () => {
  const files = new MemoryFiles();
  keepFork(files, OWN);
  keepFork(files, THIRD);
  holdForks(files, [OWN, THIRD]);
  const { third: _, until: _until, ...held } = THIRD;
  assertEquals(readForks(files), [OWN, held]);
  holdForks(files, [OWN]);
  assertEquals(readForks(files), [OWN]);
});

Deno.test("keepFork() has the file durable when it returns, and a crash leaves the old one or the new one", () => {
  let kept = 0;
  for (const operation of ["append", "sync", "rename", "syncFolder"] as const) {
    for (const name of [true, false]) {
      const files = new MemoryFiles();
      keepFork(files, OWN);
      files.fail(operation, 1);
      assertThrows(() => keepFork(files, THIRD), Error, "EIO");
      files.heal();
      files.crash({ page: () => "lost", name: () => name, cut: () => true });
      kept += readForks(files).length;
      keepFork(files, THIRD);
      files.crash({ page: () => "lost", name: () => false, cut: () => true });
      assertEquals(readForks(files), [OWN, THIRD]);
    }
  }
  assertEquals(kept >= 8, true);
});

Deno.test("readForks() and openLog() refuse a file that a node has not written", () => {
  const line = JSON.stringify(OWN);
  const texts = [
    "",
    "\n",
    line,
    `${line}\n${line.slice(0, 20)}`,
    `${line}\n\n`,
    `${line} \n`,
    `${line}\r\n`,
    "{}\n",
    "[]\n",
    "null\n",
    `${JSON.stringify({ ...OWN, third: false })}\n`,
    `${JSON.stringify({ ...OWN, third: true })}\n`,
    `${JSON.stringify({ ...OWN, until: 9 })}\n`,
    `${JSON.stringify({ ...OWN, more: 1 })}\n`,
    `${JSON.stringify({ ...OWN, after: -1 })}\n`,
    `${JSON.stringify({ ...OWN, after: "7" })}\n`,
    `${JSON.stringify({ ...OWN, origin: "node1" })}\n`,
    "\0".repeat(100),
  ];
  for (const text of texts) {
    const files = new MemoryFiles();
    files.put("fork", new TextEncoder().encode(text));
    assertThrows(() => readForks(files), LogRefused, "damaged");
    assertThrows(() => new LogHarness({}, files).open(), LogRefused, "Nothing was changed");
  }
});

Deno.test("settleForks() lets the node start, and knows the branch that is given up, if anybody does", () => {
  const files = new MemoryFiles();
  const known = { ...OWN, other: 3 };
  for (const fork of [OWN, known, THIRD]) keepFork(files, fork);
  settleForks(files);
  const settled = { ...known, settled: true } as const;
  assertEquals([readForks(files), haltsNode(settled), isOpen(settled)], [[settled], false, false]);
  keepFork(files, { ...known, other: 4 });
  assertEquals(readForks(files), [settled, { ...known, other: 4 }], "another branch at the same place");
  dropOpenForks(files);
  assertEquals(readForks(files), [settled]);
  settleForks(files);
  assertEquals(readForks(files), [settled]);
});
