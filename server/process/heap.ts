/**
 * The heap of this process, measured by V8.
 *
 * @module
 */

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Heap } from "./heap_watch.ts";

/** Share of young objects in V8's limit, bytes: three semispaces of 32 MiB on a system of 64 bits. */
const YOUNG_BYTES = 96 * 1_048_576;

/** Least room for old objects that a process is given in that way, bytes. */
const OLD_BYTES_MIN = 16 * 1_048_576;

/** Lower bound of their share where other flags of V8 divide the heap. */
const OLD_SHARE_MIN = 0.4;

/** The heap of this process. */
export function processHeap(): Heap {
  return { roomBytes: roomOf(getHeapStatistics().heap_size_limit), usedBytes, collect: collector() };
}

/**
 * Room for objects that stay: `--max-old-space-size`, which V8 tells only together with the room for young objects.
 *
 * @param limit V8's limit of the whole heap, bytes
 */
export function roomOf(limit: number): number {
  return limit >= YOUNG_BYTES + OLD_BYTES_MIN ? limit - YOUNG_BYTES : OLD_SHARE_MIN * limit;
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

/**
 * V8's full garbage collection, which a new context gets as a function once the flag is set
 * (https://github.com/v8/v8/blob/main/src/extensions/gc-extension.h); `undefined` if this runtime gives none.
 */
function collector(): (() => void) | undefined {
  try {
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    return typeof collect === "function" ? () => void collect() : undefined;
  } catch {
    return undefined;
  }
}
