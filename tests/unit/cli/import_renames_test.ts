import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";

Deno.test("parseCommandLine() reads the renames of an import, whose old names may hold anything", () => {
  const flags = [
    "--rename",
    "a@b=ab",
    "--rename=c=C",
    "--rename=Ann Lee=ann.lee",
    '--rename="d\\u0027Or"=d-or',
  ];
  const parsed = parseCommandLine(["import", ...flags, "users.json"]);
  assert(parsed.name === "import", parsed.name);
  const renames = new Map([["a@b", "ab"], ["c", "C"], ["Ann Lee", "ann.lee"], ["d'Or", "d-or"]]);
  assertEquals([parsed.renames, parsed.files], [renames, ["users.json"]]);
});

Deno.test("parseCommandLine() refuses renames that cannot be", () => {
  const cases: [readonly string[], string][] = [
    [["--rename", "ann"], '--rename "ann" is no rename; give OLD=NEW'],
    [["--rename", "ann=a~b"], '--rename "ann=a~b" gives a name that cannot be: "a~b" is no name'],
    [["--rename", "a=b", "--rename", "c=B"], "--rename=c=B contradicts an earlier one"],
  ];
  for (const [flags, expected] of cases) {
    const parsed = parseCommandLine(["import", "users.json", ...flags]);
    assert(parsed.name === "usage error", parsed.name);
    assertStringIncludes(parsed.message, expected);
  }
});
