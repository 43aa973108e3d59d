import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";
import { PEOPLE_COMMANDS } from "../../../server/cli/people_commands.ts";

const PLACE = { config: undefined, node: undefined, data: undefined };

function parse(line: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(line.split(" "));
}

Deno.test("parseCommandLine() reads every command about people", () => {
  const cases: [string, unknown][] = [
    ["users", { name: "users", ...PLACE, match: "*", json: false }],
    ["users a* --json --node node2", {
      name: "users",
      ...PLACE,
      node: "node2",
      match: "a*",
      json: true,
    }],
    ["users show ann --data d", { name: "users show", ...PLACE, data: "d", user: "ann", json: false }],
    ["users add ann", { name: "users add", ...PLACE, user: "ann", password: { kind: "asked" } }],
    ["users password ann --make", {
      name: "users password",
      ...PLACE,
      user: "ann",
      password: { kind: "made" },
    }],
    ["users add ann --password-file -", {
      name: "users add",
      ...PLACE,
      user: "ann",
      password: { kind: "file", path: "-" },
    }],
    ["users disable ann", { name: "users disable", ...PLACE, user: "ann" }],
    ["users enable ann", { name: "users enable", ...PLACE, user: "ann" }],
    ["users delete ann --yes", { name: "users delete", ...PLACE, user: "ann", yes: true }],
    ["sessions", { name: "sessions", ...PLACE, json: false }],
    ["sessions end --id 12", { name: "sessions end", ...PLACE, whose: { id: 12 } }],
    ["sessions end 12", { name: "sessions end", ...PLACE, whose: { user: "12" } }],
    ["sessions end ann~node1", { name: "sessions end", ...PLACE, whose: { user: "ann~node1" } }],
  ];
  for (const [line, expected] of cases) assertEquals(parse(line) as unknown, expected, line);
  const named = new Set(cases.map(([, command]) => (command as { name: string }).name));
  assertEquals(named.size, Object.keys(PEOPLE_COMMANDS).length);
});

Deno.test("parseCommandLine() refuses commands about people that make no sense", () => {
  const cases: [string, string][] = [
    ["users shwo ann", 'users takes one FILTER, and "shwo ann" is 2 words; did you mean "show"?'],
    ["users show", "users show takes one NAME"],
    ["users disable ann bob", 'users disable takes one NAME, and "ann bob" is 2'],
    ["users add ann --make --password-file f", "give either --password-file FILE or --make, not both"],
    ["users add ann --node n --data d", "give either --node NAME or --data FOLDER, not both"],
    ["users disable ann --make", "--make does not go with this command, but with users add, users password"],
    ["sessions 12", 'sessions takes nothing but flags, and "12" is none'],
    ["sessions end", "sessions end takes one NAME, or --id ID"],
    ["sessions end ann --id 12", "give either the NAME of an account or --id ID, not both"],
    ["sessions end --id ann", '--id "ann" is not the number of a session; sessions lists those'],
    ["users disable --id 12", "--id does not go with this command, but with sessions end"],
  ];
  for (const [line, expected] of cases) {
    const parsed = parse(line);
    assert(parsed.name === "usage error", `${line} is ${parsed.name}`);
    assertStringIncludes(parsed.message, expected);
  }
  console.log(`${cases.length} command lines refused`);
});
