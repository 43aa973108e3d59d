/**
 * The peers that have proved that they have the cluster key, as the data folder remembers them. A node of an earlier
 * version proves nothing: it is taken until the peer of that name has proved itself once, and never by a data folder
 * that this version has begun.
 *
 * @module
 */

import { addProven, ALL, readProven } from "../log/proven_names.ts";
import type { FileStore } from "../ports/files.ts";
import type { Logger } from "../ports/outside.ts";
import type { PeerAddress, ProvenPeers } from "../ports/peers.ts";

/** Parts of the memory. */
interface KnownProofsOptions {
  readonly files: FileStore;
  readonly logger: Logger;
  /** True if the command line has it take peers that prove nothing. */
  readonly takesUnproven: boolean;
}

/** Peers that must prove themselves, and those that need not yet. */
export class KnownProofs implements ProvenPeers {
  readonly #options: KnownProofsOptions;
  readonly #proven: Set<string>;
  readonly #warned = new Set<string>();
  #peers: ReadonlySet<string> = new Set();

  constructor(options: KnownProofsOptions, peers: readonly PeerAddress[]) {
    this.#options = options;
    this.#proven = new Set(readProven(options.files));
    this.reconfigure(peers);
  }

  /** Takes over a changed list of peers. */
  reconfigure(peers: readonly PeerAddress[]): void {
    this.#peers = new Set(peers.map(({ name }) => name));
  }

  /** See `ProvenPeers`. */
  get takesAny(): boolean {
    return this.#options.takesUnproven || this.#peers.values().some((name) => !this.#mustProve(name));
  }

  /** See `ProvenPeers`. */
  takesUnproven(name: string): boolean {
    if (!this.#peers.has(name)) return false;
    if (this.#mustProve(name) && !this.#options.takesUnproven) return false;
    if (!this.#warned.has(name)) this.#warn(name);
    this.#warned.add(name);
    return true;
  }

  /** See `ProvenPeers`. Once all peers have proved themselves, those that are configured later must too. */
  proved(name: string): void {
    if (!this.#peers.has(name) || this.#mustProve(name)) return;
    this.#keep(name);
    if (this.#peers.values().every((peer) => this.#proven.has(peer))) this.#keep(ALL);
  }

  #mustProve(name: string): boolean {
    return this.#proven.has(name) || this.#proven.has(ALL);
  }

  #keep(name: string): void {
    this.#proven.add(name);
    try {
      addProven(this.#options.files, name);
    } catch (error) {
      // A full disk: it holds until this process ends.
      this.#options.logger.warn("proofNotKept", { peer: name, error: String(error) });
    }
  }

  #warn(name: string): void {
    const reason = this.#options.takesUnproven
      ? "this node was started with --unproven-peers: whoever reaches its port can pose as that peer; start it " +
        "without the flag as soon as no node of an earlier version runs"
      : `it proves nothing, as a node of an earlier version: until it was upgraded, whoever listens on its port ` +
        "or reaches the one of this node can pose as it";
    this.#options.logger.warn("peerUnproven", { peer: name, reason });
  }
}
