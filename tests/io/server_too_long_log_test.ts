/**
 * Starts of a real node with a log that does not fit into its memory, and without an archive of it.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { ArchiveDatabase } from "../../server/archive/archive_database.ts";
import { archivePath } from "../../server/follower/archive_folder.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { SegmentedLog } from "../testing/segmented_log.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { withHeap } from "../testing/small_heap.ts";
import { TestClient } from "../testing/test_client.ts";

const HEAP_MIB = 64;
const PAGES = 5;
const MESSAGES = 16_000;
/** The log is so much longer than the heap that what one attempt leaves is too long as well. */
const SIZE = { padding: 8_000, segment: 4_194_304 };

/** Lines of an event. */
function told({ stderr }: ServerProcess, event: string): Record<string, unknown>[] {
  return stderr.split("\n").filter((line) => line.includes(`"event":"${event}"`)).map((line) =>
    JSON.parse(line)
  );
}

/** Number of entries that the archive of a data folder has; 0 if there is none yet. */
function archivedIn(data: string): number {
  try {
    const archive = ArchiveDatabase.open(archivePath(data), "read");
    const { position } = archive.place;
    archive.close();
    return position;
  } catch {
    return 0;
  }
}

/** Looks at the newest pages; returns the number of messages on them. */
async function newestPages(port: number): Promise<number> {
  await using bob = await TestClient.login(port, "bob");
  let count = 0;
  let before: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const request = { with: "ann", limit: 100, ...(before === undefined ? {} : { before }) };
    const { messages } = await bob.expect("listMessages", request, "messages");
    const wanted = Array.from(messages, (_, i) => `message ${MESSAGES - count - messages.length + i}`);
    assertEquals(messages.map(({ content }) => content.trim()), wanted);
    count += messages.length;
    before = messages[0]?.id;
  }
  return count;
}

processTest("a log that does not fit into memory is followed by the archive first", async (test) => {
  await using log = await SegmentedLog.make(MESSAGES, SIZE);
  const spawn = (): Promise<ServerProcess> =>
    ServerProcess.spawn({ data: log.data, program: withHeap(HEAP_MIB) });

  await test.step("a stop and a kill meanwhile leave the archive where it is", async () => {
    const reached = [0];
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await using server = await spawn();
      const before = reached.at(-1) ?? 0;
      await eventually("the archive is being built", () => archivedIn(log.data) > before);
      server.child.kill(signal);
      const { code } = await server.child.status;
      if (signal === "SIGTERM") assertEquals(code, 0, server.stderr);
      // What it wrote before a kill is read a moment later.
      await eventually("it has said so", () => told(server, "logTooLong").length === 1);
      reached.push(archivedIn(log.data));
    }
    assertGreater(reached[2], reached[1] ?? NaN);
    console.log(`the archive had ${reached.join(" and then ")} entries`);
  });

  await test.step("the node serves all of it", async () => {
    await using server = await log.start([], withHeap(HEAP_MIB));
    assertMatch(server.stdout, /16,?000 messages, [\d,]{1,5} in memory/);
    const count = await newestPages(server.port);
    assertGreater(count, 100);
    console.log(`${count} messages on ${PAGES} pages`);
    await server.stop();
  });

  await test.step("the next start loads the archive", async () => {
    await using server = await log.start([], withHeap(HEAP_MIB));
    assertEquals(told(server, "logTooLong").length, 0);
    await server.stop();
  });

  await test.step("an archive of another format is built anew", async () => {
    // A write-ahead log, which a stop leaves that is out of time, would have pages of the archive before.
    await Deno.remove(`${log.data}/archive`, { recursive: true });
    await Deno.mkdir(`${log.data}/archive`);
    await Deno.writeTextFile(`${log.data}/archive/archive.db`, "no database".repeat(1_000));
    await using server = await log.start([], withHeap(HEAP_MIB));
    assertEquals(told(server, "archiveFailed").map((line) => line["next"]), [
      "it is built anew from the log",
    ]);
    assertEquals(told(server, "logTooLong").length, 1);
    assertGreater(await newestPages(server.port), 100);
    await server.stop();
  });

  await test.step("an archive that cannot be built ends the start, and not in a loop", async () => {
    await Deno.remove(`${log.data}/archive`, { recursive: true });
    await Deno.mkdir(`${log.data}/archive/archive.db/stays`, { recursive: true });
    await using server = await spawn();
    const { code } = await server.child.status;
    assertEquals(code, 1, server.stderr);
    await eventually("it has said why", () => server.stderr.includes("does not fit in memory"));
    assertEquals(told(server, "archiveFailed").map((line) => line["next"]), [
      "it is built anew from the log",
      "the whole log is replayed",
    ]);
  });

  await test.step("damage in the log is said as at every start", async () => {
    await Deno.remove(`${log.data}/archive`, { recursive: true });
    const [, second = ""] = await log.segments();
    await log.flip(second, 20_000);
    await using server = await spawn();
    const { code } = await server.child.status;
    assertEquals(code, 1);
    const place = second.split("/").slice(-2).join("/");
    await eventually("it has said where", () => server.stderr.includes(place));
    assert(!server.stderr.includes("does not fit"), server.stderr);
  });
});
