/**
 * Runs seeds in a thread of its own: it is posted a job and posts back its tally.
 *
 * @module
 */

import type { Job } from "./crew.ts";
import { PLANTED_FAULTS } from "./planted_faults.ts";
import { runSeeds } from "./seeds.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Job>) => void;
  postMessage(message: unknown): void;
};

scope.onmessage = ({ data: { from, count, planted } }) => {
  const seeds = Array.from({ length: count }, (_, i) => from + i);
  scope.postMessage(runSeeds(seeds, planted === undefined ? undefined : PLANTED_FAULTS[planted]?.mutation));
};
