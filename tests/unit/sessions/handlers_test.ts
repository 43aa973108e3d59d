import { assertEquals } from "@std/assert";
import { type RequestName, REQUESTS } from "../../../common/protocol/requests.ts";
import { HANDLERS } from "../../../server/sessions/handlers.ts";
import type { RequestRow } from "../../../server/sessions/request_row.ts";
import type { Session } from "../../../server/sessions/session.ts";

const NAMES = Object.keys(HANDLERS) as RequestName[];

/** Types of the requests whose row fits, in ascending order. */
function typesOf(fits: (row: RequestRow<Session>) => boolean): number[] {
  const names = NAMES.filter((name) => fits(HANDLERS[name] as RequestRow<Session>));
  return names.map((name) => REQUESTS[name].type).sort((a, b) => a - b);
}

Deno.test("HANDLERS has a row for every request of the protocol", () => {
  assertEquals(NAMES.toSorted(), Object.keys(REQUESTS).toSorted());
});

Deno.test("HANDLERS says which requests need no login, survive filling, are counted and wait for copies", () => {
  assertEquals(typesOf(({ access }) => access === "anyone"), [1, 2, 9, 10, 13, 19]);
  assertEquals(typesOf(({ whileFilling }) => whileFilling), [9, 10, 19]);
  assertEquals(typesOf(({ rate }) => rate === "messages"), [3]);
  assertEquals(typesOf(({ durableOn }) => durableOn === "copies"), [2, 3, 7, 8, 14, 16, 22]);
});
