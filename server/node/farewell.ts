/**
 * The last words of a node to its clients.
 *
 * @module
 */

import { encodePush } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { Audience } from "./audience.ts";
import type { NodeSettings } from "./node_settings.ts";
import type { Outlet } from "./turn.ts";

/** The push that tells clients to go on with other nodes. */
export function closingPush({ name, nodes }: NodeSettings, reason: string): Push {
  return { name: "closing", payload: { reason, nodes: nodes.filter((node) => node.name !== name) } };
}

/** The clients of a node. */
interface Clients {
  readonly settings: NodeSettings;
  readonly audience: Audience;
  /** Outlets with replies that wait for other nodes. */
  readonly holding: ReadonlySet<Outlet>;
}

/** Tells the clients to go on with other nodes, and ends their sessions without the replies that wait. */
export function sendAway({ settings, audience, holding }: Clients, reason: string): void {
  const push = closingPush(settings, reason);
  for (const subscriber of [...audience.all()]) {
    const { outlet, takesPushes } = subscriber;
    subscriber.end();
    outlet.drop(takesPushes ? encodePush(push, outlet.features) : undefined);
  }
  for (const outlet of [...holding]) outlet.drop();
}
