/**
 * An archive in memory: it reads the state of its node, and so is the model that other archives are compared with.
 *
 * @module
 */

import type { Account } from "../../server/core/accounts/account.ts";
import { compareMessages, type Message } from "../../server/core/messages/message.ts";
import { messageTerms } from "../../server/core/search/terms.ts";
import type { State } from "../../server/core/state.ts";
import type {
  ArchiveStatus,
  FoundMessage,
  MessageArchive,
  MessagePlace,
  SearchOutcome,
  SearchQuery,
} from "../../server/ports/archive.ts";

/** The answer of an archive that has folded everything in `state`. */
export function searchState(state: State, query: SearchQuery): SearchOutcome {
  const { account: id, terms, other, before, limit } = query;
  const account = state.accounts.get(id);
  const found = account === undefined ? [] : visibleTo(account)
    .filter((message) => other === undefined || partnerOf(message, account).id === other)
    .filter((message) => before === undefined || comesBefore(message, before))
    .filter(({ content }) => matches(content, terms))
    .sort((a, b) => compareMessages(b, a));
  return { messages: found.slice(0, limit).map(foundOf), more: found.length > limit };
}

function visibleTo(account: Account): Message[] {
  const messages = [...account.conversations.values()].flatMap((conversation) => conversation.messages);
  return messages.filter((message) => !message.isGoneFor(account));
}

function partnerOf({ sender, recipient }: Message, account: Account): Account {
  return sender === account ? recipient : sender;
}

function comesBefore(message: Message, { sender, ...place }: MessagePlace): boolean {
  return compareMessages(message, { ...place, sender: { id: sender } } as Message) < 0;
}

function matches(content: string, wanted: readonly string[]): boolean {
  const terms = messageTerms(content);
  return wanted.every((beginning) => terms.some((term) => term.startsWith(beginning)));
}

function foundOf({ time, origin, id, sender, recipient }: Message): FoundMessage {
  return { time, origin, id, sender: sender.id, recipient: recipient.id };
}

/** An archive that answers at once, or when its user lets it. */
export class MemoryArchive implements MessageArchive {
  /** True while answers wait for `answer`. What they say is that of the moment of their question. */
  isHeld = false;
  /** Answered in place of everything that would be found. */
  problem: Extract<SearchOutcome, { readonly problem: string }> | undefined;
  /** All questions so far. */
  readonly queries: SearchQuery[] = [];
  readonly #state: () => State;
  readonly #held: (() => void)[] = [];

  constructor(state: () => State) {
    this.#state = state;
  }

  search(query: SearchQuery, done: (outcome: SearchOutcome) => void): void {
    this.queries.push(query);
    const outcome = this.problem ?? searchState(this.#state(), query);
    if (this.isHeld) this.#held.push(() => done(outcome));
    else done(outcome);
  }

  /** Gives the answers that were held. */
  answer(): void {
    for (const give of this.#held.splice(0)) give();
  }

  status(): ArchiveStatus {
    return { position: 0, lag: 0, isBuilding: false, problem: undefined };
  }
}
