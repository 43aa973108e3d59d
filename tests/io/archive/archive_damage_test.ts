import { assert, assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { Entries, inFolder, ORIGIN, query, sent } from "./archive_folder.ts";

const KILLS = scale(10, 100);
const FLIPS = scale(150, 1_500);

processTest(`an archive whose process is killed is whole, ${KILLS} times`, () =>
  inFolder(async (path) => {
    const numbers = new SeededNumbers(5);
    let position = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const told = await foldUntilKilled(path, 50 + numbers.below(150));
      const archive = ArchiveDatabase.open(path, "write");
      assertGreater(archive.place.position, position);
      position = archive.place.position;
      assert(position >= told, `${told} were folded, and ${position} are there`);
      archive.close();
      assertEquals(rowsOf(path), expectedRows(position));
    }
    console.log(`${KILLS} kills, ${position} entries`);
  }));

/** Position that the process has told last. */
async function foldUntilKilled(path: string, afterMs: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", childPath(), path],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  let killed = false;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk);
    if (killed) continue;
    killed = true;
    setTimeout(() => child.kill("SIGKILL"), afterMs);
  }
  await child.status;
  return Number(text.split("\n").at(-2));
}

function childPath(): string {
  return new URL("folding_child.ts", import.meta.url).pathname;
}

function rowsOf(path: string): unknown {
  const db = new DatabaseSync(path);
  const row = db.prepare("SELECT count(*) AS messages, sum(deleted) AS deleted FROM messages").get();
  const check = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  db.close();
  return { ...row, check };
}

function expectedRows(position: number): unknown {
  return { messages: position * 9 / 10, deleted: position / 10, check: "ok" };
}

processTest(`an archive with a flipped bit works, or is unusable, ${FLIPS} times`, () =>
  inFolder((path) => {
    const entries = new Entries();
    const archive = ArchiveDatabase.open(path, "write");
    const people = ["ann", "bob", "cem"];
    const numbers = new SeededNumbers(11);
    const events = Array.from({ length: 2_000 }, (_, i) =>
      sent(`m${i}`, numbers.pick(people), numbers.pick(people), `word${i % 50} of number${i}`));
    archive.fold(entries.of(...events), entries.position);
    while (archive.compact(1));
    archive.close();
    const whole = Deno.readFileSync(path);
    const seen = { works: 0, unusable: 0, others: 0 };
    for (let i = 0; i < FLIPS; i++) {
      const bytes = new Uint8Array(whole);
      // The first page says most of the database, so it gets a tenth.
      const at = numbers.below(i % 10 === 0 ? 4_096 : bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 1 << numbers.below(8);
      Deno.writeFileSync(path, bytes);
      seen[outcomeOf(path)]++;
      for (const file of [`${path}-wal`, `${path}-shm`]) {
        if (existsSync(file)) {
          Deno.removeSync(file);
        }
      }
    }
    console.log(`${FLIPS} flips: ${JSON.stringify(seen)}`);
    assertGreater(seen.works, 0);
    assertGreater(seen.unusable, 0);
  }));

function outcomeOf(path: string): "works" | "unusable" | "others" {
  let archive: ArchiveDatabase | undefined;
  try {
    archive = ArchiveDatabase.open(path, "write");
    for (const account of ["ann", "bob", "cem"]) archive.answer(query(account, "word1"));
    archive.fold([{
      origin: ORIGIN,
      seq: 100_000,
      stamp: 100_000,
      ...sent("new", "ann", "bob", "another"),
    }], 2_001);
    archive.fold(
      [{ origin: ORIGIN, seq: 100_001, stamp: 100_001, type: "accountDeleted", account: "bob" }],
      2_002,
    );
    while (archive.compact(1));
    return "works";
  } catch (error) {
    assert(error instanceof Error);
    return error instanceof ArchiveUnusable ? "unusable" : "others";
  } finally {
    archive?.close();
  }
}

function existsSync(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
