/**
 * A client of a server under load. It sends, marks, deletes, logs in and out, and records every answer.
 *
 * @module
 */

import { assert, assertEquals, AssertionError } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { concatenated } from "./concatenated.ts";
import { type Certainty, KnownMessage, type LoadModel } from "./load_model.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Number of requests sent at once. */
const BATCH_MAX = 8;
/** Number of the newest messages that are marked and deleted. */
const RECENT_MAX = 60;
/** Longest pause between two batches, ms. */
const THINKING_MS = 20;

/** A request and the effect of its answer; `refused` handles a refusal. */
interface Step {
  readonly request: Request;
  done(reply: ConfirmedReply): void;
  refused?(): void;
}

/** A login token and its validity. */
export interface SpareToken {
  readonly token: string;
  good: Certainty;
}

/** State shared by all people of a load. */
export interface LoadSetting {
  readonly model: LoadModel;
  readonly random: SeededNumbers;
  /** Length of a message, characters. */
  readonly contentLength: number;
  /** Counts of acknowledgements, by the name of the request. */
  acknowledged(request: string): void;
  /** A request was refused. */
  refused(code: string): void;
}

/** A person with an account, at work. */
export class LoadClient {
  /** Valid throughout the load. */
  token = "";
  password: string;
  /** Requested password without an answer to the change: it may be the valid one. */
  nextPassword: string | undefined;
  readonly spares: SpareToken[] = [];
  /** Messages that were sent and never answered. */
  unanswered = new Set<KnownMessage>();
  readonly #sent: KnownMessage[] = [];
  readonly #received: KnownMessage[] = [];

  constructor(readonly name: string, readonly others: readonly string[], readonly setting: LoadSetting) {
    this.password = `first password of ${name}`;
  }

  /** Registers the account. */
  async register(port: number): Promise<void> {
    await using client = await TestClient.connect(port);
    this.token = await logIn(client, this.name, this.password, "userNotExisting");
  }

  /** Connects and resumes with the token that is valid throughout. */
  async connect(port: number): Promise<TestClient> {
    const client = await TestClient.connect(port);
    try {
      const { name, token } = await client.expect("resume", { token: this.token }, "loginSuccess");
      assertEquals({ name, token }, { name: this.name, token: this.token });
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
    return client;
  }

  /** Finds out if the password was changed by a request whose reply was lost. */
  async settlePassword(port: number): Promise<void> {
    const { nextPassword } = this;
    if (nextPassword === undefined) return;
    await using session = await TestClient.connect(port);
    await session.ask("startLogin", { name: this.name });
    const reply = await session.ask("finishLogin", { password: nextPassword });
    if (reply.name === "loginSuccess") this.password = nextPassword;
    this.nextPassword = undefined;
  }

  /** Works until `isOver`, or until the server is gone. */
  async work(port: number, isOver: () => boolean): Promise<void> {
    try {
      await this.settlePassword(port);
      const client = await this.connect(port);
      try {
        while (!isOver()) await this.#doSomething(port, client);
      } finally {
        await client[Symbol.asyncDispose]();
        this.#hear(client);
      }
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
    }
  }

  async #doSomething(port: number, client: TestClient): Promise<void> {
    const { random } = this.setting;
    const choice = random.below(100);
    if (choice < 1) await this.#changePassword(client);
    else if (choice < 5) await this.#logInElsewhere(port);
    else if (choice < 8) await this.#logOutElsewhere(port);
    else await this.#batch(client);
    this.#hear(client);
    await new Promise((resolve) => setTimeout(resolve, random.below(THINKING_MS)));
  }

  async #batch(client: TestClient): Promise<void> {
    const steps: Step[] = [];
    for (let left = 1 + this.setting.random.below(BATCH_MAX); left > 0; left--) steps.push(this.#step());
    const replies = steps.map(() => client.reply());
    // A reply that never comes is reported by the first one that fails.
    for (const reply of replies) reply.catch(() => {});
    await client.sendBytes(concatenated(steps.map(({ request }) => encodeRequest(request, "confirmed"))));
    for (const [index, step] of steps.entries()) this.#answered(step, await replies[index]);
  }

