/**
 * The way of a client to its nodes: TCP, TLS or a WebSocket.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { NodePlace } from "../core/node_list.ts";

/** An open connection that carries the bytes of the client protocol. */
export interface Stream {
  /**
   * The next bytes, which nobody else uses; `null` at the end.
   *
   * @throws {unknown} if the connection breaks
   */
  read(): Promise<Uint8Array | null>;
  /**
   * Sends all these bytes; one call at a time.
   *
   * @throws {unknown} if the connection breaks
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection at once; what waits for it fails or ends. Never throws. */
  close(): void;
}

/** Opens connections to nodes. */
export interface Transport {
  /** Name of this program, as it tells nodes. */
  readonly program: string;
  /**
   * Opens a connection.
   *
   * @param signal calls the attempt off
   * @throws {unknown} if there is none within the time that this way allows
   */
  open(place: NodePlace, signal: AbortSignal): Promise<Stream>;
  /** The place of a node; undefined if this way does not lead to it. */
  placeOf(node: NodeAddress): NodePlace | undefined;
  /** The node of that name has answered at a place; `placeOf` is asked afterwards. */
  reached?(place: NodePlace, node: string): void;
  /** The reason of what was thrown, in words that fit into a sentence. */
  reasonOf(error: unknown): string;
}
