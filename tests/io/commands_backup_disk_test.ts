/**
 * Backups and restores onto disks that are full or cannot be written to.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { CommandFolder, type Ending, messageLines, runProgram } from "./commands_harness.ts";

const MEBIBYTE = 1_048_576;

const ACCOUNTS = `${JSON.stringify({ ada: `$2b$04$${"a".repeat(53)}`, bob: `$2b$04$${"b".repeat(53)}` })}\n`;

const reason = await whyNoSmallDisk();

/** Registers a test with a log of some megabytes, and a disk of one. */
function diskTest(name: string, fn: (folder: CommandFolder, disk: SmallDisk) => Promise<void>): void {
  Deno.test({
    name: reason === undefined ? name : `${name} (ignored: ${reason})`,
    ignore: reason !== undefined,
    fn: async () => {
      await using folder = await CommandFolder.make();
      const file = await folder.write("node1.json", ACCOUNTS + messageLines(20_000));
      assertEquals((await folder.import(file)).status, 0);
      await using disk = await SmallDisk.mount(MEBIBYTE);
      await fn(folder, disk);
    },
  });
}

function run(folder: CommandFolder, word: string, data: string, place: string): Promise<Ending> {
  return runProgram(word, `--config=${folder.path}/config.json`, `--data=${data}`, place);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

diskTest("backup gives the room back when its disk is full", async (folder, disk) => {
  const place = `${disk.folder}/backup`;
  const { status, stderr } = await run(folder, "backup", folder.data, place);
  assertEquals(status, 1);
  assertStringIncludes(stderr, `no backup was made in ${place}: `);
  assertStringIncludes(stderr, "The disk is full: free space, or name a folder on another disk");
  assertEquals(await namesIn(`${place}/segments`), []);
});

diskTest("restore onto a full disk lets no node start, and may be done again", async (folder, disk) => {
  const place = `${folder.path}/backup`;
  assertEquals((await run(folder, "backup", folder.data, place)).status, 0);
  const data = `${disk.folder}/data`;
  const full = await run(folder, "restore", data, place);
  assertEquals(full.status, 1);
  assertStringIncludes(full.stderr, "The disk is full");
  assertEquals(await namesIn(`${data}/log`), []);
  const start = await runProgram("run", `--config=${folder.path}/config.json`, `--data=${data}`, "--port=0");
  assertEquals(start.status, 1);
  assertStringIncludes(start.stderr, "A restore into this data folder was interrupted");
  await command("mount", "-o", `remount,size=${16 * MEBIBYTE}`, disk.folder);
  const again = await run(folder, "restore", data, place);
  assertEquals([again.status, again.stderr], [0, ""]);
  const verified = await runProgram("log", "verify", `--data=${data}`);
  assertStringIncludes(verified.stdout, "entries: 20002");
});

diskTest("a backup on a medium that is read-only can be verified and restored", async (folder, disk) => {
  const place = `${disk.folder}/backup`;
  await command("mount", "-o", `remount,size=${16 * MEBIBYTE}`, disk.folder);
  assertEquals((await run(folder, "backup", folder.data, place)).status, 0);
  await command("mount", "-o", "remount,ro", disk.folder);
  const verified = await runProgram("backup", "--verify", place);
  assertEquals([verified.status, verified.stderr], [0, ""]);
  const restored = await run(folder, "restore", `${folder.path}/restored`, place);
  assertEquals([restored.status, restored.stderr], [0, ""]);
});

diskTest("backup and restore say where they may not write", async (folder, disk) => {
  const place = `${disk.folder}/backup`;
  await command("mount", "-o", "remount,ro", disk.folder);
  const { status, stderr } = await run(folder, "backup", folder.data, place);
  assertEquals(status, 1);
  assertStringIncludes(stderr, `no backup was made in ${place}: Read-only file system`);
  assertStringIncludes(stderr, `Make ${place} writable, or name another folder`);
  const elsewhere = `${folder.path}/backup`;
  assertEquals((await run(folder, "backup", folder.data, elsewhere)).status, 0);
  const restored = await run(folder, "restore", `${disk.folder}/data`, elsewhere);
  assertEquals(restored.status, 1);
  const wayOut = "make it a folder that may be written to, or name another with --data FOLDER\n";
  assertStringIncludes(
    restored.stderr,
    `${disk.folder}/data cannot be used (Read-only file system (os error 30)); `,
  );
  assertEquals(restored.stderr.endsWith(wayOut), true, restored.stderr);
});

async function command(program: string, ...args: readonly string[]): Promise<void> {
  assertEquals((await new Deno.Command(program, { args: [...args] }).output()).code, 0);
}
