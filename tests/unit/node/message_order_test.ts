import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { parseEntry } from "../../../server/core/entry_text.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { ClashingClocks, PEOPLE } from "../../testing/clashing_clocks.ts";
import { NodeHarness, START_MS } from "../../testing/node_harness.ts";
import { stateDigest } from "../../testing/state_digest.ts";

const RUNS = 300;
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000;

const node = fc.nat({ max: 2 });
const person = fc.constantFrom(...PEOPLE);
const pick = fc.nat({ max: 1_000 });

/** Offsets of a clock: a little, about the bounds of a second and a minute, ten years. */
const offsetMs = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.integer({ min: -90_000, max: 90_000 }),
  fc.integer({ min: -TEN_YEARS_MS, max: TEN_YEARS_MS }),
);

type Step =
  | { readonly kind: "send"; readonly node: number; readonly from: string; readonly to: string }
  | { readonly kind: "resend"; readonly node: number; readonly pick: number }
  | { readonly kind: "delete"; readonly node: number; readonly name: string; readonly pick: number }
  | { readonly kind: "deliver"; readonly from: number; readonly to: number; readonly origin: number }
  | { readonly kind: "clock"; readonly node: number; readonly offsetMs: number }
  | { readonly kind: "pass"; readonly node: number; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("send"), node, from: person, to: person }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("resend"), node, pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete"), node, name: person, pick }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("deliver"), from: node, to: node, origin: node }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("clock"), node, offsetMs }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass"), node, ms: fc.nat({ max: 400 }) }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 20, maxLength: 60 },
);

interface Sent {
  readonly id: string;
  readonly node: number;
  readonly from: string;
  readonly to: string;
  readonly timestamp: number;
  /** Ids of the messages that were shown to its sender before. */
  readonly shown: readonly string[];
}

/** Three nodes with three people, and all that these have been shown. */
class Story {
  readonly nodes = new ClashingClocks();
  readonly sent: Sent[] = [];
  /** Ids that a person has been shown at a node, with messages that are hidden now. */
  readonly #shown = new Map<string, Set<string>>();

  #look(node: number, name: string, other: string): Set<string> {
    const key = `${node} ${name} ${other}`;
    const shown = this.#shown.get(key) ?? new Set();
    this.#shown.set(key, shown);
    for (const { id } of this.nodes.conversation(node, name, other)) shown.add(id);
    return shown;
  }

  take(step: Step): void {
    const { nodes, sent } = this;
    switch (step.kind) {
      case "send": {
        const { node, from, to } = step;
        const shown = [...this.#look(node, from, to)];
        const id = nodes.newId();
        sent.push({ id, node, from, to, shown, timestamp: nodes.send(node, from, to, id) });
        return;
      }
      case "resend": {
        const again = sent[step.pick % sent.length];
        if (again === undefined || this.#isGone(again.node, again.id)) return;
        assertEquals(nodes.send(again.node, again.from, again.to, again.id), again.timestamp);
        return;
      }
      case "delete": {
        const { id } = sent[step.pick % sent.length] ?? {};
        if (id !== undefined) nodes.client(step.node, step.name).ask("deleteMessages", { ids: [id] });
        return;
      }
      case "deliver":
        return nodes.deliver(step.from, step.to, step.origin, 3);
      case "clock":
        return this.#setClock(step.node, START_MS + step.offsetMs);
      case "pass":
        return nodes.nodes[step.node]?.pass(step.ms);
    }
  }

  #isGone(node: number, id: string): boolean {
    return this.nodes.nodes[node]?.state.messages.withId(id).some(({ deleted }) => deleted) ?? false;
  }

  #setClock(node: number, wallMs: number): void {
    const harness = this.nodes.nodes[node];
    if (harness) harness.time.wallMs = wallMs;
  }
}

const PAIRS = PEOPLE.flatMap((name) => PEOPLE.map((other) => [name, other] as const));

function checkEqualNodes({ nodes }: Story): void {
  const digests = nodes.nodes.map(({ state }) => stateDigest(state));
  assertEquals(digests.slice(1), [digests[0], digests[0]]);
  for (const { log } of nodes.nodes) assertEquals(stateDigest(replayed(log.written)), digests[0]);
}

/** The state that a log gives at the next start. */
function replayed(written: readonly string[]): State {
  const state = new State();
  for (const text of written) {
    const entry = parseEntry(text);
    assert(typeof entry === "object");
    evolve(state, entry);
  }
  return state;
}

/** Returns the number of answers that are still visible with their question. */
function checkAnswers({ nodes, sent }: Story): number {
  let answers = 0;
  for (const { id, from, to, shown, timestamp } of sent) {
    for (const [name, other] of [[from, to], [to, from]] as const) {
      const messages = nodes.conversation(0, name, other);
      const ids = messages.map((message) => message.id);
      const place = ids.indexOf(id);
      if (place < 0) continue;
      assertEquals(messages[place]?.timestamp, timestamp);
      for (const before of shown.filter((each) => ids.includes(each))) {
        assert(
          ids.indexOf(before) < place,
          `${name} sees ${id} before ${before}, which ${from} had been shown`,
        );
        answers++;
      }
    }
  }
  return answers;
}

