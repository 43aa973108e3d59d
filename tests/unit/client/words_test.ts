import { assertEquals } from "@std/assert";
import type { Failure } from "../../../client/core/failures.ts";
import type { LossReason } from "../../../client/core/loss.ts";
import type { Notice } from "../../../client/core/notices.ts";
import { EXIT, failureStatus, leaveStatus } from "../../../client/terminal/words/exit_status.ts";
import { failureText } from "../../../client/terminal/words/failures.ts";
import { noticeText } from "../../../client/terminal/words/notices.ts";
import { lossText } from "../../../client/terminal/words/losses.ts";
import { cannotAskText } from "../../../client/terminal/words/questions.ts";

type Fields<Union extends { kind: string }, Kind> = Omit<Extract<Union, { kind: Kind }>, "kind">;

/** Fields and words of every notice: one without a row fails deno check. */
const NOTICES: { readonly [Kind in Notice["kind"]]: readonly (readonly [Fields<Notice, Kind>, string])[] } = {
  connected: [
    [{ node: "node1", missed: undefined }, "connected to node1"],
    [{ node: "node1", missed: "node2" }, "connected to node1; node2 is not there"],
  ],
  connectionLost: [[
    { node: "node1", reason: { kind: "broken", text: "connection reset" } },
    "lost node1 (connection reset); looking for a node",
  ]],
  notQuit: [[{}, "going on; /status says what waits"]],
  foreignNode: [[
    { place: "10.0.0.1:5000", cluster: "home" },
    "10.0.0.1:5000 is a node of another cluster (home): nothing is sent there, and it is asked again later",
  ]],
  loggedIn: [
    [{ name: "alice", node: "node1" }, "you are alice on node1; /help lists the commands"],
    [{ name: "alice", node: undefined }, "you are alice on a node; /help lists the commands"],
  ],
  loggedOut: [[{ name: "alice" }, "alice is logged out"]],
  loggedOutHere: [[
    { name: "alice" },
    "alice is logged out here; the next node that can be reached hears of it while this program runs, and else " +
    "the login ends there with another password, or after 30 days without use",
  ]],
  logoutHeard: [[{ name: "alice" }, "a node has heard that alice is logged out"]],
  sessionEnded: [[{ name: "alice" }, "the session of alice has ended; the password is needed again"]],
  passwordChanged: [[{}, "the password was changed; every other session of the account has ended"]],
  accountRenamed: [[
    { from: "alice", to: "alice~node2" },
    "your account is called alice~node2 now: somebody else had the name alice before",
  ]],
  accountDeleted: [[{ name: "alice" }, "the account alice and all its messages are gone"]],
  accountKept: [[{}, "that is not the name of the account; nothing was deleted"]],
  questionCancelled: [
    [{ loggedOut: true }, "not logged in any more; /login NAME logs in again"],
    [{ loggedOut: false }, "nothing was changed"],
  ],
  userOnline: [
    [{ name: "bob", online: true }, "bob is online"],
    [{ name: "bob", online: false }, "bob is offline"],
  ],
  userRegistered: [[{ name: "bob" }, "bob is a new account"]],
  userRenamed: [[{ from: "bob", to: "bob~node2" }, "bob is called bob~node2 now"]],
  userDeleted: [[{ name: "bob" }, "the account bob was deleted, with every message from and to it"]],
  namePassedOn: [[
    { name: "bob" },
    "whoever is called bob now is somebody else than before; messages meant for the former bob do not go there",
  ]],
  accountBack: [
    [{ name: "bob", count: 1 }, "the account bob is there after all; sending now: 1 held message"],
  ],
  clusterChanged: [
    [
      { node: "node1", state: { copies: 1, nodes: 3, alone: "node2 cannot be reached" } },
      "node1 is alone: node2 cannot be reached",
    ],
    [
      { node: "node1", state: { copies: 2, nodes: 3 } },
      "node1: a message that is stored now is on 2 of 3 disks: any one node may be lost",
    ],
  ],
  noUsers: [
    [{ onlineOnly: true, match: undefined }, "nobody is online"],
    [{ onlineOnly: false, match: "x*" }, "no user matches x*"],
    [{ onlineOnly: false, match: undefined }, "no user matches *"],
  ],
  moreUsers: [[{ listed: 500, after: "zoe" }, "these are the first 500 users; /users WILDCARD finds others"]],
  noChats: [
    [{ unreadOnly: true }, "nothing is unread"],
    [{ unreadOnly: false }, "no chats yet; /users lists whom to write to"],
  ],
  moreChats: [[{ listed: 500 }, "these are the 500 newest chats"]],
  unreadChats: [[
    { chats: [{ with: "carol", unread: 2 }, { with: "dan", unread: 1 }] },
    "3 unread: carol 2, dan 1; /chat USER shows them",
  ]],
  chatOpened: [
    [{ with: "bob", empty: false }, "chat with bob"],
    [{ with: "bob", empty: true }, "chat with bob: no messages yet"],
  ],
  olderMessages: [[{}, "there are older messages: /more"]],
  noOlderMessages: [[{ with: "bob" }, "no older messages with bob"]],
  noMessagesThen: [[{ with: "bob" }, "no messages with bob in that time"]],
  chatBegins: [[{ with: "bob" }, "this is where the chat with bob begins"]],
  found: [
    [{ ids: ["x", "y"], words: "crème", with: undefined, older: false }, "found for crème: 2 messages"],
    [{ ids: ["x"], words: "a b", with: "bob", older: true }, "found for a b with bob: 1 older message"],
    [{ ids: [], words: "a", with: undefined, older: false }, "found for a: nothing"],
    [{ ids: [], words: "a", with: "bob", older: true }, "found for a with bob: nothing older"],
  ],
  olderFound: [[{}, "there are older ones: /more"]],
  putBack: [
    [{ messages: 2, drafts: 1, leftOut: 0 }, "put back: 2 messages, 1 draft"],
    [
      { messages: 2, drafts: 1, leftOut: 3 },
      "put back: 2 messages, 1 draft; left out as unreadable or too long: 3",
    ],
  ],
  blockChanged: [
    [
      { name: "bob", blocked: true },
      "bob is blocked: their messages are refused, and they do not see that you are online, nor what you have read",
    ],
    [{ name: "bob", blocked: false }, "bob is not blocked any more"],
  ],
  markedRead: [[{ with: "bob", count: 1 }, "marked as read: 1 message of bob"]],
  messagesDeleted: [[{ count: 2 }, "deleted: 2 messages"]],
};

