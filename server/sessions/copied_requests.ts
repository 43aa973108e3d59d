/**
 * The requests whose replies wait for other nodes.
 *
 * @module
 */

import type { RequestName } from "../../common/protocol/requests.ts";

/**
 * What they change must not vanish together with one node. A login is among them for its token, and for the
 * account that it may have made; marks of what was delivered and read are not.
 */
export const COPIED_REQUESTS: ReadonlySet<RequestName> = new Set([
  "finishLogin",
  "sendMessage",
  "deleteMessages",
  "deleteAccount",
  "logout",
  "changePassword",
]);
