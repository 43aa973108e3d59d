import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";

function parse(line: string): unknown {
  return parseCommandLine(line.split(" "));
}

function errorOf(line: string): string {
  const parsed = parseCommandLine(line.split(" "));
  return parsed.name === "usage error" ? parsed.message : `${line} is ${parsed.name}`;
}

Deno.test("parseCommandLine() reads a level and its time", () => {
  const command = { name: "log-level", level: "debug", node: undefined, data: undefined, config: undefined };
  assertEquals(parse("log-level debug"), { ...command, forMs: 600_000 });
  for (
    const [time, forMs] of [["1s", 1_000], ["90s", 90_000], ["2h", 7_200_000], ["24h", 86_400_000]] as const
  ) {
    assertEquals(parse(`log-level debug --for ${time}`), { ...command, forMs });
  }
  assertEquals(parse("log-level warn --data d --for=30m"), {
    ...command,
    level: "warn",
    data: "d",
    forMs: 1_800_000,
  });
});

Deno.test("parseCommandLine() refuses a level or a time that is none, with the way out", () => {
  const time = "is not a time from 1s to 24h; give a number and s, m or h, as 10m";
  for (const wrong of ["0s", "25h", "1441m", "86401s", "10", "m", "1d", "-1m", "1.5h", "9999999s"]) {
    assertStringIncludes(errorOf(`log-level debug --for=${wrong}`), `--for "${wrong}" ${time}`);
  }
  assertStringIncludes(errorOf("log-level"), "log-level needs one LEVEL: debug, info, warn, error");
  assertStringIncludes(errorOf("log-level debug info"), "log-level needs one LEVEL");
  assertStringIncludes(errorOf("log-level debgu"), 'LEVEL "debgu" is not known; did you mean "debug"?');
  assertStringIncludes(errorOf("log-level debug --node a --data b"), "not both");
  assertStringIncludes(errorOf("run --for 10m"), "--for does not go with this command, but with log-level");
});
