import { assertEquals } from "@std/assert";
import type { Change } from "../../../server/core/change.ts";
import type { Event } from "../../../server/core/events.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { react } from "../../../server/core/react.ts";
import { FoldedState, ORIGIN } from "../../testing/folded_state.ts";

const OTHER = "node2#cccccccccccc";

function pair(): { folded: FoldedState; ann: Account; bob: Account } {
  const folded = new FoldedState();
  return { folded, ann: folded.register("ann"), bob: folded.register("bob") };
}

function sent(from: Account, to: Account, content = "hey", id = "m1"): Event {
  return { type: "messageSent", id, from: from.id, to: to.id, content };
}

/** The pushes of changes, with their recipients: `bob message`. */
function heard(changes: readonly Change[]): string[] {
  return react(changes, 1_000).map(({ to, push, exceptAsker }) =>
    `${to.name} ${push.name}${exceptAsker ? " but the asker" : ""}`
  );
}

Deno.test("evolve() tells sender and recipient of a message once, also where it comes twice", () => {
  const { folded, ann, bob } = pair();
  const late = folded.apply(sent(ann, bob), { stamp: 50 });
  assertEquals(heard(late), ["bob message", "ann message but the asker"]);
  const early = folded.apply(sent(ann, bob, "hey"), { origin: OTHER, stamp: 40 });
  assertEquals(early, []);
  assertEquals(folded.state.messages.find(ann, bob, "m1")?.time, 40);
  assertEquals([bob.unread, bob.backlog.size, folded.state.messages.size], [1, 1, 1]);
});

Deno.test("evolve() gives an earlier copy of a message all that was said of the later one", () => {
  const { folded, ann, bob } = pair();
  folded.apply(sent(ann, bob, "later"), { stamp: 50 });
  folded.mark("messagesRead", ann, bob, "m1");
  folded.mark("messagesHidden", ann, bob, "m1");
  folded.apply(sent(ann, bob, "earlier"), { origin: OTHER, stamp: 40 });
  const message = folded.state.messages.find(ann, bob, "m1");
  assertEquals([message?.content, message?.progress, message?.hidden], ["earlier", 2, true]);
  assertEquals([bob.unread, bob.backlog.size], [0, 0]);
});

Deno.test("evolve() tells nobody of a message that was deleted before it arrived", () => {
  const { folded, ann, bob } = pair();
  folded.mark("messagesDeleted", ann, bob, "m1");
  assertEquals(folded.apply(sent(ann, bob), { origin: OTHER }), []);
  const message = folded.state.messages.find(ann, bob, "m1");
  assertEquals([message?.deleted, message?.content], [true, ""]);
  assertEquals([bob.unread, bob.backlog.size, folded.state.earlyMarks.size], [0, 0, 0]);
});

Deno.test("evolve() tells the sender alone of a message that its recipient hid before it arrived", () => {
  const { folded, ann, bob } = pair();
  folded.mark("messagesHidden", ann, bob, "m1");
  assertEquals(heard(folded.apply(sent(ann, bob), { origin: OTHER })), ["ann message but the asker"]);
  assertEquals([bob.unread, bob.backlog.size], [0, 0]);
});

Deno.test("evolve() keeps one id of two senders as two messages", () => {
  const { folded, ann, bob } = pair();
  folded.apply(sent(ann, bob, "from ann"));
  folded.apply(sent(bob, ann, "from bob"), { origin: OTHER });
  folded.mark("messagesDeleted", ann, bob, "m1");
  assertEquals(folded.state.messages.withId("m1").map((message) => message.content), ["", "from bob"]);
  assertEquals([ann.unread, bob.unread], [1, 0]);
  folded.apply({ type: "accountDeleted", account: bob.id });
  assertEquals([folded.state.messages.size, ann.unread], [0, 0]);
  assertEquals(folded.state.messages.withId("m1"), []);
});

Deno.test("evolve() never lets a status go back", () => {
  const { folded, ann, bob } = pair();
  folded.apply(sent(ann, bob));
  assertEquals(heard(folded.mark("messagesRead", ann, bob, "m1")), [
    "ann status",
    "bob status but the asker",
  ]);
  assertEquals(folded.mark("messagesDelivered", ann, bob, "m1"), []);
  assertEquals(folded.mark("messagesRead", ann, bob, "m1"), []);
  assertEquals(folded.state.messages.find(ann, bob, "m1")?.progress, 2);
});

Deno.test("evolve() deletes for both, or hides for one, and keeps nothing of what was deleted", () => {
  const { folded, ann, bob } = pair();
  folded.apply(sent(ann, bob, "hey", "m1"));
  folded.apply(sent(ann, bob, "ho", "m2"));
  const hidden = folded.mark("messagesHidden", ann, bob, "m1");
  assertEquals(heard(hidden), ["bob deleted but the asker"]);
  const deleted = folded.mark("messagesDeleted", ann, bob, "m1", "m2");
  assertEquals(heard(deleted), ["ann deleted but the asker", "bob deleted but the asker"]);
  const message = folded.state.messages.find(ann, bob, "m2");
  assertEquals([message?.content, message?.deleted], ["", true]);
});

Deno.test("evolve() passes over messages and marks of an account that was deleted", () => {
  const { folded, ann, bob } = pair();
  folded.mark("messagesRead", ann, bob, "m9");
  assertEquals(folded.state.earlyMarks.size, 1);
  const changes = folded.apply({ type: "accountDeleted", account: ann.id });
  assertEquals(changes.map((change) => change.type), ["accountGone"]);
  assertEquals(folded.apply(sent(ann, bob)), []);
  assertEquals(folded.apply(sent(bob, ann)), []);
  assertEquals(folded.mark("messagesDelivered", bob, ann, "m1"), []);
  assertEquals([folded.state.messages.size, folded.state.earlyMarks.size], [0, 0]);
});

Deno.test("evolve() keeps imported messages of one moment apart, and in the order of their ids", () => {
  const { folded, ann, bob } = pair();
  for (const id of ["m2", "m3", "m1"]) folded.apply({ ...sent(ann, bob, id, id), at: 5 } as Event);
  const conversation = ann.conversations.get(bob.id);
  assertEquals(conversation?.messages.map((message) => message.id), ["m1", "m2", "m3"]);
  folded.mark("messagesDeleted", ann, bob, "m2");
  assertEquals(conversation?.messages.map((message) => message.id), ["m1", "m3"]);
});

Deno.test("evolve() passes over an event that it does not know, and counts it as arrived", () => {
  const { folded } = pair();
  assertEquals(folded.apply({ type: "somethingNewer" } as unknown as Event), []);
  assertEquals(folded.state.version.get(ORIGIN)?.seq, 3);
});

Deno.test("evolve() settles a long backlog in any order", () => {
  const { folded, ann, bob } = pair();
  const ids = Array.from({ length: 200 }, (_, i) => `m${String(i).padStart(3, "0")}`);
  for (const id of ids) folded.apply(sent(ann, bob, "x", id));
  const settled = new Set<string>();
  for (const id of ids.filter((_, i) => i % 3 !== 1)) {
    folded.mark("messagesDelivered", ann, bob, id);
    settled.add(id);
    assertEquals(bob.backlog.size, ids.length - settled.size);
  }
  assertEquals([...bob.backlog].map((message) => message.id), ids.filter((id) => !settled.has(id)));
});
