/**
 * The table of pushes: frames that a session of the confirmed dialect gets without asking (client protocol,
 * section 4).
 *
 * @module
 */

import { dictionary, optional } from "./dictionary.ts";
import { listOf, oneOf, text, type TypeOf } from "./shape.ts";
import { chatMessage, nodeAddresses } from "./shapes.ts";

/** Rows by push. */
export const PUSHES = {
  message: { type: 200, shape: chatMessage },
  status: {
    type: 201,
    shape: dictionary({ ids: listOf(text), status: oneOf("delivered", "read"), by: text }),
  },
  deleted: { type: 202, shape: dictionary({ ids: listOf(text), by: text }) },
  user: {
    type: 203,
    shape: dictionary({
      name: text,
      change: oneOf("created", "deleted", "renamed", "online", "offline"),
      to: optional(text),
    }),
  },
  closing: { type: 204, shape: dictionary({ reason: text, nodes: nodeAddresses }) },
};

/** Any push; `name` determines the type of `payload`. */
export type Push = {
  [Name in keyof typeof PUSHES]: {
    readonly name: Name;
    readonly payload: TypeOf<(typeof PUSHES)[Name]["shape"]>;
  };
}[keyof typeof PUSHES];
