/**
 * Suggestions for mistyped names.
 *
 * @module
 */

/**
 * The name closest to a mistyped one, ignoring case.
 *
 * @returns `undefined` if more than a third of the letters, and more than one, would have to change
 */
export function closestName(written: string, names: Iterable<string>): string | undefined {
  let closest: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const changes = editDistance(written.toLowerCase(), name.toLowerCase());
    const changesMax = Math.max(1, Math.floor(Math.max(written.length, name.length) / 3));
    if (changes > changesMax || changes >= least) continue;
    closest = name;
    least = changes;
  }
  return closest;
}

/** `; did you mean "port"?`, to end an error message with; empty if no name is close. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const closest = closestName(written, names);
  return closest === undefined ? "" : `; did you mean "${closest}"?`;
}

/**
 * Number of letters to insert, leave out, replace or swap with their neighbour to turn one text into the
 * other (the optimal string alignment distance).
 */
export function editDistance(one: string, other: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = at(previous, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
        ? at(beforePrevious, j - 2) + 1
        : Infinity;
      row.push(Math.min(at(previous, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
