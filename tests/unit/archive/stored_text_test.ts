import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { idOf, storedId, storedText, textOf } from "../../../server/archive/stored_text.ts";

const RUNS = 5_000;

const character = fc.oneof(
  fc.constantFrom("\0", "\x01", "0", "1"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character });

Deno.test("storedText() and storedId() bring every text through the database, each its own way", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE texts (text TEXT NOT NULL, id ANY NOT NULL) STRICT");
  const add = db.prepare("INSERT INTO texts VALUES (?, ?)");
  const read = db.prepare("SELECT text, id FROM texts WHERE rowid = ?");
  let uuids = 0;
  fc.assert(
    fc.property(text, fc.oneof(text, fc.uuid()), (content, name) => {
      const row = read.get(add.run(storedText(content), storedId(name)).lastInsertRowid);
      assertEquals(textOf(String(row?.["text"])), content);
      const id = row?.["id"];
      uuids += Number(id instanceof Uint8Array);
      assertEquals(idOf(id instanceof Uint8Array ? id : String(id)), name);
    }),
    { numRuns: RUNS, seed: 3 },
  );
  db.close();
  console.log(`${RUNS} texts and ids, ${uuids} of them UUIDs`);
  assert(uuids > RUNS / 10);
});

Deno.test("storedId() is another one for every other id", () => {
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  assertEquals(
    storedId(id),
    new Uint8Array([15, 143, 173, 91, 217, 203, 70, 159, 161, 101, 112, 134, 119, 40, 149, 14]),
  );
  for (const other of [id.toUpperCase(), `${id} `, id.replaceAll("-", ""), "", "m1"]) {
    assertEquals(storedId(other), other);
  }
});
