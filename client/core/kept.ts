/**
 * The newest chats, with their newest messages, as they outlive the program: so that a person has something to read
 * before a node answers. Whatever a node tells later is right.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { isUnsent, type Message } from "./message.ts";
import type { Model } from "./model.ts";
import { foreignness, savedChat } from "./outbox.ts";
import {
  account,
  dictionary,
  messageId,
  name,
  number,
  oneOf,
  optional,
  readable,
  text,
  Unreadable,
} from "./saved_parts.ts";
import type { SavedAccount } from "./saved_parts.ts";
import type { Step } from "./step.ts";

/** Number of the format; another form gets another number. */
const FORMAT = 1;

/** The most chats that are kept. */
export const KEPT_CHATS = 20;

/** The most messages of a chat that are kept. */
export const KEPT_MESSAGES = 50;

const STATUSES = ["unread", "delivered", "read"] as const;

/** A message that a node has told. */
interface KeptMessage extends Pick<Message, "id" | "timestamp" | "sender" | "recipient" | "content"> {
  readonly status: (typeof STATUSES)[number];
}

/** A chat, with its messages in their order. */
interface KeptChat {
  readonly with: SavedAccount;
  readonly unread: number;
  readonly messages: readonly KeptMessage[];
}

/** The newest chats of an account. */
export interface Kept {
  readonly format: typeof FORMAT;
  /** Name of the cluster, once a node has told it. */
  readonly cluster?: string | undefined;
  readonly of: SavedAccount;
  readonly chats: readonly KeptChat[];
}

/** The newest chats of the present account; undefined if there is none. Nothing of it was deleted. */
export function keptOf(model: Model): Kept | undefined {
  const { account, node } = model;
  if (account === undefined) return undefined;
  return {
    format: FORMAT,
    cluster: account.cluster ?? node?.welcome.cluster,
    of: { name: account.name, account: account.id },
    chats: chatsToKeep(model).map((chat) => keptChat(model, chat)),
  };
}

/** A text that changes with what `keptOf` gives, also where a chat goes with its last message. */
export function keptRevision(model: Model): string {
  return chatsToKeep(model).map(({ revision }) => revision).join();
}

function chatsToKeep({ messages }: Model): readonly Chat[] {
  return messages.chats.filter(({ former }) => !former).slice(0, KEPT_CHATS);
}

function keptChat({ messages }: Model, chat: Chat): KeptChat {
  const { name, account, unread } = chat;
  const told = messages.history(chat).filter((message) => !isUnsent(message)).slice(-KEPT_MESSAGES);
  return { with: { name, account }, unread, messages: told.map(keptMessage) };
}

function keptMessage({ id, timestamp, sender, recipient, content, status }: Message): KeptMessage {
  return {
    id,
    timestamp,
    sender,
    recipient,
    content,
    status: STATUSES.find((each) => each === status) ?? "unread",
  };
}

/** Puts back what `keptOf` has given, if it is of this account; anything else is passed over: a node tells it again. */
export function recall({ model }: Step, value: unknown): void {
  const kept = readKept(value);
  if (kept === undefined || foreignness(model, kept) !== undefined) return;
  for (const { with: end, unread, messages } of kept.chats) {
    const chat = savedChat(model, end);
    // A node has told of this chat already.
    if (model.messages.of(chat).some(({ told }) => told > 0)) continue;
    for (const message of messages) putBack(model, chat, message);
    model.chats.change(chat, { unread });
  }
}

function putBack({ messages, deleted }: Model, chat: Chat, message: KeptMessage): void {
  if (messages.has(message.id) || deleted.has(message.id)) return;
  messages.add({ ...message, chat, deleted: false, shown: false });
}

const readMessage = dictionary<KeptMessage>({
  id: messageId,
  timestamp: number,
  sender: name,
  recipient: name,
  content: text,
  status: oneOf(STATUSES),
});

const readChat = dictionary<KeptChat>({
  with: account,
  unread: number,
  messages: readable(KEPT_MESSAGES, readMessage),
});

const readWhole = dictionary<Kept>({
  format: oneOf([FORMAT]),
  cluster: optional(name),
  of: account,
  chats: readable(KEPT_CHATS, readChat),
});

/** Reads something kept; undefined if it cannot be read. */
function readKept(value: unknown): Kept | undefined {
  try {
    return readWhole(value, "");
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
