import { assertEquals } from "@std/assert";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "../../unit/log/log_harness.ts";
import { GOLDEN_ENTRIES } from "./write_golden_log.ts";

const FORMATS = [1];

const { state } = await Deno.permissions.query({ name: "read" });
const isGranted = state === "granted";

function goldenFiles(format: number): MemoryFiles {
  const folder = new URL(`../../testdata/log-format-${format}/`, import.meta.url);
  const files = new MemoryFiles();
  for (const { name } of Deno.readDirSync(new URL("log/", folder))) {
    files.put(`log/${name}`, Deno.readFileSync(new URL(`log/${name}`, folder)));
  }
  files.put("clean", Deno.readFileSync(new URL("clean", folder)));
  return files;
}

Deno.test({
  name: `openLog() replays the golden log of every format to what it said${
    isGranted ? "" : " (ignored: needs --allow-read)"
  }`,
  ignore: !isGranted,
  fn: () => {
    for (const format of FORMATS) {
      const harness = new LogHarness({}, goldenFiles(format));
      const { origin, minted } = harness.open();
      assertEquals(harness.replayed, GOLDEN_ENTRIES);
      assertEquals([origin, minted], ["node1#000000000001", false]);
    }
    console.log(`openLog(): ${FORMATS.length} golden logs, ${GOLDEN_ENTRIES.length} entries each`);
  },
});
