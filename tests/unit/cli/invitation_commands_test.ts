import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { INVITATION_COMMANDS } from "../../../server/cli/invitation_commands.ts";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";

const PLACE = { config: undefined, node: undefined, data: undefined };
const DAY_MS = 86_400_000;

function parse(line: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(line.split(" "));
}

Deno.test("parseCommandLine() reads every command about invitations", () => {
  const cases: [string, unknown][] = [
    ["invite", { name: "invite", ...PLACE, uses: 1, forMs: 7 * DAY_MS }],
    ["invite --uses 30 --expires 12h --data d", {
      name: "invite",
      ...PLACE,
      data: "d",
      uses: 30,
      forMs: DAY_MS / 2,
    }],
    ["invite --uses 1000 --expires 365d", { name: "invite", ...PLACE, uses: 1_000, forMs: 365 * DAY_MS }],
    ["invites --json", { name: "invites", ...PLACE, json: true }],
    ["invites revoke 2c26b46b68ff", { name: "invites revoke", ...PLACE, id: "2c26b46b68ff" }],
  ];
  for (const [line, expected] of cases) assertEquals(parse(line) as unknown, expected, line);
  const named = new Set(cases.map(([, command]) => (command as { name: string }).name));
  assertEquals(named.size, Object.keys(INVITATION_COMMANDS).length);
});

Deno.test("parseCommandLine() refuses commands about invitations that make no sense", () => {
  const cases: [string, string][] = [
    ["invite --uses 0", '--uses "0" is not a number from 1 to 1000; make several invitations for more'],
    ["invite --uses 1001", '--uses "1001" is not a number from 1 to 1000'],
    ["invite --uses some", '--uses "some" is not a number from 1 to 1000'],
    [
      "invite --expires 59s",
      '--expires "59s" is not a time from 1m to 365d; give a number and m, h or d, as 7d',
    ],
    ["invite --expires 366d", '--expires "366d" is not a time from 1m to 365d'],
    ["invite --expires never", '--expires "never" is not a time from 1m to 365d'],
    ["invite ann", 'invite takes nothing but flags, and "ann" is none'],
    ["invites revoke", "invites revoke takes one ID; invites lists them"],
    ["invites revoke 2c26b46b68ff 2c26b46b68fe", "invites revoke takes one ID, and"],
    ["invites revoke 2c26", '"2c26" is not the id of an invitation, which has 12 digits and letters a to f'],
    ["invites revke 2c26b46b68ff", "invites takes nothing but flags"],
    ["users --uses 3", "--uses does not go with this command, but with invite"],
  ];
  for (const [line, text] of cases) {
    const parsed = parse(line);
    assert(parsed.name === "usage error", line);
    assertStringIncludes(parsed.message, text, line);
  }
  console.log(`${cases.length} command lines refused`);
});
