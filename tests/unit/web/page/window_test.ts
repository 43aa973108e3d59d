import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { historyRows } from "../../../../client/web/page/history_rows.ts";
import { windowOf } from "../../../../client/web/page/opened.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

/** The node has this many messages, of which the newest page is told first. */
const STORED = 600;

type Step =
  | { readonly kind: "nearTop" | "nearEnd" | "toBottom" | "lastMessage" | "firstMessage" | "send" }
  | { readonly kind: "atBottom"; readonly isAtBottom: boolean }
  | { readonly kind: "stepMessage"; readonly by: -1 | 1 }
  | { readonly kind: "push"; readonly count: number }
  | { readonly kind: "deleted" | "openAt"; readonly part: number };

const part = fc.double({ min: 0, max: 1, noNaN: true });
const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.constantFrom<Step>(
      { kind: "nearTop" },
      { kind: "nearEnd" },
      { kind: "toBottom" },
      { kind: "lastMessage" },
      { kind: "firstMessage" },
      { kind: "send" },
      { kind: "atBottom", isAtBottom: true },
      { kind: "atBottom", isAtBottom: false },
      { kind: "stepMessage", by: -1 },
      { kind: "stepMessage", by: 1 },
    ),
    fc.integer({ min: 1, max: 120 }).map((count): Step => ({ kind: "push", count })),
    part.map((each): Step => ({ kind: "deleted", part: each })),
    part.map((each): Step => ({ kind: "openAt", part: each })),
  ),
  { minLength: 15, maxLength: 40 },
);

const STORED_MESSAGES = Array.from(
  { length: STORED },
  (_, index) => told(index + 1, "bob", "alice", { senderAccount: "b0b1", status: "read" }),
);

/** Answers the pages of the history that were asked for. */
function answer(page: FakePage, newest: number): void {
  for (let { asked: [first] } = page; first !== undefined; [first] = page.asked) {
    if (first.name !== "listMessages") {
      page.reply(first.name, "ok", null);
      continue;
    }
    const { before, limit = 50 } = first.payload as { before?: string; limit?: number };
    const end = before === undefined ? STORED : Number(before.slice(-12)) - 1;
    if (end > newest) throw new Error(`nobody was told of ${end}`);
    const messages = STORED_MESSAGES.slice(Math.max(0, end - limit), end);
    page.reply("listMessages", "messages", { messages, more: end - limit > 0 });
  }
}

function carryOut(page: FakePage, step: Step, numbers: { next: number }): void {
  const known = page.document;
  switch (step.kind) {
    case "push":
      for (let count = 0; count < step.count; count++) {
        page.push(told(numbers.next++, "bob", "alice", { senderAccount: "b0b1" }));
      }
      return;
    case "deleted":
    case "openAt": {
      const id = uuid(known[Math.floor(step.part * (known.length - 1))] ?? 1);
      if (step.kind === "openAt") return page.act({ kind: "openAt", id });
      return page.give({ kind: "push", push: { name: "deleted", payload: { ids: [id], by: "bob" } } });
    }
    case "send":
      page.act({ kind: "typed", text: "hello" });
      return page.act({ kind: "send" });
    default:
      return page.act(step);
  }
}

/** The document is a bounded part of the history without a gap, and each of its rows has a key of its own. */
function assertWindow(page: FakePage): void {
  const { opened } = page.page;
  assert(opened !== undefined);
  const { messages, above, below } = windowOf(page.model, opened);
  const history = page.model.messages.history(opened.chat);
  assert(messages.length <= 200, `${messages.length} messages`);
  assertEquals(history.slice(above, above + messages.length), messages);
  assertEquals(above + messages.length + below, history.length);
  assert(messages.length > 0 || history.length === 0, "nothing is shown of a history");
  const keys = historyRows(page.page, opened).map(({ key }) => key);
  assertEquals(new Set(keys).size, keys.length);
  if (opened.isAtBottom) assertEquals(below, 0);
}

Deno.test("the document is a bounded part of the history, whatever happens", () => {
  let steps = 0;
  fc.assert(
    fc.property(STEPS, (story) => {
      const page = new FakePage();
      page.enter({ with: "bob", unread: 0, last: STORED_MESSAGES[STORED - 1] ?? told(1, "bob", "alice") });
      page.open("bob", STORED_MESSAGES.slice(-50), true);
      const numbers = { next: STORED + 1 };
      for (const step of story) {
        carryOut(page, step, numbers);
        assertWindow(page);
        answer(page, STORED);
        assertWindow(page);
        steps++;
      }
    }),
    { numRuns: 30 },
  );
  console.log(`${steps} steps in 30 stories`);
});
