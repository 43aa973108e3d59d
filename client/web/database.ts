/**
 * Records in IndexedDB.
 *
 * @module
 */

import { createStore, promisifyRequest, type UseStore } from "idb-keyval";
import type { Changes, Entry, Records } from "./records.ts";

/** The records of a database; undefined where the browser has none. */
export function openRecords(name: string): Records | undefined {
  try {
    return typeof indexedDB === "undefined" ? undefined : new Database(createStore(name, "records"));
  } catch {
    return undefined;
  }
}

class Database implements Records {
  readonly #use: UseStore;

  constructor(use: UseStore) {
    this.#use = use;
  }

  all(): Promise<readonly Entry[]> {
    return this.#use("readonly", async (store) => {
      const [keys, values] = await Promise.all([
        promisifyRequest(store.getAllKeys()),
        promisifyRequest<unknown[]>(store.getAll()),
      ]);
      return entriesOf(keys, values);
    });
  }

  keys(): Promise<readonly string[]> {
    return this.#use("readonly", async (store) => (await promisifyRequest(store.getAllKeys())).map(String));
  }

  write(changes: Changes): Promise<void> {
    return this.#use("readwrite", (store) => {
      make(changes, store);
      return promisifyRequest(store.transaction);
    });
  }

  change(decide: (all: readonly Entry[]) => Changes): Promise<void> {
    return this.#use("readwrite", (store) => {
      const keys = store.getAllKeys();
      const values = store.getAll();
      values.onsuccess = () => {
        make(decide(entriesOf(keys.result, values.result)), store);
      };
      return promisifyRequest(store.transaction);
    });
  }
}

function entriesOf(keys: readonly IDBValidKey[], values: readonly unknown[]): readonly Entry[] {
  return keys.map((key, i) => [String(key), values[i]]);
}

function make({ set = [], drop = [] }: Changes, store: IDBObjectStore): void {
  for (const key of drop) store.delete(key);
  for (const [key, value] of set) store.put(value, key);
}
