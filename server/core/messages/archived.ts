/**
 * Questions about messages that are not in memory, and messages as the archive has them: it follows the log, and may lag
 * behind it.
 *
 * @module
 */

import type { EarlyMark } from "./early_mark.ts";
import type { IdFilter } from "./known_ids.ts";

/** A place in the order in which people see messages (`compareMessages`). */
export interface MessagePlace {
  /** Microseconds since the Unix epoch. */
  readonly time: number;
  readonly origin: string;
  /** Message id. */
  readonly id: string;
  /** Account id of the sender. */
  readonly sender: string;
}

/** A search of one account in its own conversations. */
export interface SearchQuery {
  readonly type: "search";
  /** Id of the account that asks: only messages from it or to it are found, and none that it has hidden. */
  readonly account: string;
  /** Terms of `queryTerms`; each is the beginning of a term of every message that is found. */
  readonly terms: readonly string[];
  /** Account id of the other side; `undefined` for all conversations. */
  readonly other: string | undefined;
  /** Only messages before this place are found. */
  readonly before: MessagePlace | undefined;
  /** Most messages that are found. */
  readonly limit: number;
}

/** A message of a conversation that is named by its id only. */
export interface NamedPlace {
  readonly id: string;
}

/** A page of one conversation, as one of its two accounts sees it. */
export interface PageQuery {
  readonly type: "page";
  /** Id of the account that asks: messages that it has hidden are left out. */
  readonly account: string;
  /** Account id of the other side; the account itself for messages to oneself. */
  readonly other: string;
  /** The page has the newest messages before this place, or the oldest behind it. */
  readonly side: "before" | "after";
  /**
   * A message need not be there, unless it is named by its id; `undefined` for the newest messages, or for the oldest.
   */
  readonly place: MessagePlace | NamedPlace | undefined;
  /** Most messages on the page. */
  readonly limit: number;
  /** Most bytes of their contents in UTF-8; a page has at least one message, if there is any. */
  readonly bytes: number;
}

/** Looks messages up by their ids, whoever sent them, deleted ones too. */
export interface IdQuery {
  readonly type: "ids";
  /** Id of the account that asks: its queries wait for each other. */
  readonly account: string;
  /** Message ids, each of them once. */
  readonly ids: readonly string[];
}

/** Asks for the ids of all messages that the archive has. */
interface KnownIdsQuery {
  readonly type: "knownIds";
  /** Id of the account that asks: its queries wait for each other. */
  readonly account: string;
}

/** Counts the messages of an account, for the operator. */
export interface SizeQuery {
  readonly type: "size";
  /** Id of the account. */
  readonly account: string;
}

/** A question to the archive. */
export type ArchiveQuery = SearchQuery | PageQuery | IdQuery | KnownIdsQuery | SizeQuery;

/** A message as the archive has it: marks that came after the archive's place are missing. */
export interface ArchivedMessage extends MessagePlace {
  /** Account id of the recipient. */
  readonly recipient: string;
  /** Empty if the message is deleted. */
  readonly content: string;
  readonly marks: Readonly<EarlyMark>;
}

/**
 * Messages of an archive; `more` if there are others behind them. A search has the newest first, a page goes away
 * from its place, and a look-up by ids is in the order of people.
 */
export interface ArchivePage {
  readonly messages: readonly ArchivedMessage[];
  readonly more: boolean;
  /**
   * The message whose id a page's place is, deleted or not; of several, the first in the order of people. There is no
   * such message if it is missing, and then no other on the page.
   */
  readonly mark?: ArchivedMessage;
  /** All ids, for a question about them. */
  readonly ids?: IdFilter;
  /** Number of messages from and to the account that are not deleted, and bytes of their contents, for that question. */
  readonly size?: { readonly messages: number; readonly bytes: number };
}
