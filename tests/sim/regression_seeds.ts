/**
 * Seeds whose schedules once violated an invariant. They are run for ever.
 *
 * A change of the simulator changes the schedules of its seeds. A seed that has lost its point stays in the
 * list, as it costs nothing.
 *
 * @module
 */

/** A seed, and the fault that it found. */
export interface RegressionSeed {
  readonly seed: number;
  readonly found: string;
}

/** All regression seeds. */
export const REGRESSION_SEEDS: readonly RegressionSeed[] = [
  {
    seed: 659,
    found: "entries of peers waited for ever: the archive had another message with the id of one of theirs",
  },
  {
    seed: 1_000_066,
    found: "the check itself: a node talked to a process that was gone, and had not told it",
  },
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
