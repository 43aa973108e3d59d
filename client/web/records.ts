/**
 * Records of a page that outlive its tabs.
 *
 * @module
 */

/** A record, with its key. */
export type Entry = readonly [key: string, value: unknown];

/** Records to keep, and keys of records to remove. */
export interface Changes {
  readonly set?: readonly Entry[];
  readonly drop?: readonly string[];
}

/** Records by key, which all tabs share. A change happens as a whole or not at all. */
export interface Records {
  /** All records, in the order of their keys. */
  all(): Promise<readonly Entry[]>;
  /** The keys of all records. */
  keys(): Promise<readonly string[]>;
  /** Changes records; rejects if they cannot be kept. */
  write(changes: Changes): Promise<void>;
  /**
   * Changes records by what is there; no tab changes anything in between.
   *
   * @param decide is called once, and throws nothing
   */
  change(decide: (all: readonly Entry[]) => Changes): Promise<void>;
}
