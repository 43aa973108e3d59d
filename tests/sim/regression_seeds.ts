/**
 * Seeds whose schedules once violated an invariant: they are run for ever.
 *
 * A change of the simulator changes what its seeds do; a seed that has lost its point is left here all the same,
 * because it costs nothing.
 *
 * @module
 */

/** A seed, and what was wrong when it failed. */
export interface RegressionSeed {
  readonly seed: number;
  readonly found: string;
}

/** See the module. */
export const REGRESSION_SEEDS: readonly RegressionSeed[] = [
  {
    seed: 2544,
    found: "a message whose deletion had come first was sent again: the node asserted that it was stored",
  },
  {
    seed: 11_056,
    found: "an empty node waited for ever for what a peer had had before it lost its disk",
  },
  {
    seed: 30_140,
    found: "an entry was sent without its content before the deletion was synced",
  },
  {
    seed: 30_681,
    found: "a copy of a message was counted at a node that had not yet the account of its sender",
  },
  {
    seed: 2_007_583,
    found: "entries travelled without their content, and the only disk with the deletion was destroyed",
  },
  {
    seed: 8_197_216,
    found:
      "the check itself: the copies of a message to an account were counted for that to another of its name",
  },
  {
    seed: 8_008_500,
    found:
      "the check itself: a message that was sent again to a new account of the name was held against the lost one",
  },
];
