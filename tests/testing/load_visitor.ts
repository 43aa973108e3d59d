/**
 * A visitor that makes an account, sends one message and deletes the account again.
 *
 * @module
 */

import { assert } from "@std/assert";
import { isConnectionLost, logIn } from "./load_client.ts";
import { type Certainty, KnownMessage, type LoadModel, type View } from "./load_model.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { TestClient } from "./test_client.ts";

/** Longest pause before each step, ms. */
const HESITATION_MS = 120;

/** A visitor of a server under load. */
export class LoadVisitor {
  #created: Certainty = "no";
  #deleted: Certainty = "no";
  readonly #password: string;
  readonly #message: KnownMessage;

  constructor(readonly name: string, recipient: string, readonly model: LoadModel) {
    this.#password = `password of ${name}`;
    this.#message = new KnownMessage(crypto.randomUUID(), name, recipient, `${name} was here`);
  }

  /** Registers, sends and deletes, unless the server goes first. */
  async visit(port: number, random: SeededNumbers): Promise<void> {
    const hesitate = () => new Promise((resolve) => setTimeout(resolve, random.below(HESITATION_MS)));
    try {
      await using client = await TestClient.connect(port);
      await hesitate();
      this.#created = "maybe";
      await logIn(client, this.name, this.#password, "userNotExisting");
      this.#created = "yes";
      const { id, recipient: to, content } = this.#message;
      this.model.add(this.#message);
      await client.expect("sendMessage", { to, content, id }, "sent");
      this.#message.durable = true;
      await hesitate();
      await this.#leave(client);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
    }
  }

  async #leave(client: TestClient): Promise<void> {
    this.#deleted = this.#message.gone = "maybe";
    await client.expect("deleteAccount", { password: this.#password }, "ok");
    this.#deleted = this.#message.gone = "yes";
  }

  /** Checks if the account exists; returns its view. */
  async verify(port: number): Promise<View> {
    await using client = await TestClient.connect(port);
    const exists = (await client.ask("startLogin", { name: this.name })).name === "userExisting";
    const mayExist = this.#created !== "no" && this.#deleted !== "yes";
    const mayBeAbsent = this.#created !== "yes" || this.#deleted !== "no";
    assert(exists ? mayExist : mayBeAbsent, `the account ${this.name} is ${exists ? "" : "not "}there`);
    this.#deleted = exists ? "no" : "yes";
    if (!exists) return new Map();
    this.#created = "yes";
    await client.expect("finishLogin", { password: this.#password }, "loginSuccess");
    const { messages } = await client.expect("listMessages", { with: this.#message.recipient }, "messages");
    return new Map(messages.map((message) => [message.id, message]));
  }
}
