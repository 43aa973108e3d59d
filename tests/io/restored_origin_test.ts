import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { lockDataFolder } from "../../server/log/lock.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { VersionBefore } from "../testing/version_before.ts";
import { CommandFolder, messageLines, runProgram } from "./commands_harness.ts";

const ACCOUNTS = `${JSON.stringify({ ada: `$2b$04$${"a".repeat(53)}`, bob: `$2b$04$${"b".repeat(53)}` })}\n`;

/** A folder with a log of ten messages, and its backup in `backup`. */
async function backedUp(): Promise<CommandFolder> {
  const folder = await CommandFolder.make();
  assertEquals(
    (await folder.import(await folder.write("node1.json", ACCOUNTS + messageLines(10)))).status,
    0,
  );
  const made = await run(folder, "backup", folder.data);
  assertEquals([made.status, made.stderr], [0, ""]);
  return folder;
}

function run(folder: CommandFolder, word: string, data: string): ReturnType<typeof runProgram> {
  return runProgram(word, `--config=${folder.path}/config.json`, `--data=${data}`, `${folder.path}/backup`);
}

/** The origins of all starts of a node. */
async function originsIn(data: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${data}/log/00000001.jsonl`);
  return [...text.matchAll(/"type":"nodeStarted","origin":"([^"]+)"/g)].map(([, origin = ""]) => origin);
}

processTest(
  "a restored log makes a start of this version, and of the one before, mint an origin once",
  async () => {
    await using folder = await backedUp();
    await using before = await VersionBefore.unpack();
    for (const [index, program] of [undefined, before.serverCommand()].entries()) {
      const data = `${folder.path}/restored${index}`;
      assertEquals((await run(folder, "restore", data)).status, 0);
      for (let start = 0; start < 2; start++) {
        await using server = await ServerProcess.start({ data, ...(program && { program }) });
        assertStringIncludes(server.stdout, "(2 accounts, 10 messages)");
        assertEquals((await server.stop()).code, 0);
      }
      const [original, first, second, ...more] = await originsIn(data);
      assert(first !== undefined && first.startsWith("node1#"));
      assertNotEquals(first, original);
      assertEquals([second, more], [first, []]);
    }
  },
);

processTest("backup waits for no other backup into the same folder", async () => {
  await using folder = await backedUp();
  const lock = lockDataFolder(`${folder.path}/backup`, { node: "node1", pid: Deno.pid, startedMs: 0 });
  const { status, stdout, stderr } = await run(folder, "backup", folder.data);
  assertEquals([status, stdout], [1, ""]);
  assertStringIncludes(stderr, "another backup is being made there; wait for it, or name another folder");
  lock.release();
  assertEquals((await run(folder, "backup", folder.data)).status, 0);
});
