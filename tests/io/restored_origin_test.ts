import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { lockDataFolder, lockForReading } from "../../server/log/lock.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { VersionBefore } from "../testing/version_before.ts";
import { CommandFolder, type Ending, messageLines, runProgram } from "./commands_harness.ts";

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

processTest(
  "nobody makes a backup in a folder that is written to or read, and nobody reads one that is written to",
  async () => {
    await using folder = await backedUp();
    const place = `${folder.path}/backup`;
    const refused = async (ending: Promise<Ending>, reason: string): Promise<void> => {
      const { status, stdout, stderr } = await ending;
      assertEquals([status, stdout], [1, ""]);
      assertStringIncludes(stderr, reason);
    };
    const inUse = "a backup is being made, verified or restored there; wait for it, or name another folder";
    const data = `${folder.path}/restored`;
    const lock = lockDataFolder(place, { node: "node1", pid: Deno.pid, startedMs: 0 });
    await refused(run(folder, "backup", folder.data), inUse);
    await refused(runProgram("backup", "--verify", place), "a backup is being made there; wait for it");
    await refused(run(folder, "restore", data), "a backup is being made there; wait for it");
    lock.release();
    {
      using _reading = lockForReading(place);
      await refused(run(folder, "backup", folder.data), inUse);
      assertEquals((await runProgram("backup", "--verify", place)).status, 0);
      assertEquals((await run(folder, "restore", data)).status, 0);
    }
    assertEquals((await run(folder, "backup", folder.data)).status, 0);
    await Deno.remove(`${place}/lock`);
    assertEquals((await runProgram("backup", "--verify", place)).status, 0);
  },
);
