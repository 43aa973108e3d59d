import { assertEquals, assertLessOrEqual } from "@std/assert";
import { DEFAULT_LIMITS, type Limits } from "../../../common/limits.ts";
import { encodeOriginalReply, encodeReply } from "../../../common/protocol/codec.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { HEADER_BYTES } from "../../../common/wire/frame.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { allNames, decideListUsers, listAllUsers } from "../../../server/core/accounts/users.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { decideListChats } from "../../../server/core/messages/chats.ts";
import { concatenated } from "../../testing/concatenated.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { wholeOf } from "../../testing/whole_of.ts";

/** Names on a page, followed by `+` if there are more. */
function users(
  folded: FoldedState,
  account: Account,
  page: RequestPayload<"listUsers">,
  limits: Limits = DEFAULT_LIMITS,
): string {
  const outcome = wholeOf(decideListUsers(folded.state, account, page, () => false, limits));
  if (isRefusal(outcome)) return outcome.code;
  const reply = outcome.reply([]);
  if (reply.name !== "users") throw new Error(reply.name);
  if (reply.payload.users.length > 1) {
    assertLessOrEqual(encodeReply(reply).length - HEADER_BYTES, limits.frameBytes);
  }
  return reply.payload.users.map((user) => user.name).join(" ") + (reply.payload.more ? " +" : "");
}

function chats(
  folded: FoldedState,
  account: Account,
  page: RequestPayload<"listChats">,
  limits: Limits = DEFAULT_LIMITS,
): string {
  const outcome = wholeOf(decideListChats(folded.state, account, page, limits));
  if (isRefusal(outcome)) return outcome.code;
  const reply = outcome.reply([]);
  if (reply.name !== "chats") throw new Error(reply.name);
  if (reply.payload.chats.length > 1) {
    assertLessOrEqual(encodeReply(reply).length - HEADER_BYTES, limits.frameBytes);
  }
  return reply.payload.chats.map((chat) => `${chat.with}:${chat.last.id}:${chat.unread}`).join(" ") +
    (reply.payload.more ? " +" : "");
}

Deno.test("decideListUsers() lists everybody by the name in lower case, oneself included", () => {
  const folded = new FoldedState();
  const [, ann] = ["Zoe", "ann", "Bob", "b.c", "b-c", "B_c"].map((name) => folded.register(name));
  if (ann === undefined) return;
  assertEquals(users(folded, ann, {}), "ann b-c b.c B_c Bob Zoe");
  assertEquals(users(folded, ann, { match: "B*" }), "b-c b.c B_c Bob");
  assertEquals(users(folded, ann, { match: "b?c" }), "b-c b.c B_c");
  assertEquals(users(folded, ann, { match: "*O*" }), "Bob Zoe");
  assertEquals(users(folded, ann, { match: "nobody" }), "");
  assertEquals(users(folded, ann, { after: "B_C" }), "Bob Zoe");
  assertEquals(users(folded, ann, { after: "b0", limit: 1 }), "B_c +");
  assertEquals(users(folded, ann, { limit: 6 }), "ann b-c b.c B_c Bob Zoe");
  assertEquals(users(folded, ann, { limit: 5 }), "ann b-c b.c B_c Bob +");
  assertEquals(users(folded, ann, { match: "b*", after: "b.c", limit: 1 }), "B_c +");
  for (const limit of [0, 501]) assertEquals(users(folded, ann, { limit }), "bad-request");
  assertEquals(users(folded, ann, { match: "*".repeat(256) }).length, 23);
  assertEquals(users(folded, ann, { match: "*".repeat(257) }), "bad-request");
});

Deno.test("decideListUsers() counts what is unread from each and says who is online", () => {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  folded.send(bob, ann, "m1");
  folded.send(bob, ann, "m2");
  folded.mark("messagesRead", bob, ann, "m1");
  folded.send(ann, bob, "m3");
  const outcome = wholeOf(
    decideListUsers(folded.state, ann, {}, (account) => account === bob, DEFAULT_LIMITS),
  );
  assertEquals(isRefusal(outcome) ? outcome : outcome.reply([]).payload, {
    users: [
      { name: "ann", unread: 0, online: false, account: ann.id },
      { name: "bob", unread: 1, online: true, account: bob.id },
    ],
    more: false,
  });
});

