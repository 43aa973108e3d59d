/**
 * Keeps the real world out of a simulated one: a call for real time or real randomness throws.
 *
 * @module
 */

/** Functions that are taken away, by the object that owns them. */
const OUTSIDE: readonly (readonly [object, readonly string[]])[] = [
  [Date, ["now"]],
  [performance, ["now"]],
  [Math, ["random"]],
  [crypto, ["getRandomValues", "randomUUID"]],
  [globalThis, ["setTimeout", "setInterval", "queueMicrotask", "fetch"]],
];

/** Runs `act` with real time, randomness, timers and network out of reach. */
export function withoutReality<Result>(act: () => Result): Result {
  const taken: (() => void)[] = [];
  for (const [owner, names] of OUTSIDE) {
    for (const name of names) taken.push(takeAway(owner, name));
  }
  try {
    return act();
  } finally {
    for (const giveBack of taken) giveBack();
  }
}

function takeAway(owner: object, name: string): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const value = (): never => {
    throw new Error(`${name} was called in a simulated world`);
  };
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (own === undefined) delete (owner as Record<string, unknown>)[name];
    else Object.defineProperty(owner, name, own);
  };
}
