/**
 * The proof that both ends of a stream have the cluster key (`Challenge`, `Answer` and `Proof` of
 * `proto/replication.proto`). The HMAC takes in role, cluster, names and nonces of both ends, so a proof is good for
 * one stream, in one direction, between these two nodes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type AnswerMessage,
  NONCE_BYTES,
  type PeerMessage,
  type ProofMessage,
  type RefusalCode,
} from "../ports/peer_message.ts";
import { otherNodeText } from "../replication/handshake.ts";

/** First text of every proof: an HMAC that this key gives for another purpose is none. */
const PURPOSE = "chat.replication.v1";

/** A node that has the key of its cluster. */
export interface KeyHolder {
  /** Name of the node. */
  readonly name: string;
  /** Name of the cluster. */
  readonly cluster: string;
  /** The cluster key. */
  readonly key: Uint8Array;
  /** File of the key, for messages to people. */
  readonly file: string;
}

/** Result of a message: the exchange goes on, the other end has proved its name, or it is refused. */
export type ProofStep =
  | { readonly result: "waiting"; readonly say: PeerMessage }
  | { readonly result: "proven"; readonly name: string; readonly say?: PeerMessage }
  | { readonly result: "refused"; readonly code: RefusalCode; readonly reason: string };

/** One end of the exchange. */
export interface ProofExchange {
  /** Message that opens the exchange, if this end opens it. */
  readonly opening: PeerMessage | undefined;
  /** Reason to give for a stream that ends before the exchange. */
  readonly unfinished: string;
  /** Takes the next message of the other end. */
  take(message: PeerMessage): ProofStep;
}

/** Names and nonces of both ends. */
interface Ends {
  readonly source: string;
  readonly target: string;
  readonly sourceNonce: Uint8Array;
  readonly targetNonce: Uint8Array;
}

/** The exchange at the end that opens the stream. */
export class SourceProof implements ProofExchange {
  readonly #holder: KeyHolder;
  readonly #peer: string;
  readonly #nonce: Uint8Array;

  /**
   * @param peer name of the node that must answer
   * @param nonce random bytes that were never used before
   */
  constructor(holder: KeyHolder, peer: string, nonce: Uint8Array) {
    this.#holder = holder;
    this.#peer = peer;
    this.#nonce = nonce;
  }

  /** The challenge. */
  get opening(): PeerMessage {
    return { type: "challenge", node: this.#holder.name, nonce: this.#nonce };
  }

  /** The reason, naming the peer. */
  get unfinished(): string {
    return unprovenText(this.#peer, this.#holder);
  }

  /** Takes the answer; the hello may follow the proof that it brings. */
  take(message: PeerMessage): ProofStep {
    if (message.type !== "answer" || message.nonce.length !== NONCE_BYTES) return keyRefusal(this.unfinished);
    const ends = this.#ends(message);
    if (!isProof(message.proof, this.#holder, "target", ends)) return keyRefusal(this.unfinished);
    if (message.node !== this.#peer) {
      return { result: "refused", code: "stranger", reason: otherNodeText(message.node, this.#peer) };
    }
    const say: ProofMessage = { type: "proof", proof: proofOf(this.#holder, "source", ends) };
    return { result: "proven", name: message.node, say };
  }

  #ends({ node, nonce }: AnswerMessage): Ends {
    return { source: this.#holder.name, target: node, sourceNonce: this.#nonce, targetNonce: nonce };
  }
}

/** The exchange at the end that takes the stream. */
export class TargetProof implements ProofExchange {
  /** The other end begins. */
  readonly opening = undefined;
  readonly #holder: KeyHolder;
  readonly #nonce: Uint8Array;
  #ends: Ends | undefined;

  /** @param nonce random bytes that were never used before */
  constructor(holder: KeyHolder, nonce: Uint8Array) {
    this.#holder = holder;
    this.#nonce = nonce;
  }

  /** The reason, naming the peer if it has named itself. */
  get unfinished(): string {
    const { cluster, file } = this.#holder;
    return `${this.#source} ended the stream before it had proved that it has the key of the cluster ${cluster}, ` +
      `which is in ${file} here; if it is a node of this cluster, its log has the reason`;
  }

  get #source(): string {
    return this.#ends?.source ?? "the other end";
  }

  /** Takes the challenge, then the proof. */
  take(message: PeerMessage): ProofStep {
    const ends = this.#ends;
    if (ends === undefined) return this.#challenged(message);
    if (message.type !== "proof" || !isProof(message.proof, this.#holder, "source", ends)) {
      return keyRefusal(unprovenText(this.#source, this.#holder));
    }
    return { result: "proven", name: ends.source };
  }

  #challenged(message: PeerMessage): ProofStep {
    if (message.type !== "challenge" || message.nonce.length !== NONCE_BYTES) {
      return keyRefusal(unprovenText(this.#source, this.#holder));
    }
    const { name } = this.#holder;
    const ends = {
      source: message.node,
      target: name,
      sourceNonce: message.nonce,
      targetNonce: this.#nonce,
    };
    this.#ends = ends;
    const proof = proofOf(this.#holder, "target", ends);
    return { result: "waiting", say: { type: "answer", node: name, nonce: this.#nonce, proof } };
  }
}

/** Random bytes for one exchange. */
export function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
}

/** The reason to refuse a node that has not proved itself, with the way out. */
export function unprovenText(node: string, { name, cluster, file }: KeyHolder): string {
  return `${node} has not proved that it has the key of the cluster ${cluster}, which ${name} has in ${file}; ` +
    "copy that file to its cluster_key and restart it, and see that both nodes name the same cluster";
}

function keyRefusal(reason: string): ProofStep {
  return { result: "refused", code: "key", reason };
}

function proofOf({ key, cluster }: KeyHolder, role: "source" | "target", ends: Ends): Uint8Array {
  const { source, target, sourceNonce, targetNonce } = ends;
  const nonces = [sourceNonce, targetNonce].map((nonce) => Buffer.from(nonce).toString("hex"));
  const text = JSON.stringify([PURPOSE, role, cluster, source, target, ...nonces]);
  return new Uint8Array(createHmac("sha256", key).update(text).digest());
}

/** Compares in a time that tells nothing of the right proof. */
function isProof(given: Uint8Array, holder: KeyHolder, role: "source" | "target", ends: Ends): boolean {
  const right = proofOf(holder, role, ends);
  return given.length === right.length && timingSafeEqual(given, right);
}
