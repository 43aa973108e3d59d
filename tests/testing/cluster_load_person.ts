/**
 * A client of a cluster under load. It sends and deletes, and repeats every unanswered request at another
 * node once its own is gone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { SentMessage, type SentMessages } from "./cluster_load_messages.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { concatenated } from "./concatenated.ts";
import { isConnectionLost } from "./load_client.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Most messages sent at once. */
const BATCH_MAX = 6;
/** Number of the newest messages that deletions choose from. */
const RECENT_MAX = 30;
/** Longest pause between two batches, ms. */
const THINKING_MS = 20;
/** Pause after a refusal, ms. */
const AGAIN_MS = 30;

/** A request of a batch, and the effect of its answer. */
interface Step {
  readonly request: Request;
  done(reply: ConfirmedReply): void;
}

/** State shared by all people of a load. */
export interface ClusterLoadSetting {
  readonly messages: SentMessages;
  readonly random: SeededNumbers;
  /** Gets the latency of a batch, ms. */
  answered(ms: number): void;
  /** A message was sent again. */
  repeated(): void;
}

/** One client, with its unanswered requests. */
export class ClusterLoadPerson {
  /** Valid at every node. */
  token = "";
  readonly #setting: ClusterLoadSetting;
  readonly #others: readonly string[];
  readonly #unanswered = new Set<SentMessage>();
  readonly #recent: SentMessage[] = [];
  /** Acknowledged deletions, which are on as many disks as the next message. */
  #deletions: SentMessage[] = [];

  constructor(readonly name: string, others: readonly string[], setting: ClusterLoadSetting) {
    this.#others = others;
    this.#setting = setting;
  }

  /** Registers the account. */
  async register(node: ClusterNode): Promise<void> {
    await using client = await TestClient.connect(node.port);
    await client.expect("startLogin", { name: this.name }, "userNotExisting");
    const password = `password of ${this.name}`;
    this.token = (await client.expect("finishLogin", { password }, "loginSuccess")).token;
  }

  /** Connects and resumes with the token. */
  async connect(node: ClusterNode): Promise<TestClient> {
    const client = await TestClient.connect(node.port);
    try {
      await client.expect("resume", { token: this.token }, "loginSuccess");
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
    return client;
  }

  /** Works at one node after the other until `isOver`, and then until every request is answered. */
  async work(nodes: readonly ClusterNode[], isOver: () => boolean): Promise<void> {
    for (
      let visit = this.#setting.random.below(nodes.length);
      !isOver() || this.#unanswered.size > 0;
      visit++
    ) {
      const node = nodes[visit % nodes.length];
      assert(node !== undefined, "there is a node to go to");
      try {
        await this.#workAt(node, isOver);
      } catch (error) {
        if (!isConnectionLost(error)) throw error;
        this.#deletions = [];
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  async #workAt(node: ClusterNode, isOver: () => boolean): Promise<void> {
    const client = await this.connect(node);
    try {
      for (const message of this.#unanswered) {
        this.#setting.repeated();
        await this.#carryOut(client, [this.#send(message, node)]);
      }
      while (!isOver()) {
        await this.#carryOut(client, this.#batch(node));
        await new Promise((resolve) => setTimeout(resolve, this.#setting.random.below(THINKING_MS)));
      }
    } finally {
      await client[Symbol.asyncDispose]();
      assertShownOnce(client);
    }
  }

  async #carryOut(client: TestClient, steps: readonly Step[]): Promise<void> {
    const replies = steps.map(() => client.reply());
    // A reply that never comes is reported by the first one that fails.
    for (const reply of replies) reply.catch(() => {});
    const sinceMs = performance.now();
    await client.sendBytes(concatenated(steps.map(({ request }) => encodeRequest(request, "confirmed"))));
    for (const [index, step] of steps.entries()) {
      const reply = await replies[index];
      assert(reply !== undefined, "every request has a reply");
      if (reply.name === "error") {
        throw new Error(`${step.request.name} was answered ${JSON.stringify(reply)}`);
      }
      step.done(reply);
    }
    this.#setting.answered(performance.now() - sinceMs);
  }

  /** Messages after a deletion: the copies in their SENT hold for the deletion too. */
  #batch(node: ClusterNode): Step[] {
    const { random } = this.#setting;
    const steps: Step[] = [];
    if (random.below(4) === 0 && this.#recent.length > 0) steps.push(this.#delete(node));
    for (let left = 1 + random.below(BATCH_MAX); left > 0; left--) {
      steps.push(this.#send(this.#newMessage(), node));
    }
    return steps;
  }

  #newMessage(): SentMessage {
    const { random, messages } = this.#setting;
    const message = new SentMessage(this.name, random.pick(this.#others), `${random.next()}`);
    messages.add(message);
    this.#unanswered.add(message);
    return message;
  }

  #send(message: SentMessage, { name }: ClusterNode): Step {
    const { id, recipient: to, content } = message;
    return {
      request: { name: "sendMessage", payload: { to, content, id } },
      done: (reply) => {
        assert(reply.name === "sent" && reply.payload.id === id, "SEND_MSG is answered by SENT");
        const { copies } = reply.payload;
        this.#setting.messages.acknowledge(message, name, copies);
        this.#unanswered.delete(message);
        this.#recent.push(message);
        if (this.#recent.length > RECENT_MAX) this.#recent.shift();
        for (const { deleted } of this.#deletions) if (deleted) deleted.copies = copies;
        this.#deletions = [];
      },
    };
  }

  #delete({ name }: ClusterNode): Step {
    const [message] = this.#recent.splice(this.#setting.random.below(this.#recent.length), 1);
    assert(message !== undefined, "there is something to delete");
    message.deletionAsked = true;
    return {
      request: { name: "deleteMessages", payload: { ids: [message.id] } },
      done: (reply) => {
        assert(reply.name === "ok", "DELETE_MSG is answered by OK");
        // Another node may not know the message yet.
        if (reply.payload?.count !== 1) return;
        this.#setting.messages.acknowledgeDeletion(message, name);
        this.#deletions.push(message);
      },
    };
  }
}

/** One session is shown a message once. */
function assertShownOnce(client: TestClient): void {
  const shown = client.pushes.items.flatMap((push) => push.name === "message" ? [push.payload.id] : []);
  assertEquals(shown.length, new Set(shown).size, "a message was shown twice in one session");
}
