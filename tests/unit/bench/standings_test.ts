import { assertEquals, assertThrows } from "@std/assert";
import type { Figures, Load } from "../../../bench/send_side.ts";
import { againstFindings, comparisonTable, rateFinding, RELAYS } from "../../../bench/standings.ts";

const LOAD: Load = { title: "load", pairs: 1, outstanding: 1 };

function rounds(...rates: readonly number[]): Figures[] {
  return rates.map((messagesPerSecond) => ({
    messages: messagesPerSecond * 2,
    messagesPerSecond,
    answeredP50Ms: 1,
    answeredP99Ms: 2,
    deliveredP50Ms: 3,
    deliveredP99Ms: 4,
    processorMicroseconds: 1_000 / messagesPerSecond,
    processorShare: 0.5,
    generatorShare: 0.25,
    otherCopiesShare: 0,
  }));
}

const STANDINGS = [
  { name: RELAYS.plain, rounds: rounds(100, 200, 400) },
  { name: RELAYS.synced, rounds: rounds(50, 100, 200) },
  { name: "server", rounds: rounds(40, 90, 100) },
  { name: "other", rounds: rounds(80, 90, 50) },
];

Deno.test("comparisonTable() sets a side beside the relays, round by round", () => {
  const { columns, rows } = comparisonTable("load", STANDINGS);
  const server = Object.fromEntries(columns.map((column, i) => [column, rows[2]?.[i]]));
  assertEquals(server, {
    "load": "server",
    "messages/s": "90",
    "SENT p50 / p99 ms": "1.00 / 2.00",
    "MESSAGE p50 / p99 ms": "3.00 / 4.00",
    "CPU us/message": "11.11",
    "of synced relay": "0.800 (0.500 to 0.900)",
    "of plain relay": "0.400 (0.250 to 0.450)",
    "busy: it / generator": "0.50 / 0.25",
    "measured": "460 messages",
  });
});

Deno.test("comparisonTable() has 1 for a relay beside itself", () => {
  const { columns, rows } = comparisonTable("load", STANDINGS);
  const column = (name: string): (string | undefined)[] => rows.map((row) => row[columns.indexOf(name)]);
  assertEquals(column("of synced relay"), [
    "2.000 (2.000 to 2.000)",
    "1",
    "0.800 (0.500 to 0.900)",
    "0.900 (0.250 to 1.600)",
  ]);
  assertEquals(column("of plain relay")[0], "1");
});

Deno.test("rateFinding() reaches its target with the median of the ratios", () => {
  const finding = rateFinding(STANDINGS, LOAD, "server", RELAYS.synced, 0.8);
  assertEquals(finding.reached, true);
  assertEquals(rateFinding(STANDINGS, LOAD, "server", RELAYS.synced, 0.81).reached, false);
  assertThrows(() => rateFinding(STANDINGS, LOAD, "server", "nobody", 1), Error, "no side is called nobody");
});

Deno.test("againstFindings() compares rate and effort with another checkout, if there is one", () => {
  assertEquals(againstFindings(STANDINGS, LOAD, "server", undefined), []);
  assertEquals(againstFindings(STANDINGS, LOAD, "server", "other"), [
    { what: "load: messages/s, server / other", figure: "1.000 (0.500 to 2.000)" },
    { what: "load: CPU a message, server / other", figure: "1.000 (0.500 to 2.000)" },
  ]);
});
