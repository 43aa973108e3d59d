/**
 * The table of replies of the confirmed dialect (client protocol, section 4).
 *
 * @module
 */

import { clusterStatus } from "./cluster_status.ts";
import { dictionary, optional } from "./dictionary.ts";
import {
  boolean,
  dictionaryOf,
  float,
  integer,
  listOf,
  nothing,
  orNothing,
  type Shape,
  text,
  type TypeOf,
} from "./shape.ts";
import { accountId, chatMessage, nodeAddresses } from "./shapes.ts";

/** Rows of the confirmed dialect, by reply. */
export const CONFIRMED_REPLIES = {
  // A code of a later version is a refusal all the same.
  error: {
    type: 100,
    shape: dictionary({ code: text, message: text, retryAfter: optional(float) }),
  },
  userExisting: { type: 101, shape: nothing },
  userNotExisting: { type: 102, shape: nothing },
  loginSuccess: {
    type: 103,
    shape: dictionary({ name: text, token: text, unread: integer, account: accountId }),
  },
  loginFailed: { type: 104, shape: nothing },
  messages: { type: 105, shape: dictionary({ messages: listOf(chatMessage), more: boolean }) },
  users: {
    type: 106,
    shape: dictionary({
      users: listOf(dictionary({ name: text, unread: integer, online: boolean, account: accountId })),
      more: boolean,
    }),
  },
  // The number of messages that the request changed, if it is one that changes messages.
  ok: { type: 107, shape: orNothing(dictionary({ count: integer })) },
  pong: { type: 109, shape: nothing },
  welcome: {
    type: 110,
    shape: dictionary({
      version: integer,
      server: text,
      node: text,
      cluster: text,
      nodes: nodeAddresses,
      limits: dictionaryOf(integer),
      // Missing at nodes of an earlier version. A newer node may name features that are unknown here.
      features: optional(listOf(text)),
    }),
  },
  sent: {
    type: 111,
    shape: dictionary({ id: text, timestamp: float, copies: integer, nodes: integer, account: accountId }),
  },
  chats: {
    type: 112,
    shape: dictionary({
      chats: listOf(dictionary({ with: text, unread: integer, last: chatMessage, account: accountId })),
      more: boolean,
    }),
  },
  clusterStatus: { type: 113, shape: clusterStatus },
  found: { type: 114, shape: dictionary({ messages: listOf(chatMessage), more: boolean }) },
  blocked: { type: 115, shape: dictionary({ names: listOf(text), more: boolean }) },
};

/** Any reply of a table of replies; `name` determines the type of `payload`. */
export type ReplyOf<Table extends Record<string, { readonly shape: Shape<unknown> }>> = {
  [Name in keyof Table]: { readonly name: Name; readonly payload: TypeOf<Table[Name]["shape"]> };
}[keyof Table];

/** Any reply of the confirmed dialect. */
export type ConfirmedReply = ReplyOf<typeof CONFIRMED_REPLIES>;
