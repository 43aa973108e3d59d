import { assertEquals } from "@std/assert";
import { parseStartingStatus } from "../../../server/admin/starting_status.ts";
import { STARTING_STATUS } from "../../testing/node_statuses.ts";

Deno.test("parseStartingStatus() reads what a node says during its start", () => {
  assertEquals(parseStartingStatus(JSON.stringify(STARTING_STATUS)), STARTING_STATUS);
  const first = { ...STARTING_STATUS, starting: { ...STARTING_STATUS.starting, leftMs: null } };
  assertEquals(parseStartingStatus(JSON.stringify(first)) as unknown, first);
  const peers = { ...STARTING_STATUS, starting: { step: "peers" }, more: 1 };
  assertEquals(parseStartingStatus(JSON.stringify(peers)) as unknown, peers);
});

Deno.test("parseStartingStatus() takes nothing else for it", () => {
  for (const text of ["", "null", "[]", "1", "{}", "<html>"]) {
    assertEquals(parseStartingStatus(text), undefined, text);
  }
  let count = 0;
  for (const name of Object.keys(STARTING_STATUS)) {
    for (const wrong of [undefined, {}, -1]) {
      assertEquals(
        parseStartingStatus(JSON.stringify({ ...STARTING_STATUS, [name]: wrong })),
        undefined,
        name,
      );
      count++;
    }
  }
  for (const name of Object.keys(STARTING_STATUS.starting)) {
    for (const wrong of [undefined, {}, -1, "x"]) {
      const starting = { ...STARTING_STATUS.starting, [name]: wrong };
      assertEquals(parseStartingStatus(JSON.stringify({ ...STARTING_STATUS, starting })), undefined, name);
      count++;
    }
  }
  console.log(`${count} wrong fields refused`);
});
