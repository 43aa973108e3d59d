/**
 * A set of ids that may say yes for one that is not in it, and never no for one that is: a chain of blocked Bloom
 * filters, of two bytes an id.
 *
 * @module
 */

/** Ids of the first filter, unless another number is expected; each further one is for twice as many. */
const FIRST_IDS = 65_536;

/** Bits of memory for an id. */
const BITS_PER_ID = 16;

/** Bits of a block: all of an id's bits are in one, which is one line of the processor's cache. */
const BLOCK_BITS = 512;
const BLOCK_WORDS = BLOCK_BITS / 32;
const IDS_PER_BLOCK = BLOCK_BITS / BITS_PER_ID;

/** Bits that an id sets in its block. */
const BITS_SET = 8;

/** The bits of a filter. */
export interface IdFilter {
  readonly words: Uint32Array;
}

/** Ids, of which about one in a hundred that are not in it seems to be. */
export class KnownIds {
  /** The last one has room. */
  readonly #filters: Filter[] = [];
  readonly #firstIds: number;
  #isComplete = true;

  /** @param ids expected number of ids */
  constructor(ids = FIRST_IDS) {
    this.#firstIds = Math.ceil(ids / IDS_PER_BLOCK) * IDS_PER_BLOCK;
  }

  /** False while ids that belong to the set are missing: then it affirms every id. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Ids that belong to the set are missing, until `complete`. */
  lackIds(): void {
    this.#isComplete = false;
  }

  /** Adds the ids that were missing. */
  complete({ words }: IdFilter): void {
    this.#filters.unshift(new Filter(words, 0));
    this.#isComplete = true;
  }

  /** The filter of all ids, if no more were added than expected. */
  get filter(): IdFilter {
    const [first = this.#newFilter()] = this.#filters;
    return { words: first.words };
  }

  #newFilter(): Filter {
    const ids = this.#firstIds * 2 ** this.#filters.length;
    return new Filter(new Uint32Array(ids * BITS_PER_ID / 32), ids);
  }

  /** Adds an id. */
  add(id: string): void {
    let filter = this.#filters.at(-1);
    if (filter === undefined || filter.isFull) {
      filter = this.#newFilter();
      this.#filters.push(filter);
    }
    filter.add(id);
  }

  /** False if an id is certainly not in the set. */
  mayHave(id: string): boolean {
    if (!this.#isComplete) return true;
    return this.#filters.length > 0 && this.#filters.some((filter) => filter.mayHave(id));
  }
}

class Filter {
  readonly #blocks: number;
  #room: number;

  /** @param room number of ids that may be added */
  constructor(readonly words: Uint32Array, room: number) {
    this.#blocks = words.length / BLOCK_WORDS;
    this.#room = room;
  }

  get isFull(): boolean {
    return this.#room === 0;
  }

  add(id: string): void {
    this.#room--;
    this.#eachBit(id, (word, bit) => {
      this.words[word] = (this.words[word] ?? 0) | bit;
      return true;
    });
  }

  mayHave(id: string): boolean {
    return this.#eachBit(id, (word, bit) => ((this.words[word] ?? 0) & bit) !== 0);
  }

  /** Visits the bits of an id while the visitor returns true; returns false if it did not at the end. */
  #eachBit(id: string, visit: (word: number, bit: number) => boolean): boolean {
    const block = hash(id, 0x811c9dc5) % this.#blocks;
    let place = hash(id, 0x9747b28c);
    // Odd, so that all places in the block are reached.
    const step = (place >>> 16) | 1;
    for (let i = 0; i < BITS_SET; i++) {
      const bit = place % BLOCK_BITS;
      if (!visit(block * BLOCK_WORDS + (bit >>> 5), 1 << (bit & 31))) return false;
      place = (place + step) >>> 0;
    }
    return true;
  }
}

/** FNV-1a over UTF-16 units, with the bits mixed at the end. */
function hash(id: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
