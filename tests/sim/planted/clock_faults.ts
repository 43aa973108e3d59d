/**
 * Faults in the times of messages and in the comparison of clocks.
 *
 * @module
 */

import type { Event, MessageSent } from "../../../server/core/events.ts";
import type { Node } from "../../../server/node/node.ts";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import type { PeerStream } from "../../../server/ports/peers.ts";
import type { PlantedFault } from "../planted_faults.ts";
import type { ServerProcess } from "../server_process.ts";
import { forwarding } from "./forwarding.ts";

/** Changes the messages that a node accepts. */
function accepted(node: Node, change: (event: MessageSent) => MessageSent): Node {
  const changed = (event: Event): Event => event.type === "messageSent" ? change(event) : event;
  return forwarding(node, { apply: (events, asker) => node.apply(events.map(changed), asker) });
}

function withoutTime({ at: _, ...timeless }: MessageSent): MessageSent {
  return timeless;
}

/** The stream, with a node that hears no clock after the hello. */
function withoutClock(stream: PeerStream): PeerStream {
  const silent = (message: PeerMessage): PeerMessage =>
    message.type === "heartbeat" || message.type === "ack" ? { ...message, wallMs: undefined } : message;
  return forwarding(stream, { received: (message) => stream.received(silent(message)) });
}

function wallMs({ machine }: ServerProcess): number {
  return machine.clock.wallMs();
}

/** Faults in times and clocks. */
export const CLOCK_FAULTS: readonly PlantedFault[] = [
  { name: "a message has the time of its stamp", mutation: { node: (node) => accepted(node, withoutTime) } },
  {
    name: "a message has the time of the clock, whatever was shown to its sender",
    mutation: {
      node: (node, process) => accepted(node, (event) => ({ ...event, at: wallMs(process) * 1_000 })),
    },
  },
  {
    name: "clocks are compared at the hello only",
    mutation: {
      acceptedStream: withoutClock,
      network: (network) => ({ dial: (peer, stream) => network.dial(peer, withoutClock(stream)) }),
    },
  },
  {
    name: "the wall clock is read once, at the start",
    mutation: {
      clock: (clock) => {
        const aheadMs = clock.wallMs() - clock.monotonicMs();
        return forwarding(clock, { wallMs: () => Math.floor(clock.monotonicMs() + aheadMs) });
      },
    },
  },
];