  #answered(step: Step, reply: ConfirmedReply | undefined): void {
    assert(reply !== undefined, "every request has a reply");
    if (reply.name === "error") {
      this.setting.refused(reply.payload.code);
      step.refused?.();
    } else {
      this.setting.acknowledged(step.request.name);
      step.done(reply);
    }
  }

  #step(): Step {
    const choice = this.setting.random.below(20);
    const got = this.#some(this.#received);
    const sent = this.#some(this.#sent);
    if (choice < 3 && got.length > 0) return this.#mark(got, "delivered");
    if (choice < 6 && got.length > 0) return this.#mark(got, "read");
    if (choice < 7 && got.length > 0) return this.#delete(got, "goneForRecipient");
    if (choice < 8 && sent.length > 0) return this.#delete(sent, "gone");
    const again = choice < 9 ? this.#sent.at(-1) : undefined;
    return this.send(again ?? this.#newMessage());
  }

  /** Up to three recent messages that are not deleted. */
  #some(messages: readonly KnownMessage[]): KnownMessage[] {
    const recent = messages.slice(-RECENT_MAX).filter((message) =>
      message.durable && message.gone === "no" && message.goneForRecipient === "no"
    );
    const picked = [0, 1, 2].map(() => recent[this.setting.random.below(recent.length)]);
    return [...new Set(picked)].filter((message) => message !== undefined);
  }

  #newMessage(): KnownMessage {
    const { random, model, contentLength } = this.setting;
    const content = `${random.next()} `.repeat(contentLength).slice(0, contentLength);
    const message = new KnownMessage(crypto.randomUUID(), this.name, random.pick(this.others), content);
    model.add(message);
    return message;
  }

  /** Sends a message, possibly again. */
  send(message: KnownMessage): Step {
    const { id, recipient: to, content } = message;
    if (!message.durable) this.unanswered.add(message);
    return {
      request: { name: "sendMessage", payload: { to, content, id } },
      done: (reply) => {
        assert(reply.name === "sent" && reply.payload.id === id, "SEND_MSG is answered by SENT");
        if (message.timestamp !== undefined) assertEquals(reply.payload.timestamp, message.timestamp);
        message.timestamp = reply.payload.timestamp;
        message.durable = true;
        this.unanswered.delete(message);
        if (this.#sent.at(-1) !== message) this.#sent.push(message);
      },
      refused: () => this.unanswered.delete(message),
    };
  }

  #mark(messages: readonly KnownMessage[], status: "delivered" | "read"): Step {
    const sender = messages[0]?.sender ?? "";
    const same = messages.filter((message) => message.sender === sender);
    const ids = same.map((message) => message.id);
    for (const message of same) message.mayBecome(status);
    const request: Request = status === "read"
      ? { name: "readMessages", payload: { with: sender, ids } }
      : { name: "confirmDelivery", payload: { ids } };
    return { request, done: () => same.forEach((message) => message.hasBecome(status)) };
  }

  #delete(messages: readonly KnownMessage[], which: "gone" | "goneForRecipient"): Step {
    const ids = messages.map((message) => message.id);
    for (const message of messages) message[which] = "maybe";
    return {
      request: { name: "deleteMessages", payload: { ids } },
      done: () => messages.forEach((message) => message[which] = "yes"),
      refused: () => messages.forEach((message) => message[which] = "no"),
    };
  }

  /** Shown messages stay for ever, as acknowledged ones do. */
  #hear(client: TestClient): void {
    for (const push of client.pushes.items.splice(0)) this.#heard(push);
  }

  #heard(push: Push): void {
    const { model } = this.setting;
    if (push.name === "message") {
      const message = model.known(push.payload.id);
      message.durable = true;
      message.timestamp ??= push.payload.timestamp;
      this.#received.push(message);
    } else if (push.name === "status") {
      for (const id of push.payload.ids) model.known(id).hasBecome(push.payload.status);
    } else if (push.name === "deleted") {
      for (const id of push.payload.ids) model.known(id).gone = "yes";
    }
  }

  async #changePassword(client: TestClient): Promise<void> {
    const next = `password ${this.setting.random.next()}`;
    this.nextPassword = next;
    for (const spare of this.spares) if (spare.good === "yes") spare.good = "maybe";
    const reply = await client.ask("changePassword", { old: this.password, new: next });
    const isDone = reply.name === "ok";
    for (const spare of this.spares) if (spare.good === "maybe") spare.good = isDone ? "no" : "yes";
    this.nextPassword = undefined;
    if (!isDone) return this.setting.refused(reply.name === "error" ? reply.payload.code : reply.name);
    this.password = next;
    this.setting.acknowledged("changePassword");
  }

  async #logInElsewhere(port: number): Promise<void> {
    await using client = await TestClient.connect(port);
    const token = await logIn(client, this.name, this.password, "userExisting");
    this.setting.acknowledged("finishLogin");
    if (token !== "") this.spares.push({ token, good: "yes" });
  }

  async #logOutElsewhere(port: number): Promise<void> {
    const spare = this.spares.find(({ good }) => good === "yes");
    if (spare === undefined) return;
    await using client = await TestClient.connect(port);
    await client.expect("resume", { token: spare.token }, "loginSuccess");
    spare.good = "maybe";
    const reply = await client.ask("logout", null);
    spare.good = reply.name === "ok" ? "no" : "yes";
    if (reply.name === "ok") this.setting.acknowledged("logout");
  }
}

/** Logs in with the password; returns the token. @throws {Error} if LOGIN_1 gets another answer */
export async function logIn(
  client: TestClient,
  name: string,
  password: string,
  expected: "userExisting" | "userNotExisting",
): Promise<string> {
  await client.expect("startLogin", { name }, expected);
  return (await client.expect("finishLogin", { password }, "loginSuccess")).token;
}

/** The reply of a closing server, as `TestClient.expect` quotes it. */
const CLOSING = '"code":"unavailable"';

/** True if the error means that the server is gone or closing. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof AssertionError) return false;
  const { ConnectionReset, ConnectionRefused, ConnectionAborted, BrokenPipe } = Deno.errors;
  return [ConnectionReset, ConnectionRefused, ConnectionAborted, BrokenPipe].some((kind) =>
    error instanceof kind
  ) || (error instanceof Error &&
    (error.message === "the server closed the connection" || error.message.includes(CLOSING)));
}
