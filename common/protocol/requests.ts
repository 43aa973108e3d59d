/**
 * The table of requests: one row each, for both dialects (client protocol, sections 3 and 4).
 *
 * @module
 */

import { dictionary, optional } from "./dictionary.ts";
import { type Feature, FEATURES } from "./features.ts";
import {
  boolean,
  checked,
  integer,
  listOf,
  mapped,
  nothing,
  type Shape,
  ShapeError,
  text,
  type TypeOf,
} from "./shape.ts";
import { uuid } from "./shapes.ts";

/** Version of the confirmed dialect in HELLO and WELCOME. */
export const PROTOCOL_VERSION = 2;

interface PayloadRow<T> {
  readonly type: number;
  /** Payload in the original dialect; missing if that dialect lacks the request. */
  readonly original?: Shape<NoInfer<T>>;
  /** True if the original dialect has a reply to it; the confirmed one always has. */
  readonly answersOriginal: boolean;
  /** Payload in the confirmed dialect. */
  readonly confirmed: Shape<T>;
}

function row<T>(columns: PayloadRow<T>): PayloadRow<T> {
  return columns;
}

/** Recipient and content, in the form of the original dialect. */
const recipientAndContent: Shape<
  { readonly to: string; readonly content: string; readonly id?: string; readonly account?: string }
> = {
  what: "a list of recipient and content",
  read: (value, path) => {
    const [to, content, ...more] = listOf(text).read(value, path);
    if (to === undefined || content === undefined || more.length > 0) {
      throw new ShapeError(`${path} must be a list of two strings, recipient and content`);
    }
    return { to, content };
  },
  write: (writer, { to, content }, features) => listOf(text).write(writer, [to, content], features),
};

const name = mapped(text, (name) => ({ name }), (request) => request.name);
const password = mapped(text, (password) => ({ password }), (request) => request.password);

const messagePage = checked(
  dictionary({
    with: optional(text),
    before: optional(uuid),
    after: optional(uuid),
    limit: optional(integer),
    undelivered: optional(boolean),
  }),
  (page) => {
    if (page.undelivered === false) return "undelivered must be true or left out";
    if (page.undelivered) {
      const other = (["with", "before", "after"] as const).find((field) => page[field] !== undefined);
      return other && `undelivered and ${other} do not go together`;
    }
    if (page.with === undefined) return "payload lacks the field with, which is a string";
    if (page.before !== undefined && page.after !== undefined) return "before and after do not go together";
    return undefined;
  },
);

/** Name of a feature that this node has. */
const featureName: Shape<Feature> = {
  what: "the name of a feature",
  read: (value, path) => {
    const name = text.read(value, path);
    const feature = FEATURES.find((each) => each === name);
    if (feature !== undefined) return feature;
    const shown = JSON.stringify(name.slice(0, 64));
    throw new ShapeError(`${path} is ${shown}, and the features of this node are ${FEATURES.join(", ")}`);
  },
  write: text.write,
};

const watchedPeople = checked(
  dictionary({
    people: optional(dictionary({ match: optional(text), after: optional(text), limit: integer })),
    names: optional(listOf(text)),
  }),
  ({ people, names }) =>
    people === undefined && names === undefined
      ? "payload has neither people nor names; an empty payload ends the watch"
      : undefined,
);

/** The people to watch, or an empty payload for nobody. */
const nobodyOrPeople: Shape<TypeOf<typeof watchedPeople> | null> = {
  what: "empty or a dictionary",
  read: (value, path, strangers) => value === null ? null : watchedPeople.read(value, path, strangers),
  write: (writer, value, features) =>
    value === null ? undefined : watchedPeople.write(writer, value, features),
};

const helloFields = dictionary({ version: integer, client: text });

/** HELLO. Of another version, only the number is read, for its fields are unknown; the reply names ours. */
const greeting: typeof helloFields = {
  ...helloFields,
  read: (value, path) => {
    const version = value instanceof Map ? value.get("version") : undefined;
    const other = typeof version === "number" && version !== PROTOCOL_VERSION;
    return other ? { version, client: "" } : helloFields.read(value, path);
  },
};

/** Rows by request. */
export const REQUESTS = {
  startLogin: row({ type: 1, answersOriginal: true, original: name, confirmed: name }),
  finishLogin: row({
    type: 2,
    answersOriginal: true,
    original: password,
    confirmed: password,
  }),
  sendMessage: row({
    type: 3,
    answersOriginal: false,
    original: recipientAndContent,
    confirmed: dictionary({ to: text, content: text, id: optional(uuid), account: optional(text) }),
  }),
  readMessages: row({
    type: 4,
    answersOriginal: false,
    original: mapped(text, (sender) => ({ with: sender }), (request) => request.with),
    confirmed: dictionary({ with: text, ids: optional(listOf(uuid)) }),
  }),
  listMessages: row({
    type: 5,
    answersOriginal: true,
    original: mapped(text, (other) => ({ with: other }), (request) => request.with ?? ""),
    confirmed: messagePage,
  }),
  listUsers: row({
    type: 6,
    answersOriginal: true,
    original: mapped(nothing, () => ({}), () => null),
    confirmed: dictionary({ match: optional(text), after: optional(text), limit: optional(integer) }),
  }),
  deleteMessages: row({
    type: 7,
    answersOriginal: false,
    original: mapped(text, (id) => ({ ids: [id] }), (request) => request.ids[0] ?? ""),
    confirmed: dictionary({ ids: listOf(uuid) }),
  }),
  deleteAccount: row({
    type: 8,
    answersOriginal: false,
    original: mapped(nothing, () => ({ password: "" }), () => null),
    confirmed: dictionary({ password: text }),
  }),
  ping: row({
    type: 9,
    answersOriginal: false,
    original: mapped(text, () => null, () => ""),
    confirmed: nothing,
  }),
  hello: row({
    type: 10,
    answersOriginal: true,
    confirmed: greeting,
  }),
  resume: row({
    type: 13,
    answersOriginal: false,
    confirmed: dictionary({ token: text }),
  }),
  logout: row({ type: 14, answersOriginal: false, confirmed: nothing }),
  confirmDelivery: row({
    type: 15,
    answersOriginal: false,
    confirmed: dictionary({ ids: listOf(uuid) }),
  }),
  changePassword: row({
    type: 16,
    answersOriginal: false,
    confirmed: dictionary({ old: text, new: text }),
  }),
  listChats: row({
    type: 17,
    answersOriginal: false,
    confirmed: dictionary({ limit: optional(integer), before: optional(text) }),
  }),
  nodeStatus: row({ type: 18, answersOriginal: false, confirmed: nothing }),
  useFeatures: row({
    type: 19,
    answersOriginal: false,
    confirmed: dictionary({ use: listOf(featureName) }),
  }),
  search: row({
    type: 20,
    answersOriginal: false,
    confirmed: dictionary({
      words: text,
      with: optional(text),
      before: optional(uuid),
      limit: optional(integer),
    }),
  }),
  watchPeople: row({ type: 21, answersOriginal: false, confirmed: nobodyOrPeople }),
};

/** Name of a request. */
export type RequestName = keyof typeof REQUESTS;

/** Payload of a request. */
export type RequestPayload<Name extends RequestName> = TypeOf<(typeof REQUESTS)[Name]["confirmed"]>;

/** Any request; `name` determines the type of `payload`. */
export type Request = {
  [Name in RequestName]: { readonly name: Name; readonly payload: RequestPayload<Name> };
}[RequestName];
