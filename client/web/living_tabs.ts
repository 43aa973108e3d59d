/**
 * Tells tabs that are open from those that are gone: an open one answers.
 *
 * @module
 */

/** Time after which a tab that does not answer is gone, ms. */
const ANSWER_MS = 1_000;

/** A message between tabs. */
type Signal = { readonly kind: "whoIsThere" } | { readonly kind: "there"; readonly key: string };

/** The part of a `BroadcastChannel` that is used. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener">;

/** The other tabs with this page. */
export class LivingTabs {
  readonly #channel: Channel | undefined;
  readonly #wait: (ms: number) => Promise<void>;
  /** Beginnings of the keys of those that have answered. */
  readonly #alive = new Set<string>();

  /**
   * @param own how the keys of the records of this tab begin, and of no other
   * @param channel leads to the other tabs; undefined where the browser has none
   */
  constructor(own: string, channel: Channel | undefined, wait: (ms: number) => Promise<void>) {
    this.#channel = channel;
    this.#wait = wait;
    channel?.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
      if (data.kind === "there") this.#alive.add(data.key);
      else this.#say({ kind: "there", key: own });
    });
  }

  /** True if other tabs can be asked. */
  get canAsk(): boolean {
    return this.#channel !== undefined;
  }

  /** The keys of records whose tab does not answer, or that are of no tab. */
  async goneOf(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    this.#say({ kind: "whoIsThere" });
    await this.#wait(ANSWER_MS);
    return new Set(keys.filter((key) => ![...this.#alive].some((tab) => key.startsWith(tab))));
  }

  #say(signal: Signal): void {
    this.#channel?.postMessage(signal);
  }
}
