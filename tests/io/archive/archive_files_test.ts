import { assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { processTest } from "../../testing/permissions.ts";
import { Entries, idsOf, inFolder, query, sent } from "./archive_folder.ts";

processTest(
  "open() goes on with what was folded, and other connections see each fold at once",
  () =>
    inFolder((path) => {
      const entries = new Entries();
      const first = ArchiveDatabase.open(path, "write");
      const reader = ArchiveDatabase.open(path, "read");
      assertEquals(reader.place, { position: 0, version: new Map() });
      first.fold(entries.of(sent("m1", "ann", "bob", "one")), 1);
      assertEquals(idsOf(reader.answer(query("bob", "on"))), ["m1"]);
      assertEquals(reader.place, first.place);
      assertThrows(() => reader.fold([], 1), TypeError, "only reads");
      first.close();
      const second = ArchiveDatabase.open(path, "write");
      assertEquals(second.place.position, 1);
      second.fold(entries.of(sent("m2", "bob", "ann", "once")), 2);
      assertEquals(idsOf(reader.answer(query("bob", "on"))), ["m2", "m1"]);
      assertEquals(reader.place, second.place);
      assertEquals(second.compact(1), false);
      reader.close();
      second.close();
    }),
);

processTest(
  "close() undoes the open transaction, of which nobody has seen anything",
  () =>
    inFolder((path) => {
      const entries = new Entries();
      const first = ArchiveDatabase.open(path, "write");
      const reader = ArchiveDatabase.open(path, "read");
      first.fold(entries.of(sent("m1", "ann", "bob", "one")), 1);
      first.fold(entries.of(sent("m2", "ann", "bob", "once")), 2, [], true);
      assertEquals([first.place.position, reader.place.position], [2, 1]);
      first.close();
      const second = ArchiveDatabase.open(path, "write");
      assertEquals([second.place.position, idsOf(second.answer(query("bob", "on")))], [1, ["m1"]]);
      second.close();
      reader.close();
    }),
);

processTest(
  "open() refuses an archive of another format, another database, and other files",
  () =>
    inFolder((path) => {
      ArchiveDatabase.open(path, "write").close();
      const damages: Record<string, (path: string) => void> = {
        "format 2": (path) => withDatabase(path, "PRAGMA user_version = 2"),
        "not an archive": (path) => withDatabase(path, "PRAGMA application_id = 7"),
        "no such table": (path) => withDatabase(path, "DROP TABLE unindexed"),
        "no such column": (path) => withDatabase(path, "ALTER TABLE blocks DROP COLUMN terms"),
        "not a database": (path) => Deno.writeTextFileSync(path, "{}\n".repeat(5_000)),
        "malformed": (path) => Deno.truncateSync(path, 20_000),
      };
      const whole = Deno.readFileSync(path);
      for (const [words, damage] of Object.entries(damages)) {
        Deno.writeFileSync(path, whole);
        damage(path);
        for (const mode of ["write", "read"] as const) {
          assertThrows(() => ArchiveDatabase.open(path, mode), ArchiveUnusable, words);
        }
      }
      Deno.writeFileSync(path, new Uint8Array());
      assertThrows(() => ArchiveDatabase.open(path, "read"), ArchiveUnusable, "not an archive");
      assertThrows(() => ArchiveDatabase.open(`${path}.none`, "read"), Error, "unable to open");
    }),
);

function withDatabase(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

processTest("a fold onto a full disk is undone, and goes on once there is room", () =>
  inFolder((path) => {
    const db = new DatabaseSync(path);
    const archive = ArchiveDatabase.in(db);
    const entries = new Entries();
    const page = (): Entry[] =>
      entries.of(...Array.from({ length: 200 }, (_, i) =>
        sent(`m${entries.position + i}`, "ann", "bob", `word${i} ${"long ".repeat(50)}`)));
    archive.fold(page(), 200);
    db.exec(`PRAGMA max_page_count = ${Number(db.prepare("PRAGMA page_count").get()?.["page_count"]) + 2}`);
    const next = page();
    assertThrows(
      () =>
        archive.fold(next, 400),
      Error,
      "disk is full",
    );
    assertEquals(archive.place.position, 200);
    db.exec("PRAGMA max_page_count = 1000000");
    archive.fold(next, 400);
    assertEquals(idsOf(archive.answer({ ...query("bob", "word199"), limit: 2 })), ["m399", "m199"]);
    archive.close();
  }));