function checkPages({ nodes }: Story): void {
  for (const [name, other] of PAIRS) {
    const all = nodes.conversation(0, name, other);
    for (const node of [1, 2]) assertEquals(nodes.conversation(node, name, other), all);
    assertEquals(
      all.map(({ timestamp }) => timestamp),
      all.map(({ timestamp }) => timestamp).sort(ascending),
    );
    for (const [i, { id }] of all.entries()) {
      const before = nodes.client(0, name).ask("listMessages", { with: other, before: id, limit: 500 });
      assertEquals(before.payload, { messages: all.slice(0, i), more: false });
      const after = nodes.client(0, name).ask("listMessages", { with: other, after: id, limit: 500 });
      assertEquals(after.payload, { messages: all.slice(i + 1), more: false });
    }
  }
}

function checkLists({ nodes }: Story): void {
  for (const name of PEOPLE) {
    const chats = nodes.client(0, name).ask("listChats", {});
    assert(chats.name === "chats");
    const lasts = chats.payload.chats.map(({ last }) => last.timestamp);
    assertEquals(lasts, [...lasts].sort(ascending).reverse());
    for (const { with: other, last } of chats.payload.chats) {
      assertEquals(last, nodes.conversation(0, name, other).at(-1));
    }
    const backlog = nodes.client(0, name).ask("listMessages", { undelivered: true, limit: 500 });
    assert(backlog.name === "messages" && "more" in backlog.payload);
    const waiting = backlog.payload.messages.map(({ timestamp }) => timestamp);
    assertEquals(waiting, [...waiting].sort(ascending));
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

Deno.test("an answer stands behind what its sender had been shown, whatever the clocks of the nodes do", () => {
  const seen = { sent: 0, answers: 0, withTime: 0, byStamp: 0 };
  fc.assert(
    fc.property(steps, (all) => {
      const story = new Story();
      for (const step of all) story.take(step);
      for (let round = 0; round < 2; round++) story.nodes.deliverAll();
      checkEqualNodes(story);
      seen.answers += checkAnswers(story);
      checkPages(story);
      checkLists(story);
      seen.sent += story.sent.length;
      for (const entry of story.nodes.nodes[0]?.log.synced ?? []) {
        if (entry.type === "messageSent") seen[entry.at === undefined ? "byStamp" : "withTime"]++;
      }
    }),
    { numRuns: RUNS, seed: 17 },
  );
  console.log(`${RUNS} stories: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, RUNS, what);
});

Deno.test("a clock that was ten years ahead once leaves later messages their own time", () => {
  const harness = new NodeHarness();
  const [ann, bob] = ["ann", "bob", "cy"].map((name) => harness.login(name));
  const send = (to: string): number => {
    const reply = ann?.ask("sendMessage", { to, content: "hey" });
    return reply?.name === "sent" ? reply.payload.timestamp - START_MS / 1_000 : NaN;
  };
  harness.time.wallMs += TEN_YEARS_MS;
  assertEquals(send("bob"), TEN_YEARS_MS / 1_000);
  harness.time.wallMs = START_MS + 1_000;
  assertEquals(send("cy"), 1);
  assertGreater(send("bob"), TEN_YEARS_MS / 1_000);
  assertEquals(send("ann"), 1);
  const stamps = harness.log.synced.map(({ stamp }) => stamp);
  assertEquals(stamps, [...stamps].sort(ascending));
  const later = new NodeHarness({}, replayed(harness.log.written));
  assertEquals(stateDigest(later.state), stateDigest(harness.state));
  const chats = bob?.ask("listChats", {});
  assertEquals(chats?.name === "chats" && chats.payload.chats.map((chat) => chat.with), ["ann"]);
});

Deno.test("messages of one millisecond keep the order in which they were sent", () => {
  for (const aheadMs of [0, 50, 3_600_000]) {
    const harness = new NodeHarness();
    const ann = harness.login("ann");
    const bob = harness.login("bob");
    harness.time.wallMs += aheadMs;
    ann.tell("sendMessage", { to: "ann", content: "the stamp goes ahead" });
    harness.time.wallMs -= aheadMs;
    const texts = Array.from({ length: 100 }, (_, i) => `message ${i}`);
    for (const content of texts) ann.request("sendMessage", { to: "bob", content });
    harness.settle();
    const reply = bob.ask("listMessages", { with: "ann", limit: 500 });
    assert(reply.name === "messages" && "more" in reply.payload);
    assertEquals(reply.payload.messages.map(({ content }) => content), texts);
    const written = harness.log.written.filter((text) => text.includes(`"at":`)).length;
    assertEquals(written, aheadMs > 100 ? texts.length : 0);
  }
});
