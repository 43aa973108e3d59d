/**
 * The clients' knowledge of the messages that they sent, marked and deleted. Acknowledged changes must be
 * visible, unanswered ones may be, and no others.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ChatMessage, Status } from "../../common/protocol/shapes.ts";

/** Certainty that something has happened. */
export type Certainty = "no" | "maybe" | "yes";

const STATUSES: readonly Status[] = ["unread", "delivered", "read"];

/** A person's view of a conversation: messages by their ids. */
export type View = ReadonlyMap<string, ChatMessage>;

/** One message, as its sender and its recipient know it. */
export class KnownMessage {
  /** Seconds since the Unix epoch, from SENT. */
  timestamp: number | undefined;
  /** True once it was acknowledged or shown to a client: it must then stay. */
  durable = false;
  /** Certainty of its deletion by its sender. */
  gone: Certainty = "no";
  /** Certainty of its deletion by its recipient, for themselves. */
  goneForRecipient: Certainty = "no";
  #rankMin = 0;
  #rankMax = 0;

  constructor(
    readonly id: string,
    readonly sender: string,
    readonly recipient: string,
    readonly content: string,
  ) {}

  /** Records a request for this status. */
  mayBecome(status: Status): void {
    this.#rankMax = Math.max(this.#rankMax, STATUSES.indexOf(status));
  }

  /** Records a confirmation of this status. */
  hasBecome(status: Status): void {
    this.mayBecome(status);
    this.#rankMin = Math.max(this.#rankMin, STATUSES.indexOf(status));
  }

  /**
   * Compares with the views of both people, which are the known state from now on.
   *
   * @throws {AssertionError} if an acknowledged change is missing, or a change is visible that was not
   * requested
   */
  settle(ofSender: View, ofRecipient: View): void {
    const [sent, received] = [ofSender.get(this.id), ofRecipient.get(this.id)];
    if (sent === undefined && received === undefined && this.#mayBeAbsent()) {
      if (this.durable) this.gone = "yes";
      return;
    }
    assert(sent !== undefined, this.#says("is missing for its sender"));
    assert(this.gone !== "yes", this.#says("was deleted and is there again"));
    this.durable = true;
    this.gone = "no";
    this.#settleRecipient(received);
    for (const seen of [sent, received]) if (seen !== undefined) this.#compare(seen);
    this.#rankMin = this.#rankMax = STATUSES.indexOf(sent.status);
  }

  #mayBeAbsent(): boolean {
    return !this.durable || this.gone !== "no";
  }

  #settleRecipient(received: ChatMessage | undefined): void {
    if (received === undefined) {
      assert(this.goneForRecipient !== "no", this.#says("is missing for its recipient"));
      this.goneForRecipient = "yes";
    } else {
      assert(this.goneForRecipient !== "yes", this.#says("was deleted by its recipient and is there again"));
      this.goneForRecipient = "no";
    }
  }

  #compare(seen: ChatMessage): void {
    this.timestamp ??= seen.timestamp;
    const { id, sender, recipient, content, timestamp } = this;
    assertEquals(seen, { id, sender, recipient, content, timestamp, status: seen.status });
    const rank = STATUSES.indexOf(seen.status);
    const [low, high] = [STATUSES[this.#rankMin], STATUSES[this.#rankMax]];
    assert(
      rank >= this.#rankMin && rank <= this.#rankMax,
      this.#says(`is ${seen.status} and must be between ${low} and ${high}`),
    );
  }

  #says(what: string): string {
    return `message ${this.id} from ${this.sender} to ${this.recipient} ${what}: ${JSON.stringify(this)}`;
  }
}

/** All messages of a load, by their ids. */
export class LoadModel {
  readonly messages = new Map<string, KnownMessage>();

  /** Adds a message before it is sent. */
  add(message: KnownMessage): void {
    this.messages.set(message.id, message);
  }

  /** The message with this id, which a client was shown. @throws {AssertionError} if it was never sent */
  known(id: string): KnownMessage {
    const message = this.messages.get(id);
    assert(message !== undefined, `nobody has sent the message ${id}`);
    return message;
  }

  /**
   * Compares everything with the views of all people.
   *
   * @param views of each account, its view of all its conversations
   * @returns the number of compared messages
   */
  settle(views: ReadonlyMap<string, View>): number {
    for (const view of views.values()) for (const id of view.keys()) this.known(id);
    for (const message of this.messages.values()) {
      message.settle(viewOf(views, message.sender), viewOf(views, message.recipient));
    }
    return this.messages.size;
  }
}

function viewOf(views: ReadonlyMap<string, View>, name: string): View {
  const view = views.get(name);
  assert(view !== undefined, `nobody has looked at what ${name} sees`);
  return view;
}