const refusal = { code: "busy", message: "too many requests wait" } as const;

/** Fields, words and exit status of every failure: one without a row fails deno check. */
const FAILURES: {
  readonly [Kind in Failure["kind"]]: readonly (readonly [Fields<Failure, Kind>, string, number])[];
} = {
  loginRefused: [[
    { refusal },
    "not logged in: too many requests wait; it is tried again every few seconds",
    EXIT.rateLimited,
  ]],
  refused: [
    [{ refusal }, "too many requests wait", EXIT.rateLimited],
    [{ refusal: { code: "constructor", message: "of a later version" } }, "of a later version", EXIT.usage],
    [
      { refusal: { ...refusal, retryAfter: 2.1 } },
      "too many requests wait; try again in 3 s",
      EXIT.rateLimited,
    ],
    [
      { refusal: { code: "rate-limited", message: "too fast; try again in 2 s", retryAfter: 2 } },
      "too fast; try again in 2 s",
      EXIT.rateLimited,
    ],
    [
      { refusal: { code: "unknown-user", message: "there is no user bbo; LIST_USERS lists them" } },
      "there is no user bbo; /users lists whom there is",
      EXIT.usage,
    ],
  ],
  notSent: [[
    { id: "", number: 9, to: "bob", refusal },
    "#b1 to bob was not sent: too many requests wait",
    EXIT.rateLimited,
  ]],
  held: [[
    { id: "", number: 0, to: "bob" },
    "#a1 to bob is held: the account bob that it is meant for is gone, and whoever is called bob now is somebody else; " +
    "/anyway #a1 sends it to them, /delete #a1 drops it",
    EXIT.usage,
  ]],
  notHeld: [[{ id: "", number: 0 }, "#a1 is not held, so there is nothing to send again", EXIT.usage]],
  heldUnsent: [
    [{ count: 1, account: undefined }, "not sent: 1 held message", EXIT.usage],
    [{ count: 2, account: "alice" }, "not sent: 2 held messages of alice", EXIT.usage],
  ],
  replyLost: [[{}, "the connection broke before the answer came; try again", EXIT.noNode]],
  versionUnknown: [[{ node: "node1", version: 3 }, "node1 speaks version 3, not 2", EXIT.internal]],
  nameInvalid: [[
    { name: "-x" },
    '"-x" cannot be a name: a name is 1 to 32 letters, digits, dots, hyphens and underscores, the first a letter or digit',
    EXIT.usage,
  ]],
  nameTaken: [[{ name: "bob" }, "the name bob is taken; /login bob if it is yours", EXIT.login]],
  nameUnknown: [
    [{ name: "bob", atStart: true }, "there is no user bob; --register makes a new account", EXIT.login],
    [{ name: "bob", atStart: false }, "there is no user bob; /register bob makes a new account", EXIT.login],
  ],
  accountGone: [[{ name: "alice" }, "the account alice is gone", EXIT.login]],
  passwordWrong: [
    [{ name: "alice", final: false }, "the password of alice is not that; try again", EXIT.login],
    [{ name: "alice", final: true }, "the password of alice is not that", EXIT.login],
  ],
  passwordLength: [[
    { bytes: 5, bytesMin: 8, bytesMax: 72 },
    "a password takes 8 to 72 bytes, and this one has 5; choose another",
    EXIT.login,
  ]],
  passwordsDiffer: [[{}, "the two passwords differ; choose one again", EXIT.login]],
  unsent: [
    [{ count: 1, mayBeStored: 0, account: undefined }, "not sent: 1 queued message", EXIT.noNode],
    [
      { count: 2, mayBeStored: 1, account: "alice" },
      "not sent: 1 queued message of alice; not known whether stored: 1 message of alice",
      EXIT.noNode,
    ],
  ],
  beingSent: [[{ id: "", number: 0 }, "#a1 is being sent; delete it once it is stored", EXIT.usage]],
  unable: [
    [
      { node: "node1", feature: "search" },
      "node1 cannot search; /node lists the nodes, and goes on with another",
      EXIT.internal,
    ],
    [
      { node: undefined, feature: "block" },
      "this node cannot block people; /node lists the nodes, and goes on with another",
      EXIT.internal,
    ],
  ],
  draftTooLong: [[
    { bytes: 70_000, bytesMax: 65_536 },
    "a draft takes at most 65536 bytes, and this one has 70000; it is not saved",
    EXIT.usage,
  ]],
  savedRefused: ([
    [{ kind: "format", format: 2, known: 1 }, "their format is 2, and this program knows 1"],
    [{ kind: "field", path: "" }, "the whole is nothing that this program saves"],
    [{ kind: "field", path: "messages[1].id" }, "messages[1].id is nothing that this program saves"],
    [
      { kind: "tooMany", path: "drafts", count: 501, max: 500 },
      "drafts has 501 entries, and at most 500 are read",
    ],
    [{ kind: "otherAccount", name: "bob" }, "they are of bob; log in as bob"],
    [{ kind: "otherCluster", cluster: "work" }, "they are of the cluster work"],
  ] as const).map(([problem, text]) =>
    [{ problem }, `the saved messages and drafts are not put back: ${text}`, EXIT.usage] as const
  ),
  deletedInPart: [[
    { count: 1, wanted: 2 },
    "deleted: 1 of 2 messages; the others are not there any more",
    EXIT.usage,
  ]],
};

