/**
 * A search by halves.
 *
 * @module
 */

/** The last item that fits, if any does. Of items in a row, those that fit come first. */
export function lastFitting<Item>(items: readonly Item[], fits: (item: Item) => boolean): Item | undefined {
  let fitting = 0;
  let end = items.length;
  while (fitting < end) {
    const middle = (fitting + end) >> 1;
    if (fits(items[middle] as Item)) fitting = middle + 1;
    else end = middle;
  }
  return items[fitting - 1];
}
