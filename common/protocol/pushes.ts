/**
 * The table of pushes: frames that a session of the confirmed dialect gets without asking (client protocol,
 * section 4).
 *
 * @module
 */

import { dictionary, optional } from "./dictionary.ts";
import { integer, listOf, oneOf, text, type TypeOf } from "./shape.ts";
import { accountId, chatMessage, nodeAddresses } from "./shapes.ts";

/** The meaning of an acknowledgement at this moment (client protocol, section 4.6). */
const clusterState = dictionary({ copies: integer, nodes: integer, alone: optional(text) });

/** Value of a CLUSTER push. */
export type ClusterState = TypeOf<typeof clusterState>;

/** The changes of a person that are pushed. */
const userChange = oneOf("created", "deleted", "renamed", "online", "offline");

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
      change: userChange,
      to: optional(text),
      account: accountId,
    }),
  },
  closing: { type: 204, shape: dictionary({ reason: text, nodes: nodeAddresses }) },
  nodes: { type: 205, shape: dictionary({ nodes: nodeAddresses }) },
  person: {
    type: 206,
    shape: dictionary({ name: text, account: text, change: userChange, to: optional(text) }),
  },
  cluster: { type: 207, shape: clusterState },
};

/** Any push; `name` determines the type of `payload`. */
export type Push = {
  [Name in keyof typeof PUSHES]: {
    readonly name: Name;
    readonly payload: TypeOf<(typeof PUSHES)[Name]["shape"]>;
  };
}[keyof typeof PUSHES];
