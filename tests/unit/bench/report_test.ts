import { assertEquals } from "@std/assert";
import { type Report, reportText, summaryText } from "../../../bench/report.ts";

const REPORT: Report = {
  title: "Title",
  notes: ["How it was measured."],
  findings: [
    { what: "plain", figure: "12 ms" },
    { what: "good", figure: "1 ms", target: "at most 2 ms", reached: true },
    { what: "not so good", figure: "3 ms", target: "at most 2 ms", reached: false },
    { what: "unknown", figure: "", target: "at most 2 ms" },
  ],
};

Deno.test("reportText() shows every finding, and of those with a target whether it is reached", () => {
  assertEquals(
    reportText(REPORT),
    [
      "",
      "Title",
      "  How it was measured.",
      "  plain        12 ms",
      "  good         1 ms   at most 2 ms  reached",
      "  not so good  3 ms   at most 2 ms  NOT reached",
      "  unknown             at most 2 ms  not measured",
    ].join("\n"),
  );
});

Deno.test("reportText() aligns the columns of a table", () => {
  const table = { columns: ["", "messages/s"], rows: [["relay", "1000"], ["server of another", "9"]] };
  assertEquals(
    reportText({ title: "Title", notes: [], tables: [table], findings: [] }),
    [
      "",
      "Title",
      "",
      "                     messages/s",
      "  relay              1000",
      "  server of another  9",
      "",
    ].join("\n"),
  );
});

Deno.test("summaryText() counts the targets of all reports", () => {
  assertEquals(
    summaryText([REPORT, { title: "Other", notes: [], findings: [] }]),
    [
      "",
      "1 of 3 targets reached",
      "  reached       good         1 ms  at most 2 ms",
      "  NOT reached   not so good  3 ms  at most 2 ms",
      "  not measured  unknown            at most 2 ms",
    ].join("\n"),
  );
});