Deno.test("noticeText() has words for every notice", () => {
  let checked = 0;
  for (const [kind, cases] of Object.entries(NOTICES)) {
    for (const [fields, text] of cases) {
      assertEquals(noticeText({ kind, ...fields } as Notice), text);
      checked++;
    }
  }
  console.log(`checked ${checked} notices`);
});

Deno.test("failureText() and failureStatus() have words and a status for every failure", () => {
  let checked = 0;
  for (const [kind, cases] of Object.entries(FAILURES)) {
    for (const [fields, text, status] of cases) {
      const failure = { kind, ...fields } as Failure;
      assertEquals([failureText(failure), failureStatus(failure)], [text, status]);
      checked++;
    }
  }
  console.log(`checked ${checked} failures`);
});

Deno.test("lossText() has words for every end of a connection", () => {
  const because = (reason: LossReason): string => lossText(reason);
  assertEquals(because({ kind: "broken", text: "connection reset" }), "connection reset");
  assertEquals(because({ kind: "leftUs", text: "maintenance" }), "maintenance");
  assertEquals(because({ kind: "movedTo", node: "node2" }), "going on with node2");
  assertEquals(because({ kind: "removed" }), "it is not in the cluster any more");
  assertEquals(
    because({ kind: "nonsense", nonsense: { kind: "wrongReply", request: "search", reply: "ok" } }),
    "its answers make no sense: it answers search with ok",
  );
  assertEquals(
    because({ kind: "nonsense", nonsense: { kind: "wrongId" } }),
    "its answers make no sense: it answers a message with the id of another one",
  );
});

Deno.test("leaveStatus() says how the program ends", () => {
  assertEquals(leaveStatus({ kind: "quit", unsent: 0 }), EXIT.ok);
  assertEquals(leaveStatus({ kind: "quit", unsent: 1 }), EXIT.noNode);
  assertEquals(leaveStatus({ kind: "notLoggedIn" }), EXIT.login);
  assertEquals(leaveStatus({ kind: "failed", failure: { kind: "nameInvalid", name: "" } }), EXIT.usage);
});

Deno.test("cannotAskText() names the flag that answers", () => {
  assertEquals(cannotAskText({ kind: "name" }), "nobody can be asked for a name here; --user NAME says it");
  assertEquals(
    cannotAskText({ kind: "password", name: "alice" }),
    "nobody can be asked here (password for alice); --password-file FILE gives a password",
  );
});
