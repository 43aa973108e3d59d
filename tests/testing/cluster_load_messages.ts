/**
 * Acknowledged messages and deletions of a cluster, each with its number of copies.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";

/** An acknowledgement: its node, and the number of copies. */
interface Acknowledgement {
  /** Name of the node. */
  readonly node: string;
  copies: number;
  /** True once so many disks were destroyed, that of `node` among them, that no copy may be left. */
  isAtRisk: boolean;
}

/** One message. */
export class SentMessage {
  readonly id = crypto.randomUUID();
  sent: Acknowledgement | undefined;
  /** True once its deletion was requested. */
  deletionAsked = false;
  deleted: Acknowledgement | undefined;

  constructor(readonly sender: string, readonly recipient: string, readonly content: string) {}
}

/** All messages of a load. */
export class SentMessages {
  readonly #messages = new Map<string, SentMessage>();
  /** Numbers of acknowledged messages, by their number of copies. */
  readonly copies = new Map<number, number>();
  deletions = 0;

  /** Number of acknowledged messages. */
  get acknowledged(): number {
    return this.copies.values().reduce((sum, count) => sum + count, 0);
  }

  /** Number of acknowledgements with possibly no copy left. */
  get atRisk(): number {
    return this.#acknowledgements().filter(({ isAtRisk }) => isAtRisk).length;
  }

  /** Adds a message before it is sent. */
  add(message: SentMessage): void {
    this.#messages.set(message.id, message);
  }

  /** Records a SENT. */
  acknowledge(message: SentMessage, node: string, copies: number): void {
    assert(message.sent === undefined, "a message is acknowledged once");
    message.sent = { node, copies, isAtRisk: false };
    this.copies.set(copies, (this.copies.get(copies) ?? 0) + 1);
  }

  /** Records the OK to a deletion. */
  acknowledgeDeletion(message: SentMessage, node: string): void {
    message.deleted = { node, copies: 1, isAtRisk: false };
    this.deletions++;
  }

  /** Records that everything is on all disks. */
  allReplicated(nodes: number): void {
    for (const acknowledgement of this.#acknowledgements()) acknowledgement.copies = nodes;
  }

  /** Records that the disks of these nodes, which do not run, are destroyed. */
  wiped(nodes: readonly string[]): void {
    for (const acknowledgement of this.#acknowledgements()) {
      const { node, copies } = acknowledgement;
      if (nodes.includes(node) && copies <= nodes.length) acknowledgement.isAtRisk = true;
    }
  }

  /**
   * Compares everything with the views of people.
   *
   * @param views of each person, the messages by their ids
   * @returns the number of compared messages
   * @throws {AssertionError} if an acknowledged message is missing, or a deleted one is shown
   */
  verify(views: ReadonlyMap<string, ReadonlyMap<string, ChatMessage>>): number {
    for (const [name, view] of views) {
      for (const seen of view.values()) {
        const { id, sender, recipient, content } = seen;
        const message = this.#messages.get(id);
        assert(message !== undefined, `${name} sees ${id}, which nobody has sent`);
        const { sender: from, recipient: to, content: said } = message;
        assertEquals({ sender, recipient, content }, { sender: from, recipient: to, content: said });
      }
    }
    for (const message of this.#messages.values()) {
      for (const name of [message.sender, message.recipient]) {
        const view = views.get(name);
        assert(view !== undefined, `nobody has looked at what ${name} sees`);
        verifyMessage(message, name, view.has(message.id));
      }
    }
    return this.#messages.size;
  }

  #acknowledgements(): Acknowledgement[] {
    return [...this.#messages.values()].flatMap(({ sent, deleted }) =>
      [sent, deleted].filter((acknowledgement) => acknowledgement !== undefined)
    );
  }
}

function verifyMessage(message: SentMessage, name: string, isThere: boolean): void {
  const { sent, deleted, deletionAsked } = message;
  const mustBeThere = sent && !sent.isAtRisk && !deletionAsked;
  const mustBeGone = deleted && !deleted.isAtRisk;
  assert(isThere || !mustBeThere, `${name} misses a message: ${JSON.stringify(message)}`);
  assert(!isThere || !mustBeGone, `${name} sees a deleted message: ${JSON.stringify(message)}`);
}
