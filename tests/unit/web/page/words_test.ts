import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Failure } from "../../../../client/core/failures.ts";
import type { Notice } from "../../../../client/core/notices.ts";
import { accountIsDisabled } from "../../../../server/core/accounts/endings.ts";
import { EN } from "../../../../client/web/texts/en.ts";
import { failureText, noticeText, refusalText } from "../../../../client/web/texts/en_news.ts";

type Fields<Union extends { kind: string }, Kind> = Omit<Extract<Union, { kind: Kind }>, "kind">;

const refusal = { code: "busy", message: "too many requests wait" } as const;
const named = { id: "x", number: 1 };

/** Fields of every failure, and a part of its words: one without a row fails deno check. */
const FAILURES: { readonly [Kind in Failure["kind"]]: readonly [Fields<Failure, Kind>, string] } = {
  refused: [{ refusal }, "Too many requests wait."],
  loginRefused: [{ refusal }, "wait. This page tries again every few seconds."],
  notSent: [{ ...named, to: "bob", refusal }, "to bob was not sent: Too many requests wait."],
  held: [{ ...named, to: "bob" }, "whoever is called bob now is somebody else"],
  notHeld: [named, "not held"],
  replyLost: [{}, "Try again."],
  versionUnknown: [{ node: "node1", version: 3 }, "version 3"],
  nameInvalid: [{ name: "-" }, "1 to 32"],
  nameTaken: [{ name: "bob" }, "bob is taken"],
  nameUnknown: [{ name: "bob", atStart: false }, "nobody called bob"],
  accountGone: [{ name: "bob" }, "bob is gone"],
  passwordWrong: [{ name: "bob", final: true }, "password of bob"],
  passwordLength: [{ bytes: 3, bytesMin: 8, bytesMax: 72 }, "8 to 72 bytes; this one has 3"],
  passwordsDiffer: [{}, "differ"],
  unsent: [{ count: 2, mayBeStored: 1, account: "alice" }, "2 messages of alice"],
  heldUnsent: [{ count: 1, account: undefined }, "1 message for accounts"],
  beingSent: [named, "once it is sent"],
  unable: [{ node: undefined, feature: "search" }, "This node cannot search"],
  draftTooLong: [{ bytes: 70_000, bytesMax: 65_536 }, "65,536"],
  savedRefused: [{ problem: { kind: "field", path: "of" } }, "set aside"],
  deletedInPart: [{ count: 1, wanted: 2 }, "1 of 2"],
};

Deno.test("failureText() has a sentence for every failure", () => {
  for (const [kind, [fields, part]] of Object.entries(FAILURES)) {
    const text = failureText({ kind, ...fields } as Failure);
    assert(text.includes(part), `${kind}: ${text}`);
    assertMatch(text, /^[A-Z0-9a-z].*\.$/s);
    assert(!text.includes("/"), `${kind} names a command: ${text}`);
  }
  console.log(`${Object.keys(FAILURES).length} failures in words`);
});

/** Notices that the page tells in words. */
const NOTICES: readonly (readonly [Notice, string])[] = [
  [{ kind: "connected", node: "node1", missed: undefined }, "Connected to node1."],
  [{ kind: "connected", node: "node1", missed: "node2" }, "Connected to node1; node2 is not there."],
  [{ kind: "foreignNode", place: "there", cluster: "c" }, "Nothing is sent there."],
  [{ kind: "loggedOut", name: "alice" }, "alice is logged out."],
  [{ kind: "loggedOutHere", name: "alice" }, "logged out here. No node has heard of it"],
  [{ kind: "logoutHeard", name: "alice" }, "A node has heard that alice is logged out."],
  [{ kind: "sessionEnded", name: "alice" }, "Type the password again."],
  [{ kind: "passwordChanged" }, "All other devices are logged out."],
  [{ kind: "accountRenamed", from: "alice", to: "alice~node2" }, "called alice~node2 now"],
  [{ kind: "accountDeleted", name: "alice" }, "gone."],
  [{ kind: "userRenamed", from: "bob", to: "bob~node2" }, "bob is called bob~node2 now."],
  [{ kind: "userDeleted", name: "bob" }, "bob was deleted"],
  [{ kind: "namePassedOn", name: "bob" }, "somebody else than before"],
  [{ kind: "accountBack", name: "bob", count: 1 }, "1 message is sent now."],
  [{ kind: "putBack", messages: 1, drafts: 1, leftOut: 2 }, "2 kept messages and drafts were unreadable or"],
  [{ kind: "messagesDeleted", count: 1 }, "1 message deleted."],
  [{ kind: "noChats", unreadOnly: true }, ""],
];

Deno.test("noticeText() has words for the notices that show nowhere else", () => {
  for (const [notice, part] of NOTICES) {
    const text = noticeText(notice);
    assert(text.includes(part), text);
    if (part === "") assertEquals(text, "");
  }
  console.log(`${NOTICES.length} notices in words`);
});

Deno.test("refusalText() says what a person can do about it", () => {
  const text = "there is no user bbo; LIST_USERS lists them";
  assertEquals(refusalText({ code: "unknown-user", message: text }), "There is no user bbo.");
  assertEquals(
    refusalText({ code: "too-many-sessions", message: "10 sessions are open" }),
    "10 sessions are open. Close a tab, or log out on another device.",
  );
  const { code, message } = accountIsDisabled();
  assertEquals(
    refusalText({ code, message }),
    "The operator of this server has disabled this account; ask them to enable it. Its messages are kept.",
  );
});

Deno.test("failureText() tells what a newer version has kept from what nobody can read", () => {
  const problem = { kind: "format", format: 2, known: 1 } as const;
  assertMatch(failureText({ kind: "savedRefused", problem }), /^A newer version .* for that version\.$/);
  const older = failureText({ kind: "savedRefused", problem: { ...problem, format: 0 } });
  assertMatch(older, /cannot be read/);
});

Deno.test("the texts count their things", () => {
  assertEquals(EN.title(0), "Chat");
  assertEquals(EN.title(1_204), "(1,204) Chat");
  assertEquals(EN.dialogs.logOutText(1).startsWith("One message was"), true);
  assertEquals(EN.dialogs.logOutText(2).startsWith("2 messages were"), true);
  assertEquals(EN.banner.waiting(1), "1 message waits to be sent.");
  assertEquals(EN.banner.waiting(2), "2 messages wait to be sent.");
  assertEquals(EN.chat.excess(1), "1 byte too long");
  assertEquals(
    EN.chat.excessNotKept(2, 65_536),
    "2 bytes too long. Over 65,536 bytes, a text is lost with a reload.",
  );
  assertEquals(
    EN.told.tooMuchToStore(1_000, 500, 65_536),
    "1,000 messages and 500 drafts, each of 65,536 bytes, are the most",
  );
});