Deno.test("decideListUsers() pages through many, ending pages at the frame limit too", () => {
  const folded = new FoldedState();
  const names = Array.from(
    { length: 120 },
    (_, i) => `user-with-a-rather-long-name-${String(i).padStart(3, "0")}`,
  );
  const [me] = names.map((name) => folded.register(name));
  if (me === undefined) return;
  assertEquals(users(folded, me, {}).split(" ").length, 101, "100 and more");
  const limits = { ...DEFAULT_LIMITS, frameBytes: 600 };
  const seen: string[] = [];
  for (let more = true; more;) {
    const page = users(folded, me, seen.length === 0 ? {} : { after: seen.at(-1) ?? "" }, limits).split(" ");
    more = page.at(-1) === "+";
    seen.push(...(more ? page.slice(0, -1) : page));
  }
  assertEquals(seen, names);
});

Deno.test("listAllUsers() and allNames() end where a reply of the original dialect is full", () => {
  const folded = new FoldedState();
  const people = Array.from({ length: 50 }, (_, i) => folded.register(`user${i}`));
  const [me] = people;
  if (me === undefined) return;
  const all = concatenated(wholeOf(listAllUsers(folded.state, me, DEFAULT_LIMITS)));
  const unread = new Map(people.map(({ name }) => [name, 0] as const));
  assertEquals(all, encodeOriginalReply({ name: "users", payload: unread }));
  assertEquals(wholeOf(allNames(folded.state, DEFAULT_LIMITS)).length, 50);
  const limits = { ...DEFAULT_LIMITS, replyBytes: 500 };
  const part = concatenated(wholeOf(listAllUsers(folded.state, me, limits)));
  assertLessOrEqual(part.length - HEADER_BYTES, 500);
  const names = wholeOf(allNames(folded.state, limits));
  const fitting = new Map(names.map((name) => [name, 0] as const));
  assertEquals(part, encodeOriginalReply({ name: "users", payload: fitting }));
  assertEquals(names.length > 20 && names.length < 50, true);
});

Deno.test("decideListChats() lists conversations, the one with the newest message first", () => {
  const folded = new FoldedState();
  const [ann, bob, cy, di] = ["ann", "bob", "cy", "di"].map((name) => folded.register(name));
  if (!ann || !bob || !cy || !di) return;
  folded.send(bob, ann, "m1");
  folded.send(ann, cy, "m2");
  folded.send(di, ann, "m3");
  folded.send(bob, ann, "m4");
  folded.send(ann, ann, "m5");
  assertEquals(chats(folded, ann, {}), "ann:m5:0 bob:m4:2 di:m3:1 cy:m2:0");
  assertEquals(chats(folded, ann, { limit: 2 }), "ann:m5:0 bob:m4:2 +");
  assertEquals(chats(folded, ann, { before: "BOB", limit: 2 }), "di:m3:1 cy:m2:0");
  assertEquals(chats(folded, ann, { before: "cy" }), "");
  assertEquals(chats(folded, ann, { before: "nobody" }), "unknown-user");
  assertEquals(chats(folded, bob, { before: "cy" }), "unknown-user");
  for (const limit of [0, 501]) assertEquals(chats(folded, ann, { limit }), "bad-request");

  folded.mark("messagesHidden", bob, ann, "m4");
  assertEquals(chats(folded, ann, { limit: 2 }), "ann:m5:0 di:m3:1 +");
  assertEquals(chats(folded, bob, {}), "ann:m4:0");
  folded.mark("messagesDeleted", ann, cy, "m2");
  assertEquals(chats(folded, cy, {}), "");
  folded.apply({ type: "accountDeleted", account: bob.id });
  assertEquals(chats(folded, ann, {}), "ann:m5:0 di:m3:1");
});

Deno.test("decideListChats() ends a page at the frame limit, and gives at least one", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  for (let i = 0; i < 5; i++) folded.send(folded.register(`user${i}`), ann, `m${i}`, "x".repeat(1_000));
  assertEquals(chats(folded, ann, {}, { ...DEFAULT_LIMITS, frameBytes: 3_000 }), "user4:m4:1 user3:m3:1 +");
  assertEquals(chats(folded, ann, {}, { ...DEFAULT_LIMITS, frameBytes: 512 }), "user4:m4:1 +");
});
