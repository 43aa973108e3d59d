import { assert, assertEquals } from "@std/assert";
import fastCheck from "fast-check";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { scale } from "../../testing/scale.ts";
import { SlowPipe } from "../../testing/slow_pipe.ts";

const BOUNDS = {
  outboundBytesSoft: 2_000,
  outboundBytesHard: 4_000,
  messagesPerSecond: 0,
  bytesPerSecond: 0,
  sessionsPerAccount: 0,
};
const LIMITS = { ...DEFAULT_LIMITS, ...BOUNDS };

/** Interleavings that are tried. */
const RUNS = scale(300, 20_000);

/** The last message ids that an operation may name. */
const RECENT = 12;

type Operation =
  | { readonly do: "send"; readonly from: "ann" | "bob"; readonly length: number; readonly count: number }
  | { readonly do: "confirm" | "read" | "delete" | "hide"; readonly back: number; readonly count: number }
  | { readonly do: "flip" | "ask" | "turn" }
  | { readonly do: "take"; readonly who: "ann" | "bob"; readonly bytes: number };

const back = fastCheck.integer({ min: 1, max: RECENT });
const few = fastCheck.integer({ min: 1, max: 5 });
const who = fastCheck.constantFrom("ann" as const, "bob" as const);
const OPERATIONS: fastCheck.Arbitrary<Operation[]> = fastCheck.array(
  fastCheck.oneof(
    {
      weight: 4,
      arbitrary: fastCheck.record({
        do: fastCheck.constant("send" as const),
        from: who,
        length: fastCheck.oneof(fastCheck.constant(3), fastCheck.integer({ min: 1, max: 1_500 })),
        count: few,
      }),
    },
    {
      weight: 4,
      arbitrary: fastCheck.record({
        do: fastCheck.constantFrom("confirm" as const, "read" as const, "delete" as const, "hide" as const),
        back,
        count: few,
      }),
    },
    {
      weight: 2,
      arbitrary: fastCheck.record({
        do: fastCheck.constantFrom("flip" as const, "ask" as const, "turn" as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fastCheck.record({
        do: fastCheck.constant("take" as const),
        who,
        bytes: fastCheck.oneof(fastCheck.integer({ min: 1, max: 300 }), fastCheck.constant(5_000)),
      }),
    },
  ),
  { maxLength: 80, size: "max" },
);

/** Two accounts, each with a session that acts, one that reads at once, and one that stalls. */
class Scene {
  readonly harness = new NodeHarness(BOUNDS);
  readonly acting = { ann: this.harness.login("ann"), bob: this.harness.login("bob") };
  readonly cy = this.harness.login("cy");
  readonly fast = { ann: this.harness.login("ann"), bob: this.harness.login("bob") };
  readonly slow = { ann: this.harness.login("ann"), bob: this.harness.login("bob") };
  readonly pipes: { readonly ann: SlowPipe; readonly bob: SlowPipe };
  readonly #sent: string[] = [];
  #isCyThere = true;
  /** Requests of the slow sessions: PING and LIST_USERS in turn. */
  asked = 0;

  constructor() {
    for (const to of ["ann", "bob"]) this.cy.tell("sendMessage", { to, content: "hey" });
    this.harness.pass(PRESENCE_MS);
    for (const name of ["ann", "bob"] as const) {
      this.fast[name].takePushes();
      this.slow[name].takePushes();
    }
    this.pipes = { ann: new SlowPipe(this.slow.ann, LIMITS), bob: new SlowPipe(this.slow.bob, LIMITS) };
  }

  async perform(operation: Operation): Promise<void> {
    switch (operation.do) {
      case "send":
        return this.#send(operation.from, operation.length, operation.count);
      case "take":
        return await this.pipes[operation.who].read(operation.bytes);
      case "turn":
        return this.harness.settle();
      case "flip":
        return this.#flip();
      case "ask":
        if (this.asked++ % 2 === 0) this.slow.bob.request("ping", null);
        else this.slow.bob.request("listUsers", {});
        return;
      default:
        return this.#mark(operation.do, this.#sent.slice(-operation.back).slice(0, operation.count));
    }
  }

  #send(from: "ann" | "bob", length: number, count: number): void {
    const to = from === "ann" ? "bob" : "ann";
    for (let i = 0; i < count; i++) {
      const id = `00000000-0000-4000-8000-${String(this.#sent.length).padStart(12, "0")}`;
      this.acting[from].request("sendMessage", { to, content: "x".repeat(length), id });
      this.#sent.push(id);
    }
  }

  #mark(how: "confirm" | "read" | "delete" | "hide", ids: string[]): void {
    const { ann, bob } = this.acting;
    if (how === "confirm") bob.request("confirmDelivery", { ids });
    else if (how === "read") bob.request("readMessages", { with: "ann", ids });
    else if (how === "delete") ann.request("deleteMessages", { ids });
    else bob.request("deleteMessages", { ids });
  }

  #flip(): void {
    this.#isCyThere = !this.#isCyThere;
    if (!this.#isCyThere) return this.cy.request("logout", null);
    this.harness.settle();
    this.cy.login("cy", passwordOf("cy"));
  }

  /** Everything leaves and is read. */
  async end(): Promise<void> {
    this.harness.settle();
    this.harness.pass(PRESENCE_MS);
    this.harness.node.replicated();
    this.harness.settle();
    for (const pipe of [this.pipes.ann, this.pipes.bob]) await pipe.drain();
  }
}

/** What a person sees after pushes: messages with their status, and who is there. */
function viewOf(pushes: readonly Push[]): unknown {
  const messages = new Map<string, { content: string; status: number }>();
  const online = new Map<string, string>();
  const order = ["unread", "delivered", "read"];
  for (const { name, payload } of pushes) {
    if (name === "message") {
      messages.set(payload.id, { content: payload.content, status: order.indexOf(payload.status) });
    } else if (name === "status") {
      for (const message of payload.ids.map((id) => messages.get(id))) {
        if (message) message.status = Math.max(message.status, order.indexOf(payload.status));
      }
    } else if (name === "deleted") payload.ids.forEach((id) => messages.delete(id));
    else if (name === "user") online.set(payload.name, payload.change);
  }
  return { messages, online };
}

/** A push without what may be newer when it leaves later. */
function lasting({ name, payload }: Push): string {
  return JSON.stringify(name === "message" ? { ...payload, status: "" } : { name, ...payload });
}

/** True if `part` has only members of `whole`, in the same order. */
function isInOrder(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const each of part) {
    at = whole.indexOf(each, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

Deno.test("SessionOutput gives a reader that stalls the view of one that does not, in the same order", async () => {
  let [pushes, spared, requests] = [0, 0, 0];
  await fastCheck.assert(
    fastCheck.asyncProperty(OPERATIONS, async (operations) => {
      const scene = new Scene();
      for (const operation of operations) await scene.perform(operation);
      await scene.end();
      for (const name of ["ann", "bob"] as const) {
        const [all, late] = [scene.fast[name].pushes, scene.slow[name].pushes];
        assertEquals(viewOf(late), viewOf(all));
        assert(isInOrder(late.map(lasting), all.map(lasting)), "a push came that was not sent, or too early");
        assertEquals(scene.pipes[name].dropped, []);
        pushes += all.length;
        spared += all.length - late.length;
      }
      const replies = scene.slow.bob.replies.slice(-scene.asked || Infinity).map((reply) => reply.name);
      assertEquals(replies, Array.from({ length: scene.asked }, (_, i) => i % 2 === 0 ? "pong" : "users"));
      requests += scene.asked;
    }),
    { numRuns: RUNS },
  );
  console.log(
    `checked ${RUNS} interleavings: ${pushes} pushes, ${spared} spared, ${requests} replies in order`,
  );
  assert(spared > 0 && requests > 0, "nothing was owed");
});
