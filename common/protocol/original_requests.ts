/**
 * The table of the requests that the original dialect has (client protocol, section 3). Their numbers are those of
 * `REQUESTS`.
 *
 * @module
 */

import { type RequestName, type RequestPayload, REQUESTS } from "./requests.ts";
import { listOf, mapped, nothing, type Shape, ShapeError, text } from "./shape.ts";

/** One request of the original dialect. */
interface OriginalRow<Name extends RequestName> {
  readonly shape: Shape<RequestPayload<Name>>;
  /** True if it has a reply; in the confirmed dialect, every request has one. */
  readonly isAnswered: boolean;
}

const recipientAndContent: Shape<RequestPayload<"sendMessage">> = {
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

/** What stands in a payload that the original does not look at. */
const anything: Shape<Record<never, never>> = { what: "anything", read: () => ({}), write: () => {} };

/** Rows by request; missing where the original dialect lacks it. */
export const ORIGINAL_REQUESTS: { readonly [Name in RequestName]?: OriginalRow<Name> } = {
  startLogin: { shape: REQUESTS.startLogin.shape, isAnswered: true },
  finishLogin: {
    shape: mapped(text, (password) => ({ password }), (request) => request.password),
    isAnswered: true,
  },
  sendMessage: { shape: recipientAndContent, isAnswered: false },
  readMessages: {
    shape: mapped(text, (sender) => ({ with: sender }), (request) => request.with),
    isAnswered: false,
  },
  listMessages: {
    shape: mapped(text, (other) => ({ with: other }), (request) => request.with ?? ""),
    isAnswered: true,
  },
  listUsers: { shape: anything, isAnswered: true },
  deleteMessages: {
    shape: mapped(text, (id) => ({ ids: [id] }), (request) => request.ids[0] ?? ""),
    isAnswered: false,
  },
  deleteAccount: { shape: mapped(nothing, () => ({ password: "" }), () => null), isAnswered: false },
  ping: { shape: mapped(text, (name) => ({ name }), (named) => named?.name ?? ""), isAnswered: false },
};
