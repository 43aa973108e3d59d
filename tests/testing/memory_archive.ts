/**
 * An archive in memory: it reads the state of its node, and so is the model that other archives are compared with.
 *
 * @module
 */

import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Account } from "../../server/core/accounts/account.ts";
import { compareMessages, type Message } from "../../server/core/messages/message.ts";
import { KnownIds } from "../../server/core/messages/known_ids.ts";
import { messageTerms } from "../../server/core/search/terms.ts";
import type { State } from "../../server/core/state.ts";
import type {
  ArchivedMessage,
  ArchivePage,
  ArchiveQuery,
  IdQuery,
  MessagePlace,
  PageQuery,
  SearchQuery,
  SizeQuery,
} from "../../server/core/messages/archived.ts";
import type { ArchiveOutcome, ArchiveStatus, MessageArchive } from "../../server/ports/archive.ts";

/** The answer of an archive that has folded everything in `state`. */
export function answerOf(state: State, query: ArchiveQuery): ArchivePage {
  switch (query.type) {
    case "search":
      return search(state, query);
    case "page":
      return page(state, query);
    case "ids":
      return withIds(state, query);
    case "knownIds":
      return allIds(state);
    case "size":
      return sizeOf(state, query);
  }
}

function search(state: State, { account: id, terms, other, before, limit }: SearchQuery): ArchivePage {
  const account = state.accounts.get(id);
  const found = account === undefined ? [] : visibleTo(account)
    .filter((message) => other === undefined || partnerOf(message, account).id === other)
    .filter((message) => before === undefined || order(message, before) < 0)
    .filter(({ content }) => matches(content, terms))
    .sort((a, b) => compareMessages(b, a));
  return { messages: found.slice(0, limit).map(archived), more: found.length > limit };
}

function page(state: State, query: PageQuery): ArchivePage {
  const { account: id, other, side, limit, bytes } = query;
  const account = state.accounts.get(id);
  const { mark, place = mark } = placeOf(state, query);
  if (query.place !== undefined && place === undefined) return { messages: [], more: false };
  const step = side === "before" ? -1 : 1;
  const beyond = account === undefined ? [] : visibleTo(account)
    .filter((message) => partnerOf(message, account).id === other)
    .filter((message) => place === undefined || step * order(message, place) > 0)
    .sort((a, b) => step * compareMessages(a, b));
  let size = 0;
  const room = beyond.findIndex(({ content }, i) => {
    size += utf8Bytes(content);
    return i === limit || (i > 0 && size > bytes);
  });
  const messages = beyond.slice(0, room < 0 ? undefined : room).map(archived);
  return { messages, more: room >= 0, ...mark && { mark } };
}

/** Where a page begins; the message there, if the query has only its id. */
function placeOf(
  state: State,
  { account, other, place }: PageQuery,
): { readonly place?: MessagePlace; readonly mark?: ArchivedMessage } {
  if (place === undefined) return {};
  if ("time" in place) return { place };
  const [mark] = withIds(state, { type: "ids", account, ids: [place.id] }).messages.filter((
    { sender, recipient },
  ) => sender === account && recipient === other || sender === other && recipient === account);
  return mark === undefined ? {} : { mark };
}

function withIds(state: State, { ids }: IdQuery): ArchivePage {
  const messages = ids.flatMap((id) => state.messages.withId(id));
  const byRecipient = messages.toSorted((a, b) => a.recipient.id < b.recipient.id ? -1 : 1);
  return { messages: byRecipient.sort(compareMessages).map(archived), more: false };
}

function allIds(state: State): ArchivePage {
  const ids = new KnownIds(state.messages.size);
  for (const { id } of state.messages.all()) ids.add(id);
  return { messages: [], more: false, ids: ids.filter };
}

function sizeOf(state: State, { account: id }: SizeQuery): ArchivePage {
  const conversations = [...state.accounts.get(id)?.conversations.values() ?? []];
  const contents = conversations.flatMap(({ messages }) => messages.map(({ content }) => content));
  const bytes = contents.reduce((sum, content) => sum + utf8Bytes(content), 0);
  return { messages: [], more: false, size: { messages: contents.length, bytes } };
}

function visibleTo(account: Account): Message[] {
  const messages = [...account.conversations.values()].flatMap((conversation) => conversation.messages);
  return messages.filter((message) => !message.isGoneFor(account));
}

function partnerOf({ sender, recipient }: Message, account: Account): Account {
  return sender === account ? recipient : sender;
}

function order(message: Message, { sender, ...place }: MessagePlace): number {
  return compareMessages(message, { ...place, sender: { id: sender } } as Message);
}

function matches(content: string, wanted: readonly string[]): boolean {
  const terms = messageTerms(content);
  return wanted.every((beginning) => terms.some((term) => term.startsWith(beginning)));
}

/** A message as an archive has it. */
export function archived(message: Message): ArchivedMessage {
  const { time, origin, id, sender, recipient, content, progress, hidden, deleted, fingerprint } = message;
  const marks = { progress, hidden, deleted, fingerprint };
  return { time, origin, id, sender: sender.id, recipient: recipient.id, content, marks };
}

/** An archive that answers at once, or when its user lets it. */
export class MemoryArchive implements MessageArchive {
  /** True while answers wait for `answer`. What they say is that of the moment of their question. */
  isHeld = false;
  /** Answered in place of everything that would be found. */
  problem: Extract<ArchiveOutcome, { readonly problem: string }> | undefined;
  /** All questions so far. */
  readonly queries: ArchiveQuery[] = [];
  readonly #state: () => State;
  readonly #held: (() => void)[] = [];

  constructor(state: () => State) {
    this.#state = state;
  }

  ask(query: ArchiveQuery, done: (outcome: ArchiveOutcome) => void): void {
    this.queries.push(query);
    const outcome = this.problem ?? answerOf(this.#state(), query);
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
