/**
 * Opens streams to other nodes over gRPC.
 *
 * @module
 */

import { type ChannelCredentials, type ChannelOptions, type ClientDuplexStream, status } from "@grpc/grpc-js";
import type { PeerAddress, PeerLink, PeerNetwork, PeerStream, ProvenPeers } from "../ports/peers.ts";
import { CallLink } from "./call_link.ts";
import { channelCredentials, type PeerCertificate } from "./credentials.ts";
import { unprovenMessage } from "../replication/handshake.ts";
import { endReason } from "./end_reason.ts";
import { type KeyHolder, newNonce, SourceProof } from "./key_proof.ts";
import type { WireMessage } from "./message_codec.ts";
import { CHANNEL_OPTIONS, type ReplicationClient, ReplicationService } from "./replication_service.ts";
import { SingleConnection } from "./single_connection.ts";

/**
 * A stream is a connection of its own, and is never opened again without its caller knowing: the
 * library's own attempts come to nothing at once, so that it soon gives up. Names are looked up as addresses
 * and nothing else, and no proxy is asked.
 */
const DIAL_OPTIONS: ChannelOptions = {
  ...CHANNEL_OPTIONS,
  "grpc.initial_reconnect_backoff_ms": 1,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
  "grpc.enable_retries": 0,
};

/** The proof that a node gives and asks for where there are no certificates. */
export interface KeyProof {
  readonly holder: KeyHolder;
  readonly provenPeers: ProvenPeers;
}

type OutgoingCall = ClientDuplexStream<WireMessage, WireMessage>;

/** A dialled connection with its stream. */
interface Dialled {
  readonly peer: PeerAddress;
  readonly client: ReplicationClient;
  readonly link: CallLink;
  /** The latest call over it. */
  call?: OutgoingCall;
}

/** Dials peers by gRPC. */
export class GrpcNetwork implements PeerNetwork {
  #credentials: ChannelCredentials;
  readonly #isSecure: boolean;
  readonly #keyProof: KeyProof | undefined;
  readonly #links = new Set<CallLink>();

  /**
   * @param certificate without it nothing is encrypted
   * @param keyProof without it and without a certificate nobody's name is proved
   * @throws {Error} if the certificate cannot be used
   */
  constructor(certificate: PeerCertificate | undefined, keyProof?: KeyProof) {
    this.#credentials = channelCredentials(certificate);
    this.#isSecure = certificate !== undefined;
    this.#keyProof = this.#isSecure ? undefined : keyProof;
  }

  /**
   * Uses another certificate for streams that are opened from now on.
   *
   * @throws {Error} if it cannot be used; the one before stays
   */
  renew(certificate: PeerCertificate): void {
    this.#credentials = channelCredentials(certificate);
  }

  /** Opens a stream. The certificate of the other end must name the peer, at any address. */
  dial(peer: PeerAddress, stream: PeerStream): PeerLink {
    const connection = new SingleConnection(this.#credentials);
    const client = this.#client(peer, connection);
    const link = new CallLink({
      provenName: this.#isSecure ? peer.name : undefined,
      release: () => {
        this.#links.delete(link);
        dialled.call?.cancel();
        client.close();
        connection.end();
      },
    });
    this.#links.add(link);
    link.deliverTo(stream);
    const dialled: Dialled = { peer, client, link };
    if (this.#keyProof === undefined) this.#open(dialled);
    else this.#openProven(dialled, this.#keyProof);
    return link;
  }

  #open(dialled: Dialled): void {
    const call = dialled.client.Replicate();
    dialled.link.carry(call);
    this.#watch(dialled, call);
  }

  /** Opens a stream on which both ends prove themselves. */
  #openProven(dialled: Dialled, { holder, provenPeers }: KeyProof): void {
    const { peer: { name }, client, link } = dialled;
    const call = client.ReplicateProven();
    const exchange = new SourceProof(holder, name, newNonce());
    link.carry(call, { exchange, proven: (name) => provenPeers.proved(name) });
    this.#watch(dialled, call, () => {
      if (provenPeers.takesUnproven(name)) this.#open(dialled);
      else link.refuse(unprovenMessage(holder.name, name).message, "key");
    });
  }

  /** @param unknown called in place of the end if the other end does not know the method */
  #watch(dialled: Dialled, call: OutgoingCall, unknown?: () => void): void {
    const { peer, link } = dialled;
    dialled.call = call;
    let hasWorked = false;
    call.once("data", () => hasWorked = true);
    // The status says it all; but an error without a listener would end the process.
    call.on("error", () => {});
    call.on("status", ({ code, details }) => {
      if (code === status.UNIMPLEMENTED && unknown !== undefined) return unknown();
      const finish = (): void => {
        const known = { target: targetOf(peer), hasWorked, isSecure: this.#isSecure };
        link.finish(endReason({ status: status[code], details, ...known }));
      };
      // The last messages may still have to be read.
      if (call.readableEnded) finish();
      else call.once("end", finish);
    });
  }

  /** Closes all streams. Resolves once they are over, which takes no longer than a second. */
  async stop(): Promise<void> {
    const links = [...this.#links];
    for (const link of links) link.close();
    await Promise.all(links.map(({ ended }) => ended));
  }

  #client(peer: PeerAddress, connection: SingleConnection): ReplicationClient {
    return new ReplicationService(targetOf(peer), connection, {
      ...DIAL_OPTIONS,
      "grpc.ssl_target_name_override": peer.name,
    });
  }
}

function targetOf({ host, port }: PeerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
