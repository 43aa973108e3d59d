/**
 * One node with one stream; the test plays the other end.
 *
 * @module
 */

import type { Place } from "../../../server/core/entry.ts";
import type { PeerAddress, PeerLink, PeerStream } from "../../../server/ports/peers.ts";
import type { StreamOptions } from "../../../server/replication/mesh_host.ts";
import type { HelloMessage, PeerMessage } from "../../../server/ports/peer_message.ts";
import { addressOf, randomOf } from "../../testing/mesh_harness.ts";
import { MeshMember } from "../../testing/mesh_member.ts";

/** This node's end of a stream, and the messages sent over it. */
export class HeldLink implements PeerLink {
  isClosed = false;
  readonly sent: PeerMessage[] = [];

  readonly provenName: string | undefined;

  constructor(provenName?: string) {
    this.provenName = provenName;
  }

  send(message: PeerMessage): void {
    if (!this.isClosed) this.sent.push(message);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Messages of one type since the last call; all others are dropped. */
  take<Type extends PeerMessage["type"]>(type: Type): Extract<PeerMessage, { type: Type }>[] {
    return this.sent.splice(0).filter((message) => message.type === type) as Extract<
      PeerMessage,
      { type: Type }
    >[];
  }

  /** Types of the messages since the last call. */
  takeTypes(): string[] {
    return this.sent.splice(0).map(({ type }) => type);
  }
}

/** Node n1 with a clock, a network and a log, as its streams use it. */
export class StreamHarness {
  readonly time = { wallMs: 1_700_000_000_000, monotonicMs: 5_000 };
  readonly member = new MeshMember("n1");
  readonly options: StreamOptions;
  readonly logged: string[] = [];
  /** Every dial: the peer, this node's end, and the receiver of the messages. */
  readonly dials: { readonly peer: PeerAddress; readonly link: HeldLink; readonly stream: PeerStream }[] = [];

  constructor() {
    const log = (event: string): void => void this.logged.push(event);
    this.options = this.member.options({
      network: {
        dial: (peer, stream) => {
          const link = new HeldLink();
          this.dials.push({ peer, link, stream });
          return link;
        },
      },
      clock: { wallMs: () => this.time.wallMs, monotonicMs: () => this.time.monotonicMs },
      random: randomOf(1),
      logger: { debug: log, info: log, warn: log, error: log },
    });
  }

  /** Lets time pass; returns the monotonic time. */
  pass(ms: number): number {
    this.time.wallMs += ms;
    return this.time.monotonicMs += ms;
  }

  /** The hello of the other end. */
  hello(version: readonly Place[] = [], changed: Partial<HelloMessage> = {}): HelloMessage {
    const { wallMs } = this.time;
    return { type: "hello", major: 1, minor: 0, cluster: "test", node: "n2", wallMs, version, ...changed };
  }
}

/** Address of n2. */
export const N2 = addressOf("n2");
