import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { planText, repairText, verifyVerdict } from "../../../server/commands/log_report.ts";
import type { Damage } from "../../../server/log/log_errors.ts";
import type { Cut, RepairPlan } from "../../../server/log/repair_log.ts";
import type { LogReport } from "../../../server/log/verify_log.ts";

const WHOLE: LogReport = {
  end: { segment: 2, bytes: 300, batch: 9, crc: "00c0ffee", sealedCrc: undefined },
  segments: 2,
  lines: 30,
  entries: 20,
  batches: 9,
  damage: undefined,
  node: "node1",
  version: "1.0.0",
  origin: "node1#1",
  clean: "clean",
};

const DAMAGE: Damage = {
  file: "log/00000002.jsonl",
  line: 4,
  offset: 300,
  problem: "its checksum is wrong",
  batch: 10,
  proof: undefined,
};

Deno.test("verifyVerdict() counts what is in a whole log, and says how its node ended", () => {
  const { text, isGood } = verifyVerdict(WHOLE, "data/node1");
  assert(isGood);
  assertStringIncludes(text, "data/node1: segments: 2, lines: 30, entries: 20, batches: 9\n");
  assertStringIncludes(
    text,
    "whole up to its end, byte 300 of log/00000002.jsonl; its node was shut down in order",
  );
  const running = verifyVerdict({ ...WHOLE, clean: "unclean" }, "d");
  assert(running.isGood);
  assertStringIncludes(running.text, "is running, or was not shut down");
});

Deno.test("verifyVerdict() tells a torn tail from damage", () => {
  const torn = verifyVerdict({ ...WHOLE, damage: DAMAGE, clean: "unclean" }, "d");
  assert(torn.isGood);
  assertStringIncludes(torn.text, "At log/00000002.jsonl, line 4 (byte 300) an unfinished write begins");
  const bad: LogReport[] = [
    { ...WHOLE, damage: { ...DAMAGE, proof: "a later line follows" }, clean: "unclean" },
    { ...WHOLE, damage: DAMAGE, clean: "mismatch" },
  ];
  for (const report of bad) {
    const { text, isGood } = verifyVerdict(report, "d");
    assert(!isGood);
    assertStringIncludes(text, "log/00000002.jsonl, line 4 (byte 300) is damaged: its checksum is wrong");
  }
});

Deno.test("verifyVerdict() says that a log lost its end", () => {
  const { text, isGood } = verifyVerdict({ ...WHOLE, clean: "mismatch" }, "d");
  assert(!isGood);
  assertStringIncludes(text, "ended elsewhere than at byte 300");
});

const CUT: Cut = { segment: 1, line: 3, lines: 1, offset: 100, bytes: 40, problem: "no JSON" };
const PLAN: RepairPlan = {
  isNeeded: true,
  cuts: [CUT, { ...CUT, line: 7, lines: 3 }],
  end: { segment: 1, bytes: 100, batch: 2, crc: "00000000", sealedCrc: undefined },
  lastSegment: 1,
  entries: 5,
  node: "node1",
};

Deno.test("planText() names everything that would be lost", () => {
  assertEquals(
    planText(PLAN, "d"),
    "would be cut: log/00000001.jsonl, line 3 (40 bytes from byte 100 on): no JSON\n" +
      "would be cut: log/00000001.jsonl, lines 7 to 9 (40 bytes from byte 100 on): no JSON\n" +
      "everything before byte 100 of log/00000001.jsonl, and 5 entries behind it, would be kept. " +
      "Nothing was changed: --accept-loss repairs the log. Where other nodes have everything, move the data " +
      "folder away instead and start with an empty one: it is filled from them",
  );
  assertStringIncludes(planText({ ...PLAN, cuts: [] }, "d"), "no line would be cut, but lines are missing");
  assertStringIncludes(planText({ ...PLAN, isNeeded: false }, "d"), "the log in d is whole");
});

Deno.test("repairText() says where the copies are", () => {
  const report = { ...PLAN, cuts: [{ ...CUT, kept: "broken/00000001-5.cut" }] };
  const text = repairText(report, "d");
  assertStringIncludes(text, "(40 bytes from byte 100 on): no JSON; a copy is in d/broken/00000001-5.cut\n");
  assertStringIncludes(text, "5 entries behind it, were kept");
  assertStringIncludes(repairText({ ...report, isNeeded: false, cuts: [] }, "d"), "nothing to repair");
});
