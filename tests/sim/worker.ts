/**
 * Runs seeds in a thread of its own: it is posted a job and posts back its tally.
 *
 * @module
 */

import type { Job } from "./crew.ts";
import { PLANTED_FAULTS } from "./planted_faults.ts";
import { runPlanted, runSeeds } from "./seeds.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Job>) => void;
  postMessage(message: unknown): void;
};

scope.onmessage = ({ data: { from, count, planted } }) => {
  const seeds = Array.from({ length: count }, (_, i) => from + i);
  const fault = PLANTED_FAULTS[planted ?? -1];
  scope.postMessage(fault === undefined ? runSeeds(seeds) : runPlanted(seeds, fault.mutation));
};
