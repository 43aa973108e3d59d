/**
 * The row of a request in the server's table.
 *
 * @module
 */

import type { RequestName, RequestPayload } from "../../common/protocol/requests.ts";

/** Everything that is true of one request at the server, beside its type and shape in `common/protocol/requests.ts`. */
export interface RequestRow<Session, Name extends RequestName = RequestName> {
  /** Connections that may ask: any, or only those that are logged in. */
  readonly access: "anyone" | "account";
  /** True if it is served while this node serves no clients: its peers fill it, or have removed it. */
  readonly whileFilling: boolean;
  /** The rate that it counts against, beside the one for bytes. */
  readonly rate?: "messages";
  /**
   * `copies` if its reply waits until other disks have its events: they must not vanish together with one node.
   * `own disk` if the disk of this node is enough.
   */
  readonly durableOn: "own disk" | "copies";
  /** Work that it takes beside that of its bytes, units; none unless given. */
  readonly work?: (payload: RequestPayload<Name>) => number;
  /** Serves it. */
  readonly handle: (session: Session, payload: RequestPayload<Name>) => void;
}

/** One row for each request. */
export type RequestTable<Session> = { readonly [Name in RequestName]: RequestRow<Session, Name> };
