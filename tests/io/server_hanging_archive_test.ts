import { assertEquals, assertMatch } from "@std/assert";
import { archivePath } from "../../server/follower/archive_folder.ts";
import { endHolder, hangingReads, whyNoStrace } from "../testing/failing_calls.ts";
import { eventually } from "../testing/eventually.ts";
import { SegmentedLog } from "../testing/segmented_log.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const MESSAGES = 400;

/** Time limit of a start that waits for the archive for 30 s, ms. */
const PATIENCE_MS = 180_000;

/** The first read of the archive that hangs: when it is opened, and when it is loaded. */
const [HANGS_AT_OPENING, HANGS_AT_LOAD] = [1, 9];

const reason = await whyNoStrace();
const noted = reason === undefined ? "" : ` (ignored: ${reason})`;

/** Starts a server whose reads of its archive hang; `run` gets it at once. */
async function withHanging(
  from: number,
  run: (server: ServerProcess, record: string) => Promise<void>,
): Promise<void> {
  await using log = await SegmentedLog.make(MESSAGES);
  await log.follow();
  const record = await Deno.makeTempFile({ prefix: "chat-reads-" });
  const wrapper = hangingReads(archivePath(log.data), from, record);
  await using server = await ServerProcess.spawn({ data: log.data, wrapper });
  try {
    await run(server, record);
  } finally {
    await endHolder(log.data).catch(() => {});
    await Deno.remove(record);
  }
}

async function unreadOfBob(port: number): Promise<number> {
  await using bob = await TestClient.login(port, "bob");
  const { users } = await bob.expect("listUsers", {}, "users");
  return users.find(({ name }) => name === "ann")?.unread ?? -1;
}

Deno.test({
  name: `a node whose archive cannot be read for 30 s says so, and starts from its log${noted}`,
  ignore: reason !== undefined,
  fn: async () => {
    const given = await Promise.all([HANGS_AT_OPENING, HANGS_AT_LOAD].map(async (from) => {
      let told = "";
      await withHanging(from, async (server) => {
        await eventually("it listens", () => server.stdout.includes("listens on"), PATIENCE_MS);
        told = server.stderr.split("\n").find((line) => line.includes('"archiveNotLoaded"')) ?? "";
        assertMatch(told, /has not been read for 30 s: the disk hangs.*all of the log is read/);
        assertEquals(await unreadOfBob(server.port), 1);
      });
      return told;
    }));
    console.log(`${given.length} archives were given up`);
  },
});

Deno.test({
  name: `a node whose archive cannot be read ends at a signal meanwhile${noted}`,
  ignore: reason !== undefined,
  fn: async () => {
    await withHanging(HANGS_AT_LOAD, async (server, record) => {
      const reads = async (): Promise<number> =>
        (await Deno.readTextFile(record)).split("pread64(").length - 1;
      await eventually("it reads its archive", async () => await reads() >= HANGS_AT_LOAD - 1);
      const { pid } = JSON.parse(await Deno.readTextFile(`${server.data}/lock`));
      Deno.kill(pid, "SIGTERM");
      // strace keeps the process: a thread of it is in a call that hangs.
      await eventually("it says that it ends", () => server.stderr.includes("a signal came before"));
      assertEquals(server.stdout.includes("listens on"), false);
      assertEquals(server.stderr.includes("archiveNotLoaded"), false, server.stderr);
    });
  },
});
