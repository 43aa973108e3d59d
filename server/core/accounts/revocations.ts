/**
 * Revocations of login tokens. A revoked token has left the state, but an entry that issues it may still come: the first
 * one from another node, or the same one under another name, after a repair of a fork. None of them lets it back.
 *
 * @module
 */

/** Stands for the stamp of an issue that has not arrived. */
const NOT_ARRIVED = Infinity;

/** The tokens that are revoked, until they would have expired anyway (`forgetRevoked`). */
export class Revocations {
  /** Stamps of their issues, by the SHA-256 of the token. */
  readonly #issued = new Map<string, number>();
  #looks: ReturnType<Map<string, number>["entries"]> | undefined;

  /** Number of revoked tokens that are remembered. */
  get size(): number {
    return this.#issued.size;
  }

  /** True if the token with this SHA-256 was revoked, and is remembered. */
  has(hash: string): boolean {
    return this.#issued.has(hash);
  }

  /** Stamp of the issue of a revoked token, microseconds since the Unix epoch; `undefined` if it has not arrived. */
  issued(hash: string): number | undefined {
    const stamp = this.#issued.get(hash);
    return stamp === NOT_ARRIVED ? undefined : stamp;
  }

  /** Remembers a revoked token. @param issued stamp of its issue; `undefined` if that has not arrived */
  add(hash: string, issued: number | undefined): void {
    const known = this.issued(hash);
    this.#issued.set(hash, issued === undefined ? known ?? NOT_ARRIVED : Math.max(known ?? 0, issued));
  }

  /** Forgets a revoked token. */
  delete(hash: string): void {
    this.#issued.delete(hash);
  }

  /** The SHA-256 of all of them. */
  hashes(): Iterable<string> {
    return this.#issued.keys();
  }

  /** The next few, with the stamps of their issues: infinite while one has not arrived. It begins again after the last one. */
  *next(count: number): Generator<readonly [hash: string, issued: number]> {
    this.#looks ??= this.#issued.entries();
    for (let i = 0; i < count; i++) {
      const { done, value } = this.#looks.next();
      if (done) return void (this.#looks = undefined);
      yield value;
    }
  }
}
