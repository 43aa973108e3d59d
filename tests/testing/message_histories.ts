/**
 * Histories of messages, and searches in them: a few people and words, many equal times, marks and deletions.
 *
 * @module
 */

import { type Entry, entryOf } from "../../server/core/entry.ts";
import type { Event, MessageSent } from "../../server/core/events.ts";
import { queryTerms } from "../../server/core/search/terms.ts";
import type { IdQuery, MessagePlace, PageQuery, SearchQuery } from "../../server/core/messages/archived.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";

const PEOPLE = ["ann", "bob", "cem", "dee"];
const ORIGINS = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"];
const WORDS = [
  "lunch",
  "Lunches",
  "LUNCHEON",
  "über",
  "uber",
  "Straße",
  "東京大学",
  "大学",
  "a",
  "42",
  "🎉",
  "SELECT",
  "*",
];
const IDS = 60;
const TIMES = 7;

/** A history of two origins, whose entries are mixed; the accounts are created first. */
export class MessageHistory {
  readonly entries: Entry[] = [];
  readonly accounts: readonly string[];
  readonly #numbers: SeededNumbers;
  readonly #origins: readonly string[];
  readonly #sent: MessageSent[] = [];
  readonly #seqs = new Map<string, number>();

  /** @param suffix makes the accounts and origins its own */
  constructor(numbers: SeededNumbers, suffix: string, length: number) {
    this.#numbers = numbers;
    this.accounts = PEOPLE.map((name) => name + suffix);
    this.#origins = ORIGINS.map((origin) => origin + suffix);
    for (const [i, account] of this.accounts.entries()) {
      this.#add({ type: "accountCreated", account, name: `${PEOPLE[i]}${suffix}`, hash: "" });
    }
    for (let i = 0; i < length; i++) this.#add(this.#event());
  }

  /** A search that may find something. */
  query(): SearchQuery {
    const numbers = this.#numbers;
    const words = Array.from({ length: 1 + numbers.below(2) }, () => this.#beginning()).join(" ");
    const terms = queryTerms(words);
    return {
      type: "search",
      account: numbers.below(20) === 0 ? "nobody" : numbers.pick(this.accounts),
      terms: terms.length > 0 ? terms : ["l"],
      other: numbers.below(3) === 0 ? numbers.pick([...this.accounts, "nobody"]) : undefined,
      before: numbers.below(3) === 0 ? this.#somePlace() : undefined,
      limit: 1 + numbers.below(8),
    };
  }

  /** A page that may have messages. */
  page(): PageQuery {
    const numbers = this.#numbers;
    return {
      type: "page",
      account: numbers.below(20) === 0 ? "nobody" : numbers.pick(this.accounts),
      other: numbers.below(20) === 0 ? "nobody" : numbers.pick(this.accounts),
      side: numbers.pick(["before", "after"]),
      ...numbers.below(3) === 0
        ? this.#besideNamed()
        : { place: numbers.below(4) > 0 ? this.#somePlace() : undefined },
      limit: 1 + numbers.below(8),
      bytes: numbers.below(3) === 0 ? 1 + numbers.below(60) : 1_000,
    };
  }

  /** The members of a page that begins beside a message that is named by its id, often one of the conversation. */
  #besideNamed(): Pick<PageQuery, "account" | "other" | "place"> {
    const numbers = this.#numbers;
    const { from = "nobody", to = "nobody", id = "m0" } = this.#sent.length > 0
      ? numbers.pick(this.#sent)
      : {};
    const [account, other] = numbers.below(2) === 0 ? [from, to] : [to, from];
    return { account, other, place: { id: numbers.below(5) === 0 ? `m${numbers.below(IDS + 5)}` : id } };
  }

  /** Ids that may be those of messages. */
  ids(): IdQuery {
    const first = this.#numbers.below(IDS);
    const count = this.#numbers.below(8);
    const ids = Array.from({ length: count }, (_, i) => `m${(first + i * 7) % (IDS + 5)}`);
    return { type: "ids", account: this.#numbers.pick(this.accounts), ids };
  }

  #beginning(): string {
    const word = [...this.#numbers.pick(WORDS)];
    return word.slice(0, 1 + this.#numbers.below(word.length)).join("");
  }

  /** The place of a message, or one beside it; `undefined` if there is no message. */
  #somePlace(): MessagePlace | undefined {
    if (this.#sent.length === 0) return undefined;
    const { id, from, at = 0 } = this.#numbers.pick(this.#sent);
    return { time: at, origin: this.#numbers.pick(this.#origins), id, sender: from };
  }

  #add(event: Event): void {
    const origin = this.#numbers.pick(this.#origins);
    const seq = (this.#seqs.get(origin) ?? 0) + 1;
    this.#seqs.set(origin, seq);
    this.entries.push(entryOf(origin, seq, this.entries.length + 1, event));
  }

  #event(): Event {
    const kind = this.#numbers.below(100);
    if (kind < 80 || this.#sent.length === 0) return this.#message();
    const { from, to, id } = this.#numbers.pick(this.#sent);
    const marks = { sender: from, recipient: to, ids: [id] };
    if (kind < 88) return { type: "messagesHidden", ...marks };
    if (kind < 97) return { type: "messagesDeleted", ...marks };
    if (kind < 99) return { type: "messagesRead", ...marks };
    return this.#numbers.below(4) > 0
      ? { type: "messagesDelivered", ...marks }
      : { type: "accountDeleted", account: from };
  }

  #message(): MessageSent {
    const numbers = this.#numbers;
    const recipient = numbers.below(this.accounts.length);
    const message: MessageSent = {
      type: "messageSent",
      id: `m${numbers.below(IDS)}`,
      from: numbers.pick(this.accounts),
      to: this.accounts[recipient] ?? "",
      content: Array.from({ length: 1 + numbers.below(3) }, () => numbers.pick(WORDS)).join(" "),
      // One id of one sender to two people at one time has no order.
      at: numbers.below(TIMES) * this.accounts.length + recipient,
    };
    this.#sent.push(message);
    return message;
  }
}
