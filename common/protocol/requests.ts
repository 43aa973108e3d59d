/**
 * The table of requests: one row each, with the payload of the confirmed dialect (client protocol, section 4).
 *
 * @module
 */

import { dictionary, optional } from "./dictionary.ts";
import { FEATURES } from "./features.ts";
import {
  boolean,
  integer,
  listOf,
  mapped,
  nothing,
  oneOf,
  orNothing,
  type Shape,
  text,
  type TypeOf,
} from "./shape.ts";
import { uuid } from "./shapes.ts";

/** Version of the confirmed dialect in HELLO and WELCOME. */
export const PROTOCOL_VERSION = 2;

/** The password; for a new account that needs an invitation, a dictionary with the code. */
const login: Shape<{ readonly password: string; readonly invitation?: string | undefined }> = {
  what: "a string or a dictionary",
  read: (value, path, strangers) =>
    typeof value === "string" ? { password: value } : invited.read(value, path, strangers),
  write: (writer, { password, invitation }, features) => {
    if (invitation === undefined) text.write(writer, password, features);
    else invited.write(writer, { password, invitation }, features);
  },
};

const invited = dictionary({ password: text, invitation: text });

const peopleRange = dictionary({ match: optional(text), after: optional(text), limit: integer });

/** Rows by request. */
export const REQUESTS = {
  startLogin: { type: 1, shape: mapped(text, (name) => ({ name }), (request) => request.name) },
  finishLogin: { type: 2, shape: login },
  sendMessage: {
    type: 3,
    shape: dictionary({ to: text, content: text, id: optional(uuid), account: optional(text) }),
  },
  readMessages: { type: 4, shape: dictionary({ with: text, ids: optional(listOf(uuid)) }) },
  listMessages: {
    type: 5,
    shape: dictionary({
      with: optional(text),
      before: optional(uuid),
      after: optional(uuid),
      limit: optional(integer),
      undelivered: optional(boolean),
    }),
  },
  listUsers: {
    type: 6,
    shape: dictionary({ match: optional(text), after: optional(text), limit: optional(integer) }),
  },
  deleteMessages: { type: 7, shape: dictionary({ ids: listOf(uuid) }) },
  deleteAccount: { type: 8, shape: dictionary({ password: text }) },
  // Only the original dialect has a name here.
  ping: { type: 9, shape: nothing as Shape<{ readonly name: string } | null> },
  hello: { type: 10, shape: dictionary({ version: integer, client: text }) },
  resume: { type: 13, shape: dictionary({ token: text }) },
  logout: { type: 14, shape: nothing },
  confirmDelivery: { type: 15, shape: dictionary({ ids: listOf(uuid) }) },
  changePassword: { type: 16, shape: dictionary({ old: text, new: text }) },
  listChats: { type: 17, shape: dictionary({ limit: optional(integer), before: optional(text) }) },
  nodeStatus: { type: 18, shape: nothing },
  useFeatures: { type: 19, shape: dictionary({ use: listOf(oneOf(...FEATURES)) }) },
  search: {
    type: 20,
    shape: dictionary({
      words: text,
      with: optional(text),
      before: optional(uuid),
      limit: optional(integer),
    }),
  },
  // An empty payload ends the watch.
  watchPeople: {
    type: 21,
    shape: orNothing(dictionary({ people: optional(peopleRange), names: optional(listOf(text)) })),
  },
  blockPerson: { type: 22, shape: dictionary({ user: text, blocked: boolean }) },
  listBlocked: { type: 23, shape: dictionary({ after: optional(text), limit: optional(integer) }) },
};

/** Name of a request. */
export type RequestName = keyof typeof REQUESTS;

/** Payload of a request. */
export type RequestPayload<Name extends RequestName> = TypeOf<(typeof REQUESTS)[Name]["shape"]>;

/** Any request; `name` determines the type of `payload`. */
export type Request = {
  [Name in RequestName]: { readonly name: Name; readonly payload: RequestPayload<Name> };
}[RequestName];
