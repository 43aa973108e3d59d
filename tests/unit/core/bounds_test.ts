import { assert, assertEquals, assertMatch } from "@std/assert";
import { DEFAULT_LIMITS, type Limits } from "../../../common/limits.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { isRefusal, type Refusal } from "../../../server/core/decision.ts";
import { decideSend } from "../../../server/core/messages/send.ts";
import { FoldedState } from "../../testing/folded_state.ts";

const OFF = { ...DEFAULT_LIMITS, inboxMessages: 0, inboxBytes: 0, storedBytes: 0 };

/** Bytes that a message counts beside its content. */
const OVERHEAD = 1_024;

const DAY_MS = 86_400_000;

/** 21:30 UTC. */
const WALL_MS = 20_000 * DAY_MS + 77_400_000;

/** A state whose people send by the rules, at one moment. */
class Stage {
  readonly folded = new FoldedState();
  readonly ann = this.folded.register("ann");
  readonly bob = this.folded.register("bob");
  #ids = 0;

  constructor(readonly limits: Partial<Limits>, public wallMs = WALL_MS) {}

  /** Sends; returns the refusal, or the id of the stored message. */
  send(content = "hey", { from = this.ann, to = this.bob, id = `m${++this.#ids}` } = {}): Refusal | string {
    const command = { sender: from, to: to.name, content, id, wallMs: this.wallMs };
    const decision = decideSend(this.folded.state, command, { ...OFF, ...this.limits }, 1);
    if (isRefusal(decision)) return decision;
    for (const event of decision.events) this.folded.apply(event, { stamp: this.wallMs * 1_000 });
    assertEquals(decision.reply([]).name, "sent");
    return id;
  }

  /** Sends and returns the code of the refusal, or `sent`. */
  told(...args: Parameters<Stage["send"]>): string {
    const outcome = this.send(...args);
    return typeof outcome === "string" ? "sent" : outcome.code;
  }

  /** Sends what is refused. */
  refused(...args: Parameters<Stage["send"]>): Refusal {
    const outcome = this.send(...args);
    assert(typeof outcome === "object", `${outcome} was stored`);
    return outcome;
  }
}

Deno.test("decideSend() refuses the message after inboxMessages, until one is read, hidden or deleted", () => {
  const stage = new Stage({ inboxMessages: 3 });
  const { ann, bob, folded } = stage;
  for (let count = 0; count < 3; count++) assertEquals(stage.told(), "sent");
  const { code, message, retryAfter } = stage.refused();
  assertEquals([code, retryAfter], ["inbox-full", undefined]);
  assertMatch(
    message,
    /^bob has 3 unread messages and the limit is 3 \(inboxMessages\); send it again once bob /,
  );
  for (const mark of ["messagesRead", "messagesHidden", "messagesDeleted"] as const) {
    folded.mark(mark, ann, bob, mark === "messagesRead" ? "m1" : mark === "messagesHidden" ? "m2" : "m3");
    assertEquals([stage.told(), stage.told()], ["sent", "inbox-full"], mark);
  }
  folded.mark("messagesDelivered", ann, bob, "m5");
  assertEquals(stage.told(), "inbox-full", "delivered is not read");
});

Deno.test("decideSend() never lets the unread contents pass inboxBytes of UTF-8", () => {
  const stage = new Stage({ inboxBytes: 10 });
  assertEquals(stage.told("€€"), "sent");
  assertEquals(stage.told("12345"), "inbox-full");
  const { message } = stage.refused("€é");
  assertMatch(
    message,
    /^the unread messages of bob have 6 bytes, this one has 5, .* limit is 10 \(inboxBytes\); /,
  );
  assertEquals([stage.told("1234"), stage.told("1")], ["sent", "inbox-full"]);
  stage.folded.mark("messagesRead", stage.ann, stage.bob, "m1");
  assertEquals([stage.told("123456"), stage.told("1"), stage.bob.unreadBytes], ["sent", "inbox-full", 10]);
});

Deno.test("decideSend() refuses what would pass storedBytes of the day, and says when there is room", () => {
  const stage = new Stage({ storedBytes: 2 * OVERHEAD + 10 });
  assertEquals([stage.told("12345"), stage.told("123456"), stage.told("12345")], ["sent", "quota", "sent"]);
  const { message, retryAfter } = stage.refused("1");
  assertMatch(
    message,
    /^you have stored 2058 bytes today, this message takes 1025, .* is 2058 \(storedBytes\); try again in 2 h 30 min, after 00:00 UTC$/,
  );
  assertEquals(retryAfter, 9_000);
  assertEquals(stage.told("1", { from: stage.bob, to: stage.ann }), "sent", "bob has a quota of his own");
  stage.wallMs += 9_000_000 - 1;
  assertEquals(stage.refused("1").retryAfter, 1);
  stage.wallMs += 1;
  assertEquals(stage.told("1"), "sent", "the next day");
});

