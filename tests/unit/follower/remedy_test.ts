import { assertEquals } from "@std/assert";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import { remedyOf, removesFiles, retryMs } from "../../../server/follower/remedy.ts";

Deno.test("remedyOf() tells an archive that is of no use from a full disk and from obstacles that pass", () => {
  const cases: readonly [Error, string][] = [
    [new ArchiveUnusable("it is of format 2"), "rebuild"],
    [new Error("database disk image is malformed"), "rebuild"],
    [new Error("file is not a database"), "rebuild"],
    [new Error("disk I/O error"), "full"],
    [new Error("database or disk is full"), "full"],
    [new Error("No space left on device (os error 28)"), "full"],
    [new Error("Disk quota exceeded (os error 122)"), "full"],
    [new Error("attempt to write a readonly database"), "wait"],
    [new Error("unable to open database file"), "wait"],
    [new Error("Permission denied (os error 13): open '/data/archive/x'"), "wait"],
    [new Error("Read-only file system (os error 30)"), "wait"],
    [new Error("database is locked"), "wait"],
    [new Error("Too many open files (os error 24)"), "wait"],
    [new Error("log/00000001.jsonl, byte 7, is damaged: x; chat-server log verify says more"), "wait"],
  ];
  for (const [error, remedy] of cases) assertEquals(remedyOf(error), remedy, error.message);
});

Deno.test("retryMs() begins the first rebuild at once, and doubles the time up to ten minutes", () => {
  const times = (remedy: "rebuild" | "wait"): number[] =>
    [1, 2, 3, 7, 8, 100].map((count) => retryMs({ remedy, count, wasBuilding: false }) / 1_000);
  assertEquals(times("rebuild"), [0, 10, 20, 320, 600, 600]);
  assertEquals(times("wait"), [10, 20, 40, 600, 600, 600]);
});

Deno.test("removesFiles() keeps an archive that may go on", () => {
  const removes = (remedy: "rebuild" | "wait" | "full", count: number, wasBuilding: boolean): boolean =>
    removesFiles({ remedy, count, wasBuilding });
  assertEquals(removes("rebuild", 1, false), true);
  assertEquals([removes("wait", 1, true), removes("wait", 5, true), removes("wait", 6, true)], [
    false,
    false,
    true,
  ]);
  assertEquals([removes("full", 1, false), removes("full", 1, true)], [false, true]);
});
