import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseOperatorAnswer, parseOperatorRequest } from "../../../server/admin/operator_request.ts";
import type { OperatorAnswer, OperatorRequest, UserDetails } from "../../../server/ports/operator.ts";

const REQUESTS: readonly OperatorRequest[] = [
  { act: "listUsers", match: "*", after: "" },
  { act: "showUser", name: "ann" },
  { act: "addUser", name: "ann", password: "a password" },
  { act: "setPassword", name: "ann", password: "a password" },
  { act: "disableUser", name: "ann" },
  { act: "enableUser", name: "ann" },
  { act: "deleteUser", name: "ann" },
  { act: "listSessions", after: 0 },
  { act: "endSession", id: 7 },
  { act: "endLogins", name: "x".repeat(80) },
  { act: "invite", uses: 1, forMs: 60_000 },
  { act: "listInvitations", after: "" },
  { act: "revokeInvitation", id: "2c26b46b68ff" },
];

const USER: UserDetails = {
  name: "ann",
  account: "ann.1",
  state: "disabled",
  createdMs: 1,
  lastLoginMs: null,
  sessions: 0,
  unread: 0,
  unreadBytes: 0,
  storedBytes: 0,
  disabledMs: 2,
  logins: 0,
  conversations: 0,
  online: false,
  messages: null,
  messageBytes: 7,
};

const MADE = { id: "2c26b46b68ff", code: "00ff", uses: 1, untilMs: 2, copies: 1, nodes: 1 };
const ROW = { id: "2c26b46b68ff", used: 1, uses: null, madeMs: null, untilMs: null, revokedMs: 7 };

const ANSWERS: readonly OperatorAnswer[] = [
  { made: { ...MADE, link: null, registration: "invite" } },
  { made: { ...MADE, link: "https://chat.example.org/#/invite/00ff", registration: "open" } },
  { invitations: [{ ...ROW, state: "revoked" }], more: false },
  { users: [USER], more: false },
  { user: USER },
  { sessions: [{ id: 1, name: "ann", address: "::1", dialect: "original", sinceMs: 1 }], more: true },
  { done: { name: "ann", sessions: 0, copies: 1, nodes: 1 } },
  { refused: "no" },
];

Deno.test("parseOperatorRequest() takes every request, and none with a member missing, changed or added", () => {
  let refused = 0;
  for (const request of REQUESTS) {
    assertEquals(parseOperatorRequest(JSON.stringify(request)), request);
    const members: Readonly<Record<string, unknown>> = { ...request };
    for (const name of Object.keys(members)) {
      const { [name]: _left, ...without } = members;
      for (const wrong of [without, { ...members, [name]: null }, { ...members, [name]: [1] }]) {
        assert(
          typeof parseOperatorRequest(JSON.stringify(wrong)) === "string",
          `${request.act} without ${name}`,
        );
        refused++;
      }
    }
    assertStringIncludes(String(parseOperatorRequest(JSON.stringify({ ...request, more: 1 }))), "no member");
  }
  console.log(`${REQUESTS.length} requests taken, ${refused} refused`);
});

Deno.test("parseOperatorRequest() says what is wrong, with the value and the limit", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "the request is no JSON object"],
    ["[]", "there is no such act; there are listUsers, showUser"],
    ['{"act":"constructor"}', "there is no such act"],
    ['{"act":"showUser","name":""}', "name of showUser is missing, empty or of another type"],
    [
      JSON.stringify({ act: "showUser", name: "x".repeat(81) }),
      "the name has 81 characters and the limit is 80",
    ],
    [
      JSON.stringify({ act: "addUser", name: "a", password: "x".repeat(513) }),
      "the password has 513 characters and the limit is 512",
    ],
    ['{"act":"endSession","id":-1}', "id of endSession is missing, empty or of another type"],
    ['{"act":"endSession","id":1.5}', "id of endSession is missing, empty or of another type"],
  ];
  for (const [json, text] of cases) assertStringIncludes(String(parseOperatorRequest(json)), text);
});

Deno.test("parseOperatorAnswer() takes every answer, and nothing else", () => {
  for (const answer of ANSWERS) assertEquals(parseOperatorAnswer(JSON.stringify(answer)), answer);
  const wrong = [
    "",
    "null",
    "{}",
    '{"users":[]}',
    '{"users":[{"name":"ann"}],"more":false}',
    JSON.stringify({ user: { ...USER, state: "gone" } }),
    '{"done":{"name":"ann"}}',
    '{"refused":1}',
  ];
  for (const json of wrong) assertEquals(parseOperatorAnswer(json), undefined, json);
});
