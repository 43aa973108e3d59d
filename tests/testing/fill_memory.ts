/**
 * Clients that fill the memory of a node as fast as it lets them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { TestClient } from "./test_client.ts";

/** Requests that a client has under way at the same time. */
const PIPELINED = 16;

/** Messages that a client deletes with one request, or reads with one. */
const PAGE = 500;

/** A payload of so many bytes is the longest frame but for its header. */
const LONG_BYTES = 250_000;

/** Senders of messages to bob, with what a node has acknowledged to them. */
export class MemoryFillers {
  /** Contents of the acknowledged messages by id, sender by sender. */
  readonly #acknowledged: Map<string, string>[];
  readonly #contentLength: number;

  /**
   * @param count number of senders
   * @param contentLength length of the content of each message
   */
  constructor(count: number, contentLength: number) {
    this.#acknowledged = Array.from({ length: count }, () => new Map());
    this.#contentLength = contentLength;
  }

  /** Number of acknowledged messages that are not deleted. */
  get count(): number {
    return this.#acknowledged.reduce((sum, { size }) => sum + size, 0);
  }

  /** Registers the accounts. */
  async register(port: number): Promise<void> {
    await TestClient.login(port, "bob").then((bob) => bob[Symbol.asyncDispose]());
    await this.#each(port, () => Promise.resolve());
  }

  /**
   * Sends until each sender was refused so often for want of room.
   *
   * @param isLong true to send frames of the greatest length in between, which are refused
   */
  async fill(port: number, refusals: number, isLong = false): Promise<void> {
    await this.#each(port, async (client, sent) => {
      let left = refusals;
      const send = async (): Promise<void> => {
        while (left > 0) {
          if (isLong) assertEquals(codeOf(await sendTo(client, "x".repeat(LONG_BYTES))), "content-too-long");
          const content = this.#newContent();
          const reply = await sendTo(client, content);
          if (reply.name === "sent") sent.set(reply.payload.id, content);
          else assertEquals([codeOf(reply), left--], ["read-only", left + 1]);
        }
      };
      await Promise.all(Array.from({ length: PIPELINED }, send));
    });
  }

  /** Sends so many messages from each sender; returns the copies that each acknowledgement names. */
  async send(port: number, count: number): Promise<number[]> {
    const copies: number[] = [];
    await this.#each(port, async (client, sent) => {
      for (let i = 0; i < count; i++) {
        const content = this.#newContent();
        const reply = await sendTo(client, content);
        assert(reply.name === "sent", JSON.stringify(reply).slice(0, 200));
        sent.set(reply.payload.id, content);
        copies.push(reply.payload.copies);
      }
    });
    return copies;
  }

  /** Deletes messages of every sender, a share of them. */
  async delete(port: number, share: number): Promise<void> {
    await this.#each(port, async (client, sent) => {
      const ids = [...sent.keys()].slice(0, Math.ceil(sent.size * share));
      for (let at = 0; at < ids.length; at += PAGE) {
        await client.expect("deleteMessages", { ids: ids.slice(at, at + PAGE) }, "ok");
      }
      for (const id of ids) sent.delete(id);
    });
  }

  /** True if a message of the first sender is taken. */
  async isTaken(port: number): Promise<boolean> {
    await using client = await TestClient.login(port, "sender0");
    const content = this.#newContent();
    const reply = await sendTo(client, content);
    if (reply.name === "sent") this.#acknowledged[0]?.set(reply.payload.id, content);
    return reply.name === "sent";
  }

  /**
   * Compares what bob is shown with what was acknowledged.
   *
   * @param unanswered messages that may be there although their senders were not told
   * @returns the number of compared messages
   */
  async verify(port: number): Promise<number> {
    await using bob = await TestClient.login(port, "bob");
    let compared = 0;
    for (const [index, sent] of this.#acknowledged.entries()) {
      const shown = await messagesOf(bob, `sender${index}`);
      for (const [id, content] of sent) {
        assertEquals(shown.get(id), content, `${id} of sender${index} was acknowledged`);
        compared++;
      }
      assertEquals(shown.size, sent.size, `messages of sender${index}`);
    }
    return compared;
  }

  #newContent(): string {
    return crypto.randomUUID().padEnd(this.#contentLength, "x");
  }

  async #each(
    port: number,
    act: (client: TestClient, sent: Map<string, string>) => Promise<void>,
  ): Promise<void> {
    await Promise.all(this.#acknowledged.map(async (sent, index) => {
      await using client = await TestClient.login(port, `sender${index}`);
      await act(client, sent);
    }));
  }
}

/** Everything that one person has sent to the other. */
async function messagesOf(client: TestClient, sender: string): Promise<Map<string, string>> {
  const shown = new Map<string, string>();
  let before: string | undefined;
  while (true) {
    const page = before === undefined ? { with: sender, limit: PAGE } : { with: sender, limit: PAGE, before };
    const { messages, more } = await client.expect("listMessages", page, "messages");
    for (const { id, content } of messages) shown.set(id, content);
    before = messages[0]?.id;
    if (!more) return shown;
  }
}

function sendTo(client: TestClient, content: string): Promise<ConfirmedReply> {
  return client.ask("sendMessage", { to: "bob", content });
}

/** The code of a refusal. */
function codeOf(reply: ConfirmedReply): string {
  assert(reply.name === "error", `a message was answered ${JSON.stringify(reply).slice(0, 200)}`);
  return reply.payload.code;
}