Deno.test("decideSend() tells who sends more than any inbox or day takes that waiting does not help", () => {
  const inbox = new Stage({ inboxBytes: 10 }).refused("12345678901");
  assertEquals([inbox.code, inbox.retryAfter], ["content-too-long", undefined]);
  assertMatch(
    inbox.message,
    /^this message has 11 bytes, and an inbox takes 10 \(inboxBytes\); send it in several /,
  );
  const stage = new Stage({ storedBytes: OVERHEAD + 10 });
  const day = stage.refused("12345678901");
  assertEquals([day.code, day.retryAfter], ["content-too-long", undefined]);
  assertMatch(
    day.message,
    /^this message takes 1035 bytes of 1034 in a day \(storedBytes\); send it in several /,
  );
  assertEquals([stage.told("1234567890"), stage.told("1")], ["sent", "quota"]);
});

Deno.test("decideSend() counts a content against storedBytes as the log has it, and marks and deletions nothing", () => {
  const stage = new Stage({ storedBytes: 4 * OVERHEAD });
  const content = '\u0001"\\\n€';
  assertEquals(JSON.stringify(content).length - 2, 13);
  stage.send(content);
  const stored = (): number => stage.ann.stored.on(20_000);
  assertEquals(stored(), OVERHEAD + 15);
  const ids = ["m1"];
  for (const mark of ["messagesDelivered", "messagesRead", "messagesHidden", "messagesDeleted"] as const) {
    stage.folded.mark(mark, stage.ann, stage.bob, ...ids);
  }
  assertEquals([stored(), stage.bob.stored.on(20_000)], [OVERHEAD + 15, 0]);
});

Deno.test("decideSend() has no bound that is 0", () => {
  const stage = new Stage({});
  for (let count = 0; count < 300; count++) assertEquals(stage.told("x".repeat(16_384)), "sent");
  assertEquals([stage.bob.unread, stage.bob.unreadBytes], [300, 300 * 16_384]);
});

Deno.test("decideSend() answers a repetition as before, and refuses for better reasons first, at full bounds", () => {
  const full = { inboxMessages: 1, inboxBytes: 3, storedBytes: OVERHEAD + 3 };
  const stage = new Stage(full);
  assertEquals(stage.told(), "sent");
  assertEquals(stage.told("hey", { id: "m1" }), "sent", "the same again");
  assertEquals(stage.told("ho", { id: "m1" }), "id-conflict");
  assertEquals(stage.told(""), "content-empty");
  assertEquals(stage.told("x".repeat(16_385)), "content-too-long");
  const gone = stage.folded.register("gone");
  stage.folded.apply({ type: "accountDeleted", account: gone.id });
  assertEquals(stage.told("hey", { to: gone }), "unknown-user");
  assertEquals(stage.told(), "inbox-full", "the inbox comes before the quota");
  assertEquals([stage.bob.unread, stage.folded.state.messages.size], [1, 1]);
});

Deno.test("decideSend() takes messages to oneself into no inbox, and against the quota", () => {
  const stage = new Stage({ inboxMessages: 1, inboxBytes: 1, storedBytes: 2 * OVERHEAD + 6 });
  const note = { to: stage.ann };
  assertEquals([stage.told("hey", note), stage.told("hey", note), stage.told("1", note)], [
    "sent",
    "sent",
    "quota",
  ]);
});

Deno.test("evolve() gives the inbox its bytes back when a sender's account is deleted", () => {
  const stage = new Stage({ inboxBytes: 10 });
  const cid: Account = stage.folded.register("cid");
  assertEquals([stage.told("12345"), stage.told("123", { from: cid })], ["sent", "sent"]);
  stage.folded.apply({ type: "accountDeleted", account: stage.ann.id });
  assertEquals([stage.bob.unread, stage.bob.unreadBytes], [1, 3]);
  assertEquals([stage.told("1234567", { from: cid }), stage.told("1", { from: cid })], [
    "sent",
    "inbox-full",
  ]);
  stage.folded.apply({ type: "accountDeleted", account: cid.id });
  assertEquals([stage.bob.unread, stage.bob.unreadBytes], [0, 0]);
});
