/**
 * Tells tabs that are open from those that are gone: an open one answers, or holds a lock, which a browser takes from a
 * tab that has crashed and leaves to one that it has put to sleep.
 *
 * @module
 */

/** Time after which a tab that does not answer is gone, ms. */
const ANSWER_MS = 1_000;

/** A message between tabs. */
type Signal = { readonly kind: "whoIsThere" } | { readonly kind: "there"; readonly key: string };

/** The part of a `BroadcastChannel` that is used. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener">;

/** The part of a `LockManager` that is used. */
export interface Locks {
  request(name: string, hold: () => Promise<unknown>): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** The other tabs with this page. */
export class LivingTabs {
  readonly #channel: Channel;
  readonly #locks: Locks | undefined;
  readonly #wait: (ms: number) => Promise<void>;
  /** For each question under way: beginnings of the keys of those that have answered. */
  readonly #answers = new Set<Set<string>>();

  /**
   * @param own how the keys of the records of this tab begin, and of no other
   * @param channel leads to the other tabs
   * @param locks undefined without a secure context
   */
  constructor(
    own: string,
    channel: Channel,
    locks: Locks | undefined,
    wait: (ms: number) => Promise<void>,
  ) {
    this.#channel = channel;
    this.#locks = locks;
    this.#wait = wait;
    locks?.request(own, () => new Promise(() => {})).catch(() => {});
    channel.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
      if (data.kind === "whoIsThere") this.#say({ kind: "there", key: own });
      else for (const answers of this.#answers) answers.add(data.key);
    });
  }

  /** The keys of records whose tab does not answer, or that are of no tab. */
  async goneOf(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const answers = new Set<string>();
    this.#answers.add(answers);
    this.#say({ kind: "whoIsThere" });
    // Tabs of earlier releases hold no lock, and one that sleeps does not answer.
    const [asleep] = await Promise.all([this.#holders(), this.#wait(ANSWER_MS)]);
    this.#answers.delete(answers);
    const alive = [...answers, ...asleep];
    return new Set(keys.filter((key) => !alive.some((tab) => key.startsWith(tab))));
  }

  /** Names of the locks that are held. */
  async #holders(): Promise<readonly string[]> {
    const { held = [] } = await this.#locks?.query().catch(() => undefined) ?? {};
    return held.flatMap(({ name }) => name ?? []);
  }

  #say(signal: Signal): void {
    this.#channel.postMessage(signal);
  }
}
