import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";

function errorOf(line: string): string {
  const parsed = parseCommandLine(line.split(" "));
  return parsed.name === "usage error" ? parsed.message : `${line} is ${parsed.name}`;
}

Deno.test("parseCommandLine() reads a drain and its time, 30 s unless given", () => {
  const command = { name: "drain", node: undefined, data: undefined, config: undefined } as const;
  for (const [flags, forMs] of [["", 30_000], [" --for 1s", 1_000], [" --for=1h", 3_600_000]] as const) {
    assertEquals(parseCommandLine(`drain${flags}`.split(" ")), { ...command, forMs });
  }
});

Deno.test("parseCommandLine() refuses a drain without end, with the way out", () => {
  for (const time of ["2h", "61m", "24h"]) {
    assertStringIncludes(
      errorOf(`drain --for ${time}`),
      `--for ${time} is too long for a drain; give at most 1h`,
    );
  }
  for (const time of ["0s", "25h", "10"]) {
    assertStringIncludes(errorOf(`drain --for ${time}`), "is not a time from");
  }
  assertStringIncludes(errorOf("drain --node a --data b"), "not both");
  assertStringIncludes(errorOf("drain node1"), "node1");
});
