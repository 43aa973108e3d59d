import { assertEquals, assertMatch } from "@std/assert";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { CompactionHarness } from "../../unit/log/compaction_harness.ts";
import { LogHarness } from "../../unit/log/log_harness.ts";
import { GOLDEN_LOGS } from "./write_golden_log.ts";

const { state } = await Deno.permissions.query({ name: "read" });
const isGranted = state === "granted";
const needs = isGranted ? "" : " (ignored: needs --allow-read)";

function goldenFiles(name: string): MemoryFiles {
  const folder = new URL(`../../testdata/${name}/`, import.meta.url);
  const files = new MemoryFiles();
  for (const { name } of Deno.readDirSync(new URL("log/", folder))) {
    files.put(`log/${name}`, Deno.readFileSync(new URL(`log/${name}`, folder)));
  }
  files.put("clean", Deno.readFileSync(new URL("clean", folder)));
  return files;
}

Deno.test({
  name: `openLog() replays every golden log to what it said${needs}`,
  ignore: !isGranted,
  fn: () => {
    let count = 0;
    for (const [name, { entries }] of Object.entries(GOLDEN_LOGS)) {
      const harness = new LogHarness({}, goldenFiles(name));
      const { origin, minted } = harness.open();
      assertEquals(harness.replayed, entries, name);
      assertEquals([origin, minted], ["node1#000000000001", false]);
      count += entries.length;
    }
    console.log(`openLog(): ${Object.keys(GOLDEN_LOGS).length} golden logs, ${count} entries`);
  },
});

Deno.test({
  name: `the first pass over the golden log of version 1.0 leaves no unkeyed digest${needs}`,
  ignore: !isGranted,
  fn: () => {
    const harness = new CompactionHarness(goldenFiles("log-format-1"));
    assertMatch(harness.allText(), /"digest":[1-9]/);
    harness.pass();
    assertEquals(new Set(harness.allText().match(/"digest":\d+/g)), new Set(['"digest":0']));
  },
});
