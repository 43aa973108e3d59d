/**
 * A load on a server: several people at work at the same time. The server must show them all acknowledged
 * messages.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { LoadClient, type LoadSetting, logIn } from "./load_client.ts";
import { LoadModel, type View } from "./load_model.ts";
import { LoadVisitor } from "./load_visitor.ts";
import { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Messages of one request. */
const PAGE = 500;

/** A load on a server, with its acknowledgements and refusals. */
export class Load {
  readonly model = new LoadModel();
  /** Counts of acknowledgements, by the name of the request. */
  readonly acknowledged = new Map<string, number>();
  /** Counts of refusals, by the code. */
  readonly refused = new Map<string, number>();
  /** Messages that were sent again for want of an answer. */
  repeated = 0;
  readonly #random: SeededNumbers;
  readonly #clients: readonly LoadClient[];
  readonly #visitors: LoadVisitor[] = [];
  #isOver = false;
  #visiting: Promise<void> = Promise.resolve();

  /** @param place prefix of all names, for loads beside this one in the same cluster */
  constructor(seed: number, people = 4, contentLength = 40, readonly place = "") {
    this.#random = new SeededNumbers(seed);
    const setting: LoadSetting = {
      model: this.model,
      random: this.#random,
      contentLength,
      acknowledged: (request) => count(this.acknowledged, request),
      refused: (code) => count(this.refused, code),
    };
    const names = Array.from({ length: people }, (_, index) => `${place}person${index}`);
    this.#clients = names.map((name) =>
      new LoadClient(name, names.filter((other) => other !== name), setting)
    );
  }

  /** Total of the acknowledgements. */
  get acknowledgedCount(): number {
    return this.acknowledged.values().reduce((sum, count) => sum + count, 0);
  }

  /** Summary of the work, for people. */
  summary(): string {
    const shown = (counts: ReadonlyMap<string, number>) =>
      [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
    return `${this.acknowledgedCount} acknowledged (${shown(this.acknowledged)}), refused: ` +
      `${shown(this.refused) || "none"}, ${this.repeated} sent again because nobody had answered`;
  }

  /** Registers the accounts. */
  async register(port: number): Promise<void> {
    for (const client of this.#clients) await client.register(port);
  }

  /** Works until `stop`, or until the server is gone. */
  async work(port: number): Promise<void> {
    this.#isOver = false;
    const visitor = new LoadVisitor(
      `${this.place}visitor${this.#visitors.length}`,
      this.#clients[0]?.name ?? "",
      this.model,
    );
    this.#visitors.push(visitor);
    const isOver = () => this.#isOver;
    this.#visiting = visitor.visit(port, this.#random);
    // `work` throws this error.
    this.#visiting.catch(() => {});
    await Promise.all([...this.#clients.map((client) => client.work(port, isOver)), this.#visiting]);
  }

  /** Waits until the visitor of the present work has come and gone: unlike the others, it takes no refusal. */
  async visited(): Promise<void> {
    await this.#visiting;
  }

  /** Lets the work end after the pending replies. */
  stop(): void {
    this.#isOver = true;
  }

  /**
   * Compares everything; then repeats every unanswered request.
   *
   * @returns the number of compared messages
   * @throws {AssertionError} if an acknowledged change is missing
   */
  async verify(port: number): Promise<number> {
    const views = new Map<string, View>();
    for (const visitor of this.#visitors) views.set(visitor.name, await visitor.verify(port));
    for (const client of this.#clients) views.set(client.name, await this.#view(port, client));
    const count = this.model.settle(views);
    for (const client of this.#clients) {
      await verifyAccess(port, client);
      await this.#sendAgain(port, client);
    }
    return count;
  }

  async #view(port: number, client: LoadClient): Promise<View> {
    await using session = await TestClient.connect(port);
    const { unread } = await session.expect("resume", { token: client.token }, "loginSuccess");
    const view = await wholeView(session);
    const counted = new Map<string, number>();
    for (const { sender, status } of view.values()) {
      if (sender !== client.name && status !== "read") count(counted, sender);
    }
    const { users } = await session.expect("listUsers", { limit: PAGE }, "users");
    for (const user of users) {
      assertEquals(user.unread, counted.get(user.name) ?? 0, `unread of ${user.name}`);
    }
    assertEquals(unread, counted.values().reduce((sum, each) => sum + each, 0), `unread of ${client.name}`);
    return view;
  }

  async #sendAgain(port: number, client: LoadClient): Promise<void> {
    if (client.unanswered.size === 0) return;
    await using session = await client.connect(port);
    for (const message of [...client.unanswered]) {
      const { request, done } = client.send(message);
      done(await session.ask(request.name, request.payload));
      this.repeated++;
    }
  }
}

/** All messages that a session can see. @throws {AssertionError} if one is listed twice */
export async function wholeView(session: TestClient): Promise<View> {
  const view = new Map<string, ChatMessage>();
  const { chats, more } = await session.expect("listChats", { limit: PAGE }, "chats");
  assert(!more, "all chats fit into one page");
  for (const chat of chats) {
    let before: string | undefined;
    for (let isMore = true; isMore;) {
      const range = before === undefined ? {} : { before };
      const page = await session.expect(
        "listMessages",
        { with: chat.with, limit: PAGE, ...range },
        "messages",
      );
      for (const message of page.messages) {
        assert(!view.has(message.id), `message ${message.id} is there twice`);
        view.set(message.id, message);
      }
      before = page.messages[0]?.id;
      isMore = page.more;
    }
  }
  return view;
}

/** Tries the password and the tokens, and takes the result as known. */
async function verifyAccess(port: number, client: LoadClient): Promise<void> {
  await client.settlePassword(port);
  await using session = await TestClient.connect(port);
  await logIn(session, client.name, client.password, "userExisting");
  await session.expect("logout", null, "ok");
  for (const spare of client.spares) {
    const reply = await session.ask("resume", { token: spare.token });
    const isGood = reply.name === "loginSuccess";
    assert(
      spare.good === "maybe" || isGood === (spare.good === "yes"),
      `a token was ${spare.good}: ${reply.name}`,
    );
    // Logged out again: an account with too many tokens loses its oldest one.
    if (isGood) await session.expect("logout", null, "ok");
  }
  client.spares.length = 0;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
