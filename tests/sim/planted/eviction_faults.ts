/**
 * Faults in what leaves the memory of a node, and in what comes back.
 *
 * @module
 */

import { PROGRESS } from "../../../server/core/messages/message.ts";
import type { State } from "../../../server/core/state.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

type Listener = NonNullable<State["residency"]>;

/** A server in which the fold tells something else of what may leave memory. */
function telling(change: (listener: Listener, state: State) => Partial<Listener>): Mutation {
  return {
    evicting: (state) => {
      const listener = state.residency;
      if (listener !== undefined) state.residency = forwarding(listener, change(listener, state));
    },
  };
}

/** Each of them loses something, or brings something back that was deleted. */
export const EVICTION_FAULTS: readonly PlantedFault[] = [
  {
    name: "an unsettled message leaves memory",
    mutation: telling((listener) => ({
      changed: (message) => {
        const { progress } = message;
        message.progress = PROGRESS.read;
        listener.changed(message);
        message.progress = progress;
      },
    })),
  },
  {
    name: "a mark on a message that has left memory is dropped",
    mutation: telling((_listener, state) => ({ marked: (key) => void state.earlyMarks.delete(key) })),
  },
  {
    name: "ids of messages that have left memory seem to be new",
    mutation: { evicting: ({ evicted }) => void Object.assign(evicted, { mayHave: () => false }) },
  },
  {
    name: "a message that comes again is not brought back",
    mutation: {
      residents: (residents) => forwarding(residents, { bringBack: (_entries, then) => then() }),
    },
  },
  {
    name: "tombstones leave memory before the log is compacted",
    mutation: {
      residents: (residents) =>
        forwarding(residents, {
          reached: (position) => {
            residents.erased(position);
            residents.reached(position);
          },
        }),
    },
  },
];
