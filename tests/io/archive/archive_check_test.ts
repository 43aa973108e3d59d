import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import type { CheckReport, CheckTask } from "../../../server/follower/worker_protocol.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { Entries, inFolder, sent } from "./archive_folder.ts";

const MESSAGES = scale(20_000, 500_000);
const PEOPLE = 50;

const UNREAD = 100;
/** An entry of SQLite: lengths of its content and of the head of that, types of a zero and of a short number. */
const ENTRY = [4, 3, 8, 1];
const FIRST_NUMBER = 12;
const LONG_ENTRY = 12;

processTest(
  "the thread of the check says that an archive is whole, and what is wrong with one that is not",
  () =>
    inFolder(async (_path, data) => {
      await Deno.mkdir(`${data}/archive`);
      const path = `${data}/archive/archive.db`;
      makeArchive(path);
      const beganMs = performance.now();
      assertEquals(await checked(data), [{ type: "checked", messages: MESSAGES }]);
      console.log(`${MESSAGES} messages, checked in ${Math.round(performance.now() - beganMs)} ms`);
      const db = new DatabaseSync(path);
      db.exec("UPDATE blocks SET terms = replace(terms, 'words', 'wards') WHERE number = 3");
      db.close();
      const [report] = await checked(data);
      assertEquals(report?.type === "failed" && [report.remedy, report.problem], [
        "rebuild",
        "the archive is damaged: the checksum of block 3 does not fit",
      ]);
      await Deno.writeTextFile(path, "no database");
      const [broken] = await checked(data);
      assertStringIncludes(broken?.type === "failed" ? broken.problem : "", "not a database");
    }),
);

processTest("the check of an archive gives way after some milliseconds", () =>
  inFolder((path) => {
    makeArchive(path);
    const archive = ArchiveDatabase.open(path, "read");
    const slicesMs: number[] = [];
    let sinceMs = performance.now();
    for (const _ of archive.check()) {
      slicesMs.push(performance.now() - sinceMs);
      sinceMs = performance.now();
    }
    archive.close();
    assertGreater(slicesMs.length, MESSAGES / 150);
    slicesMs.sort((a, b) => a - b);
    const sumMs = slicesMs.reduce((sum, ms) => sum + ms, 0);
    const [median = 0, longest = 0] = [slicesMs[slicesMs.length >> 1], slicesMs.at(-1)];
    console.log(
      `${slicesMs.length} slices of ${MESSAGES} messages in ${sumMs.toFixed()} ms: median ${
        median.toFixed(1)
      } ms, ` +
        `longest ${longest.toFixed(1)} ms`,
    );
  }));

processTest(
  "the check of an archive finds entries of an index that lead to another row",
  () =>
    inFolder((path) => {
      const archive = ArchiveDatabase.open(path, "write");
      const entries = new Entries();
      const events = Array.from({ length: UNREAD }, (_, i) => sent(`m${i}`, "ann", "bob", "unread words"));
      archive.fold(entries.of(...events), entries.position);
      archive.close();
      const whole = Deno.readFileSync(path);
      assertEquals(problemOf(path), undefined);
      let [flips, found] = [0, 0];
      for (const at of unsettledEntries(path, whole)) {
        // Of such an entry, the number for comparisons is the third byte of its content, and the other is the last one.
        Deno.writeFileSync(path, whole.with(at, LONG_ENTRY));
        flips++;
        if (problemOf(path)?.includes("messages_unsettled leads")) found++;
      }
      assertGreater(flips, UNREAD / 2);
      assertEquals(found, flips);
      console.log(`${flips} entries that lead elsewhere, all found`);
    }),
);

/** Places of the lengths of the entries of an index whose numbers are one byte, beyond those that damage leads to. */
function unsettledEntries(path: string, bytes: Uint8Array): number[] {
  const db = new DatabaseSync(path);
  const { page } = db.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'messages_unsettled'")
    .get() ?? {};
  const { page_size: size } = db.prepare("PRAGMA page_size").get() ?? {};
  db.close();
  const begin = (Number(page) - 1) * Number(size);
  return [...bytes.subarray(begin, begin + Number(size)).keys()].map((at) => begin + at).filter((at) =>
    ENTRY.every((byte, i) => bytes[at + i] === byte) && (bytes[at + ENTRY.length] ?? 0) > FIRST_NUMBER
  );
}

function problemOf(path: string): string | undefined {
  const archive = ArchiveDatabase.open(path, "read");
  try {
    for (const _ of archive.check());
    return undefined;
  } catch (error) {
    assert(error instanceof ArchiveUnusable);
    return error.message;
  } finally {
    archive.close();
  }
}

function makeArchive(path: string): void {
  const archive = ArchiveDatabase.open(path, "write");
  const entries = new Entries();
  for (let i = 0; i < MESSAGES; i += 1_000) {
    const events = Array.from({ length: 1_000 }, (_, j) => {
      const from = (i + j) % PEOPLE;
      return sent(
        crypto.randomUUID(),
        `p${from}`,
        `p${(from * 7 + j) % PEOPLE}`,
        `words number ${i + j} of many`,
      );
    });
    const batch = entries.of(...events);
    archive.fold(batch, entries.position);
  }
  while (archive.compact(1));
  archive.close();
}

/** The reports of a check, up to the one that ends it, without those that say that it goes on. */
function checked(data: string): Promise<CheckReport[]> {
  const url = new URL("../../../server/follower/check_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<CheckReport[]>();
  worker.onmessage = ({ data }: MessageEvent<CheckReport>) => data.type !== "checking" && resolve([data]);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const task: CheckTask = { data };
  worker.postMessage(task);
  return promise.finally(() => worker.terminate());
}
