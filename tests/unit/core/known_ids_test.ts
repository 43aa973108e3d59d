import { assert, assertEquals, assertLess } from "@std/assert";
import { KnownIds } from "../../../server/core/messages/known_ids.ts";

const IDS = 100_000;

/** An id like those of clients, of a number. */
function uuid(number: number): string {
  const digits = (number * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, "0");
  return `${digits}-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

Deno.test("KnownIds affirms every id until it has those that were missing, and keeps its own", () => {
  const others = new KnownIds(IDS);
  for (let number = 0; number < IDS; number++) others.add(uuid(number));
  const ids = new KnownIds();
  ids.lackIds();
  ids.add("own");
  assertEquals([ids.isComplete, ids.mayHave("stranger")], [false, true]);
  ids.complete(others.filter);
  assertEquals([ids.isComplete, ids.mayHave("own")], [true, true]);
  let wrong = 0;
  for (let number = 0; number < IDS; number++) {
    assert(ids.mayHave(uuid(number)));
    wrong += Number(ids.mayHave(uuid(IDS + number)));
  }
  console.log(
    `${IDS} ids taken over in ${others.filter.words.byteLength} bytes: ${wrong} of as many others seem to be known`,
  );
  assertLess(wrong, IDS / 50);
});

Deno.test("KnownIds never denies an id that it has, and seldom affirms one that it has not", () => {
  for (const [what, id] of [["UUIDs", uuid], ["short ids", (number: number) => `m${number}`]] as const) {
    const ids = new KnownIds();
    assertEquals(ids.mayHave(id(0)), false);
    for (let number = 0; number < IDS; number++) {
      ids.add(id(number));
      assert(ids.mayHave(id(number)));
    }
    let wrong = 0;
    for (let number = 0; number < IDS; number++) {
      assert(ids.mayHave(id(number)), id(number));
      wrong += Number(ids.mayHave(id(IDS + number)));
    }
    console.log(`${IDS} ${what}: ${wrong} of as many others seem to be known`);
    assertLess(wrong, IDS / 50);
  }
});
