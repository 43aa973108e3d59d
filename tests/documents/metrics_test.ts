/**
 * Compares `docs/metrics.md` with the table of metrics.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { METRICS } from "../../server/metrics/metric_table.ts";
import { PROJECT } from "./project_files.ts";

const isReadable = Deno.permissions.querySync({ name: "read" }).state === "granted";
const reason = isReadable ? "" : " (ignored: needs the permission read, which deno task test gives)";

/** The rows of the document that begin with something in backticks, as cells without backticks. */
function rowsOf(document: string): string[][] {
  return document.split("\n").filter((line) => line.startsWith("| `")).map((line) =>
    line.slice(1, line.lastIndexOf("|")).split("|").map((cell) => cell.replaceAll("`", "").trim())
  );
}

Deno.test({
  name: `docs/metrics.md has every metric, with its type, labels and meaning, and no other${reason}`,
  ignore: !isReadable,
  fn: async () => {
    const document = await Deno.readTextFile(new URL("docs/metrics.md", PROJECT));
    const rows = rowsOf(document).filter(([name]) => /^(chat|process)_/.test(name ?? ""));
    const coded = Object.entries(METRICS).map(([name, metric]) => [
      name,
      metric.type,
      "labels" in metric ? metric.labels.join(", ") : "",
      metric.help,
    ]);
    assertEquals(rows, coded);
    console.log(`${rows.length} metrics compared`);
  },
});

Deno.test({
  name: `docs/metrics.md says what every label means${reason}`,
  ignore: !isReadable,
  fn: async () => {
    const document = await Deno.readTextFile(new URL("docs/metrics.md", PROJECT));
    const explained = rowsOf(document).filter((cells) => cells.length === 2).map(([name]) => name);
    const labels = new Set(
      Object.values(METRICS).flatMap((metric) => "labels" in metric ? [...metric.labels] : []),
    );
    // These three say themselves what they are.
    const obvious = ["version", "node", "cluster"];
    const lacking = [...labels].filter((label) => !obvious.includes(label) && !explained.includes(label));
    assertGreater(labels.size, obvious.length);
    assertEquals(lacking, []);
    console.log(`${labels.size} labels looked at`);
  },
});
