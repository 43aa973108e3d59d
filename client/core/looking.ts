/**
 * The state of looking at people: whom the face looks at, and whom the present node was asked about.
 *
 * @module
 */

import { boundedWish, isSameWish, NOBODY, type Wish } from "./wish.ts";

/** The state of looking at people. */
export interface Looking {
  /** The people whom the face looks at. */
  wish: Wish;
  /** The people whom the present node was asked about last. */
  asked: Wish;
  /** Number of the last time when it was asked: the timers of earlier times have no meaning. */
  turn: number;
  /** True until it may be asked again. */
  isResting: boolean;
  /** True if it is to be asked even about the same people. */
  isDue: boolean;
  /** Time after which it is asked again, ms; `undefined` while it tells changes by itself. */
  pollMs: number | undefined;
  /** Number of the changes that the chats and rows have followed. */
  followed: number;
}

/** Nobody is looked at. */
export function newLooking(): Looking {
  return {
    wish: NOBODY,
    asked: NOBODY,
    turn: 0,
    isResting: false,
    isDue: false,
    pollMs: undefined,
    followed: 0,
  };
}

/** The input by which a face looks at these people; `undefined` if the client looks at them already. */
export function inputToLook({ wish }: Looking, wanted: Wish): { readonly kind: "lookAt" } & Wish | undefined {
  const bounded = boundedWish(wanted);
  return isSameWish(bounded, wish) ? undefined : { kind: "lookAt", ...bounded };
}
