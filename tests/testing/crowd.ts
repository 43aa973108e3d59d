/**
 * Many people who use a cluster at the same time. The replies and pushes that each of them got are compared
 * with the messages that every node shows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { CrowdMember, type CrowdSetting } from "./crowd_member.ts";
import { wholeView } from "./load.ts";
import { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Longest pause between two requests, ms. */
const THINKING_MS = 500;

/** Number of usual partners of one person. */
const FRIENDS = 6;

/** Users and chats of one request. */
const PAGE = 500;

/** View of a node for one person. */
interface Shown {
  /** Reply to the login. */
  readonly unread: number;
  readonly messages: ReadonlyMap<string, ChatMessage>;
  /** The same, and everything else, as text. */
  readonly text: string;
}

/** People of a crowd, and the comparison of their memories with the nodes. */
export class Crowd {
  /** Counts of events, by name. */
  readonly counts = new Map<string, number>();
  /** Longest wait for a reply, ms. */
  slowestMs = 0;
  /** All members, by their place; a new one takes the place of one that leaves. */
  readonly #members: CrowdMember[] = [];
  readonly #setting: CrowdSetting;
  #registered = 0;

  constructor(readonly nodes: readonly ClusterNode[], seed: number) {
    this.#setting = {
      random: new SeededNumbers(seed),
      leaving: new Set(),
      count: (what) => this.counts.set(what, (this.counts.get(what) ?? 0) + 1),
      answered: (ms) => this.slowestMs = Math.max(this.slowestMs, ms),
    };
  }

  /** Count of all events whose name has this prefix. */
  total(prefix: string): number {
    const fitting = [...this.counts].filter(([what]) => what.startsWith(prefix));
    return fitting.reduce((sum, [, count]) => sum + count, 0);
  }

  /** Registers people, at the nodes in turn. */
  async register(people: number): Promise<void> {
    for (let place = 0; place < people; place++) this.#members.push(await this.#newcomer(place));
  }

  /** Lets all members act for a while; resolves after the last reply. */
  async work(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    await Promise.all(this.#members.map((_, place) => this.#live(place, endMs)));
  }

  /**
   * Compares everything, once nothing is in transit.
   *
   * @returns the number of compared messages
   */
  async verify(): Promise<number> {
    for (const member of this.#members) await member.hear();
    const views = new Map<string, ReadonlyMap<string, ChatMessage>>();
    for (const member of this.#members) views.set(member.name, await this.#verifyMember(member));
    for (const [name, view] of views) verifyPartners(name, view, views);
    for (const name of this.#setting.leaving) await this.#verifyGone(name);
    return views.values().reduce((sum, view) => sum + view.size, 0) * this.nodes.length;
  }

  /** Disconnects all members. */
  async disconnect(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.disconnect()));
  }

  #newcomer(place: number): Promise<CrowdMember> {
    const node = this.nodes[place % this.nodes.length];
    assert(node !== undefined, "there is a node to go to");
    return CrowdMember.register(`person${this.#registered++}`, node, this.#setting);
  }

  async #live(place: number, endMs: number): Promise<void> {
    const { random } = this.#setting;
    while (performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, random.below(THINKING_MS)));
      const member = this.#members[place];
      assert(member !== undefined, "nobody leaves a place empty");
      if (random.below(1_000) === 0) {
        await member.leave();
        this.#members[place] = await this.#newcomer(place);
      } else await this.#act(member, place);
    }
  }

  #act(member: CrowdMember, place: number): Promise<void> {
    const choice = this.#setting.random.below(100);
    if (choice < 50) return member.send(this.#other(place));
    if (choice < 70) return member.confirm();
    if (choice < 88) return member.read();
    return member.delete(choice < 95);
  }

  #other(place: number): string {
    const { random } = this.#setting;
    const distance = random.below(random.below(4) > 0 ? FRIENDS : this.#members.length - 1) + 1;
    return this.#members[(place + distance) % this.#members.length]?.name ?? "";
  }

  /** Compares the nodes' views for one person with that person's memory; returns the view. */
  async #verifyMember(member: CrowdMember): Promise<ReadonlyMap<string, ChatMessage>> {
    const [first, ...others] = await Promise.all(this.nodes.map((node) => look(member, node)));
    assert(first !== undefined, "there is a node to ask");
    for (const [i, { text }] of others.entries()) {
      const [one, other] = [this.nodes[0]?.name, this.nodes[i + 1]?.name];
      if (text !== first.text) {
        assertEquals(JSON.parse(text), JSON.parse(first.text), `${member.name} at ${one} and at ${other}`);
      }
    }
    const told = sortedText(member.view());
    if (told !== sortedText(first.messages)) {
      assertEquals(sortedText(first.messages), told, `what ${member.name} is shown and what they were told`);
    }
    return first.messages;
  }

  async #verifyGone(name: string): Promise<void> {
    for (const node of this.nodes) {
      await using client = await TestClient.connect(node.port);
      await client.expect("startLogin", { name }, "userNotExisting");
    }
  }
}

/** The whole view of a member at a node. */
async function look(member: CrowdMember, node: ClusterNode): Promise<Shown> {
  await using client = await TestClient.connect(node.port);
  const { unread } = await client.expect("resume", { token: member.token }, "loginSuccess");
  const messages = await wholeView(client);
  const users = await client.expect("listUsers", { limit: PAGE }, "users");
  const chats = await client.expect("listChats", { limit: PAGE }, "chats");
  assert(!users.more && !chats.more, "all users and chats fit into one page");
  for (const chat of chats.chats) {
    const counted = [...messages.values()].filter(({ sender, status }) =>
      sender === chat.with && status !== "read"
    );
    assertEquals(chat.unread, counted.length, `unread of ${chat.with} to ${member.name} at ${node.name}`);
  }
  assertEquals(unread, chats.chats.reduce((sum, chat) => sum + chat.unread, 0));
  return { unread, messages, text: JSON.stringify([unread, [...messages.values()], users, chats]) };
}

/** Checks that both people see a message alike, unless the recipient has deleted it for itself. */
function verifyPartners(
  name: string,
  view: ReadonlyMap<string, ChatMessage>,
  views: ReadonlyMap<string, ReadonlyMap<string, ChatMessage>>,
): void {
  for (const message of view.values()) {
    const isSender = message.sender === name;
    const other = views.get(isSender ? message.recipient : message.sender)?.get(message.id);
    assert(
      other !== undefined || isSender,
      `${message.sender} does not see what ${name} sees: ${message.id}`,
    );
    if (other !== undefined) assertEquals(other, message);
  }
}

function sortedText(view: ReadonlyMap<string, ChatMessage>): string {
  return [...view.values()].map(({ id, sender, recipient, content, timestamp, status }) =>
    JSON.stringify([id, sender, recipient, content, timestamp, status])
  ).sort().join("\n");
}
