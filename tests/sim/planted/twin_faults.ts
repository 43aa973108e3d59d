/**
 * Faults around forks that schedules with copies of a data folder must find.
 *
 * @module
 */

import { Revocations } from "../../../server/core/accounts/revocations.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { RecentChains } from "../../../server/log/recent_chains.ts";
import { OwnEntries } from "../../../server/node/own_entries.ts";
import type { PeerLink } from "../../../server/ports/peers.ts";
import { SettledForks } from "../../../server/replication/settled_forks.ts";
import type { Mutation } from "../mutation.ts";
import type { TwinsKind } from "../twin_kinds.ts";
import { simulateTwins } from "../twins.ts";
import { type ForkFault, patched } from "./fork_faults.ts";
import { forwarding } from "./forwarding.ts";

/** Schedules of a kind that are run in search of a fault. */
const SCHEDULES = 25;

/** All faults. */
export const TWIN_FAULTS: readonly ForkFault[] = [
  {
    name: "a half that comes back alone is not told",
    run: (isPlanted) => firstProblem("holder away", isPlanted ? untold() : {}),
  },
  {
    name: "a settled fork stops its node again",
    run: (isPlanted) =>
      patched(
        isPlanted,
        SettledForks.prototype,
        "mayHave",
        { value: () => false },
        () => firstProblem("apart"),
      ),
  },
  {
    name: "stamps are not compared behind a gap",
    run: (isPlanted) => {
      const { at } = RecentChains.prototype;
      const value = function (this: RecentChains, origin: string, seq: number): unknown {
        const reached = at.call(this, origin, seq);
        return reached?.chain === undefined ? undefined : { ...reached, stamp: 0 };
      };
      return patched(isPlanted, RecentChains.prototype, "at", { value }, () => firstProblem("gap"));
    },
  },
  {
    name: "copies that write at one moment make equal stamps",
    run: (isPlanted) => {
      const { next } = OwnEntries.prototype;
      const value = (...args: Parameters<typeof next>): Entry => next.apply(new OwnEntries(0), args);
      return patched(isPlanted, OwnEntries.prototype, "next", { value }, () => problemOf(352, "apart"));
    },
  },
  {
    name: "a revoked token is forgotten once an entry has issued it",
    run: (isPlanted) => {
      const { add } = Revocations.prototype;
      const value = function (this: Revocations, hash: string, issued: number | undefined): void {
        if (issued === undefined) add.call(this, hash, issued);
        else this.delete(hash);
      };
      return patched(isPlanted, Revocations.prototype, "add", { value }, () => problemOf(79, "same peers"));
    },
  },
];

function firstProblem(kind: TwinsKind, mutation: Mutation = {}): string | undefined {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const problem = problemOf(seed, kind, mutation);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A change of the simulator may take a seed its point: 500 schedules have another one. */
function problemOf(seed: number, kind: TwinsKind, mutation: Mutation = {}): string | undefined {
  const { problem } = simulateTwins(seed, kind, mutation);
  return problem === undefined ? undefined : `seed ${seed}: ${problem}`;
}

/** Nobody tells where branches part without being asked. */
function untold(): Mutation {
  const silent = (link: PeerLink): PeerLink =>
    forwarding(link, {
      send: (message) => {
        if (message.type !== "traced" || message.seqs.length > 0) link.send(message);
      },
    });
  return {
    network: (network) => ({ dial: (peer, stream) => silent(network.dial(peer, stream)) }),
    acceptedLink: silent,
  };
}
