/**
 * A member of a crowd. It sends, confirms, reads and deletes, and remembers all replies and pushes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import type { ChatMessage, Status } from "../../common/protocol/shapes.ts";
import type { ClusterNode } from "./cluster_node.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Most of the newest messages that are confirmed, read and deleted at a time. */
const IDS_MAX = 5;

const STATUSES: readonly Status[] = ["unread", "delivered", "read"];

/** State shared by a whole crowd. */
export interface CrowdSetting {
  readonly random: SeededNumbers;
  /** Names of the accounts with a requested deletion. */
  readonly leaving: Set<string>;
  /** Counts an event, by its name. */
  count(what: string): void;
  /** Gets the latency of a request, ms. */
  answered(ms: number): void;
}

/** One member, with its memory. */
export class CrowdMember {
  token = "";
  readonly #setting: CrowdSetting;
  readonly #client: TestClient;
  /** Acknowledged and received messages, in the order of their arrival. */
  readonly #messages = new Map<string, Omit<ChatMessage, "status">>();
  /** Messages deleted by their sender, or by this member for itself: they never come back. */
  readonly #deleted = new Set<string>();
  readonly #gone = new Set<string>();
  /** Status of messages, which may arrive before the message itself. */
  readonly #progress = new Map<string, number>();

  private constructor(
    readonly name: string,
    readonly node: ClusterNode,
    client: TestClient,
    setting: CrowdSetting,
  ) {
    this.#client = client;
    this.#setting = setting;
  }

  /** Registers an account at a node. */
  static async register(name: string, node: ClusterNode, setting: CrowdSetting): Promise<CrowdMember> {
    const client = await TestClient.connect(node.port);
    const member = new CrowdMember(name, node, client, setting);
    await member.#ask("startLogin", { name }, "userNotExisting");
    const reply = await member.#ask("finishLogin", { password: member.#password }, "loginSuccess");
    if (reply.name === "loginSuccess") member.token = reply.payload.token;
    return member;
  }

  get #password(): string {
    return `password of ${this.name}`;
  }

  /** Sends a message. */
  async send(to: string): Promise<void> {
    const id = crypto.randomUUID();
    const content = `${this.name} to ${to}: ${this.#setting.random.next()}`;
    const reply = await this.#ask("sendMessage", { to, content, id });
    if (reply.name === "error" && this.#setting.leaving.has(to)) return this.#setting.count("sent too late");
    assert(reply.name === "sent", `a message to ${to} was answered ${JSON.stringify(reply)}`);
    const { timestamp, copies } = reply.payload;
    this.#setting.count(`messages with ${copies} copies`);
    this.#messages.set(id, { id, sender: this.name, recipient: to, content, timestamp });
  }

  /** Confirms some received messages. */
  async confirm(): Promise<void> {
    const ids = this.#some((message) => message.sender !== this.name && this.#rank(message.id) === 0);
    if (ids.length === 0) return;
    await this.#ask("confirmDelivery", { ids }, "ok");
    this.#setting.count("confirmations");
    this.#advance(ids, "delivered");
  }

  /** Reads some messages of one sender. */
  async read(): Promise<void> {
    const isNew = (message: Omit<ChatMessage, "status">) =>
      message.sender !== this.name && this.#rank(message.id) < STATUSES.indexOf("read");
    const [first] = this.#some(isNew);
    const sender = this.#messages.get(first ?? "")?.sender;
    if (sender === undefined) return;
    const ids = this.#some((message) => isNew(message) && message.sender === sender);
    const reply = await this.#ask("readMessages", { with: sender, ids });
    if (reply.name === "error" && this.#setting.leaving.has(sender)) {
      return this.#setting.count("read too late");
    }
    assertEquals(reply.name, "ok");
    this.#setting.count("reads");
    this.#advance(ids, "read");
  }

  /** Deletes some messages: own ones for both, others for itself. */
  async delete(own: boolean): Promise<void> {
    const ids = this.#some((message) => (message.sender === this.name) === own);
    if (ids.length === 0) return;
    await this.#ask("deleteMessages", { ids }, "ok");
    this.#setting.count(own ? "deletions for both" : "deletions for oneself");
    for (const id of ids) this.#deleted.add(id);
  }

  /** Deletes its account. */
  async leave(): Promise<void> {
    this.#setting.leaving.add(this.name);
    await this.#ask("deleteAccount", { password: this.#password }, "ok");
    this.#setting.count("accounts deleted");
    await this.disconnect();
  }

  /** Waits until all pushes in transit to this member have arrived. */
  async hear(): Promise<void> {
    await this.#ask("ping", null, "pong");
    this.#takePushes();
  }

  /** Ends the connection. */
  async disconnect(): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }

  /** Messages that must be visible according to its memory, by id. */
  view(): Map<string, ChatMessage> {
    const there = this.#there().map((message) =>
      [message.id, { ...message, status: STATUSES[this.#rank(message.id)] ?? "unread" }] as const
    );
    return new Map(there);
  }

  #there(): Omit<ChatMessage, "status">[] {
    return [...this.#messages.values()].filter(({ id, sender, recipient }) =>
      !this.#deleted.has(id) && !this.#gone.has(sender) && !this.#gone.has(recipient)
    );
  }

  /** Ids of a few of the newest messages that fit. */
  #some(fits: (message: Omit<ChatMessage, "status">) => boolean): string[] {
    const newest = this.#there().filter(fits).slice(-2 * IDS_MAX);
    const picked = newest.filter(() => this.#setting.random.below(2) === 0).slice(0, IDS_MAX);
    return picked.map(({ id }) => id);
  }

  #rank(id: string): number {
    return this.#progress.get(id) ?? 0;
  }

  #advance(ids: readonly string[], status: Status): void {
    for (const id of ids) this.#progress.set(id, Math.max(this.#rank(id), STATUSES.indexOf(status)));
  }

  async #ask<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
    expected?: ConfirmedReply["name"],
  ): Promise<ConfirmedReply> {
    const startMs = performance.now();
    const reply = await this.#client.ask(name, payload);
    this.#setting.answered(performance.now() - startMs);
    const isExpected = expected === undefined || reply.name === expected;
    assert(isExpected, `${name} of ${this.name} was answered ${JSON.stringify(reply)}`);
    this.#takePushes();
    return reply;
  }

  #takePushes(): void {
    for (const push of this.#client.pushes.items.splice(0)) {
      this.#setting.count(`pushes ${push.name}`);
      this.#take(push);
    }
  }

  #take(push: Push): void {
    switch (push.name) {
      case "message": {
        const { status, ...message } = push.payload;
        assertEquals(message.recipient, this.name, "a message is pushed to whom it is for");
        assert(!this.#messages.has(message.id), `${this.name} was told of ${message.id} twice`);
        this.#messages.set(message.id, message);
        return this.#advance([message.id], status);
      }
      case "status":
        return this.#advance(push.payload.ids, push.payload.status);
      case "deleted":
        return push.payload.ids.forEach((id) => this.#deleted.add(id));
      case "user":
        assert(push.payload.change !== "renamed", `${push.payload.name} was renamed without any need`);
        if (push.payload.change === "deleted") this.#gone.add(push.payload.name);
        return;
      case "closing":
        throw new Error(`${this.node.name} closes: ${push.payload.reason}`);
    }
  }
}
