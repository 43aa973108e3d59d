import { assertEquals } from "@std/assert";
import fastCheck from "fast-check";
import type { Entry } from "../../../server/core/entry.ts";
import { entryJson } from "../../../server/core/entry_json.ts";

const PLACE = { origin: "node1#5f2a9c01d3b4", seq: 12, stamp: 1_763_816_400_123_005 };

Deno.test("entryJson() writes what JSON.stringify writes", () => {
  let checked = 0;
  const text = fastCheck.string({ unit: "binary", maxLength: 40 });
  const optional = { at: fastCheck.nat(), digest: fastCheck.nat() };
  fastCheck.assert(
    fastCheck.property(text, text, fastCheck.record(optional, { requiredKeys: [] }), (id, content, more) => {
      const from = "alice.3f9a1c22b0de";
      const entry: Entry = {
        ...PLACE,
        type: "messageSent",
        id,
        from,
        to: "bob.000000000001",
        content,
        ...more,
      };
      assertEquals(entryJson(entry), JSON.stringify(entry));
      checked++;
    }),
    { numRuns: 2_000 },
  );
  console.log(`${checked} entries`);
});

Deno.test("entryJson() writes entries of every other type as they are", () => {
  const entry: Entry = { ...PLACE, type: "accountDeleted", account: "alice.3f9a1c22b0de" };
  assertEquals(entryJson(entry), JSON.stringify(entry));
});
