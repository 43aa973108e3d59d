import { assertEquals } from "@std/assert";
import {
  doneText,
  loggedOutText,
  sessionLine,
  sessionsHead,
  userLine,
  userReport,
  usersHead,
} from "../../../server/commands/people_report.ts";
import type { UserDetails } from "../../../server/ports/operator.ts";

const ANN: UserDetails = {
  name: "ann",
  account: "5f000000000000000003",
  state: "disabled",
  createdMs: Date.UTC(2026, 0, 2, 3, 4),
  lastLoginMs: null,
  sessions: 2,
  unread: 1_234,
  unreadBytes: 5_678_901,
  storedBytes: 12_345,
  disabledMs: Date.UTC(2026, 10, 30, 17, 58),
  logins: 3,
  conversations: 17,
  online: true,
  messages: 4_321,
  messageBytes: 87_654,
};

Deno.test("usersHead() and userLine() are columns of a table", () => {
  assertEquals([usersHead(), userLine(ANN), userLine({ ...ANN, name: "a".repeat(24) })], [
    "name                  state     created           last login        sessions    unread         bytes         today",
    "ann                   disabled  2026-01-02 03:04  -                        2     1,234     5,678,901        12,345",
    `${
      "a".repeat(24)
    }  disabled  2026-01-02 03:04  -                        2     1,234     5,678,901        12,345`,
  ]);
});

Deno.test("userReport() shows one account, a fact a line", () => {
  assertEquals(userReport(ANN).split("\n"), [
    "name           ann",
    "account        5f000000000000000003",
    "state          disabled; since 2026-11-30 17:58",
    "created        2026-01-02 03:04",
    "last login     -",
    "online         yes",
    "sessions here  2",
    "logins         3, with which a client goes on without the password",
    "people         17 in conversations",
    "messages       4,321 from and to this account, 87,654 bytes",
    "unread         1234 messages, 5,678,901 bytes",
    "stored today   12,345 bytes",
  ]);
});

Deno.test("userReport() says that the archive has not counted", () => {
  const rows = userReport({ ...ANN, messages: null, messageBytes: null }).split("\n");
  assertEquals(rows[8], "people         17 in conversations");
  assertEquals(rows[9], "messages       not counted in time; chat-server status says how the archive is");
});

Deno.test("sessionsHead() and sessionLine() are columns of a table", () => {
  const session = {
    id: 12,
    name: "ann",
    address: "2001:db8::7",
    dialect: "confirmed",
    sinceMs: Date.UTC(2026, 0, 2, 3, 4),
  } as const;
  assertEquals([sessionsHead(), sessionLine(session)], [
    "    id  name                  dialect    since             address",
    "    12  ann                   confirmed  2026-01-02 03:04  2001:db8::7",
  ]);
});

Deno.test("doneText() says what was done, what it ended, and where it does not hold yet", () => {
  const done = { name: "ann", sessions: 0, copies: 3, nodes: 3 };
  assertEquals(doneText("is disabled", done), "ann is disabled; on the disks of 3 of 3 nodes");
  assertEquals(
    doneText("is disabled", { ...done, sessions: 1, copies: 1, nodes: 1 }),
    "ann is disabled; 1 session ended here; on the disks of 1 of 1 node",
  );
  assertEquals(
    doneText("is disabled", { ...done, sessions: 2, copies: 2 }),
    "ann is disabled; 2 sessions ended here; on the disks of 2 of 3 nodes. The others learn of it once they can be " +
      "reached; until then it does not hold there",
  );
  assertEquals(doneText("was not disabled", { ...done, copies: 0 }), "ann was not disabled");
});

Deno.test("loggedOutText() claims nothing about sessions without a token at other nodes", () => {
  const done = { name: "ann", sessions: 2, copies: 0 };
  assertEquals([1, 3].map((nodes) => doneText(loggedOutText({ ...done, nodes }), { ...done, nodes })), [
    "ann is logged out; 2 sessions ended here",
    "ann is logged out; sessions at other nodes end if they have a token, and so not those of the original " +
    "dialect; 2 sessions ended here",
  ]);
});
