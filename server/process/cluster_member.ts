/**
 * This node as a member of its cluster: the mesh, and gRPC as the way to its peers.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { PeerCertificate } from "../grpc/credentials.ts";
import type { GrpcListener } from "../grpc/grpc_listener.ts";
import type { GrpcNetwork, KeyProof } from "../grpc/grpc_network.ts";
import type { FileStore } from "../ports/files.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Replication } from "../ports/node.ts";
import type { Logger } from "../ports/outside.ts";
import type { PeerAddress, PeerLink, PeerStream } from "../ports/peers.ts";
import type { ClockJump } from "../replication/clock_watch.ts";
import { Mesh } from "../replication/mesh.ts";
import type { MeshHost } from "../replication/mesh_host.ts";
import { readPeerCertificate } from "./certificate_files.ts";
import { readClusterKey } from "./cluster_key_file.ts";
import { KnownProofs } from "./known_proofs.ts";
import { cannotListen } from "./listen_problem.ts";
import { systemClock, systemRandom } from "./system_ports.ts";

/** Interval of the mesh's ticks, ms. */
const TICK_MS = 100;

/** Time that peers have at the end to take the entries that they lack, ms. */
const FAREWELL_MS = 400;

/** Polling interval, ms. */
const POLL_MS = 10;

/** Parts of a node that its membership needs. */
interface MemberParts {
  readonly origin: string;
  readonly host: MeshHost;
  readonly history: EntryHistory;
  readonly lacksAll: boolean;
  /** The data folder. */
  readonly files: FileStore;
}

/** Changes that a member takes over while it runs. */
export interface ClusterChange {
  readonly peers: readonly PeerAddress[];
  /** Reasons why other nodes would reject the certificates on the disk; with any, those before stay. */
  readonly certificateProblems: readonly string[];
}

/** A member of a cluster; a node without peers is alone in it. */
export class ClusterMember {
  readonly #configuration: NodeConfiguration;
  #certificate: PeerCertificate | undefined;
  readonly #logger: Logger;
  readonly #servesAlone: boolean;
  #mesh: Mesh | undefined;
  #knownProofs: KnownProofs | undefined;
  /** Hosts of the peers: of those that are addresses, connections have a share of their own. */
  #peerHosts: ReadonlySet<string> = new Set();
  #network: GrpcNetwork | undefined;
  #keyProof: KeyProof | undefined;
  #listener: GrpcListener | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;

  private constructor(
    configuration: NodeConfiguration,
    certificate: PeerCertificate | undefined,
    logger: Logger,
    servesAlone: boolean,
  ) {
    this.#configuration = configuration;
    this.#certificate = certificate;
    this.#logger = logger;
    this.#servesAlone = servesAlone;
    this.#peerHosts = hostsOf(configuration.peers);
  }

  /**
   * Prepares the way to the peers, if there are any.
   *
   * @param servesAlone true if clients are served even if all peers refuse this node as a stranger
   * @throws {Error} if there is no usable cluster key
   */
  static async open(
    configuration: NodeConfiguration,
    certificate: PeerCertificate | undefined,
    logger: Logger,
    servesAlone: boolean,
  ): Promise<ClusterMember> {
    const cluster = new ClusterMember(configuration, certificate, logger, servesAlone);
    if (configuration.peers.length > 0) await cluster.#prepare();
    return cluster;
  }

  async #prepare(): Promise<void> {
    // Loaded only if it is needed: a node that is alone starts sooner without it.
    const { GrpcNetwork } = await import("../grpc/grpc_network.ts");
    // Loaded here for `listen`: from the beginning of a membership, peers have little time to speak.
    await import("../grpc/grpc_listener.ts");
    this.#keyProof = this.#certificate === undefined ? await this.#readKey() : undefined;
    this.#network = new GrpcNetwork(this.#certificate, this.#keyProof);
  }

  /**
   * Listens for peers, if there are any. Must not be called before `join`.
   *
   * @throws {Error} if the port is taken
   */
  async listen(): Promise<void> {
    if (this.#network === undefined) return;
    const { GrpcListener } = await import("../grpc/grpc_listener.ts");
    const { host, port } = this.#configuration.grpc;
    const options = {
      host,
      port,
      certificate: this.#certificate,
      keyProof: this.#keyProof,
      isPeerAddress: (address: string) => this.#peerHosts.has(address),
      accept: (link: PeerLink) => this.#joined.accept(link),
      logger: this.#logger,
    };
    try {
      this.#listener = await GrpcListener.start(options);
    } catch (error) {
      throw cannotListen("peers", host, port, error);
    }
  }

  async #readKey(): Promise<KeyProof> {
    const { name, cluster, clusterKeyFile } = this.#configuration;
    const { key, file, isNew } = await readClusterKey(clusterKeyFile);
    const proofs = (): KnownProofs => this.#proofs;
    if (isNew) this.#logger.info("clusterKeyMade", { file });
    return {
      holder: { name, cluster, key, file },
      provenPeers: {
        get takesAny() {
          return proofs().takesAny;
        },
        takesUnproven: (peer) => proofs().takesUnproven(peer),
        proved: (peer) => proofs().proved(peer),
      },
    };
  }

  get #proofs(): KnownProofs {
    if (this.#knownProofs === undefined) throw new Error("a peer came before this node had its data folder");
    return this.#knownProofs;
  }

  get #joined(): Mesh {
    if (this.#mesh === undefined) throw new Error("a peer came before this node had joined the cluster");
    return this.#mesh;
  }

  /** Becomes a member, which neither listens nor dials yet. */
  join({ files, ...member }: MemberParts): Replication {
    const { name, cluster, peers, takesUnproven = false } = this.#configuration;
    this.#knownProofs = new KnownProofs({ files, logger: this.#logger, takesUnproven }, peers);
    const network = { dial: (peer: PeerAddress, stream: PeerStream) => this.#dial(peer, stream) };
    const provenPeers = this.#knownProofs;
    const ports = { network, provenPeers, clock: systemClock, random: systemRandom, logger: this.#logger };
    this.#mesh = new Mesh({ name, cluster, servesAlone: this.#servesAlone, ...member, ...ports }, peers);
    return this.#mesh;
  }

  /** The last jump of this node's clock; `undefined` if there was none within a day. */
  get clockJump(): ClockJump | undefined {
    return this.#mesh?.clockJump;
  }

  /** The certificate that peers are shown, and the authority of theirs; `undefined` without TLS between nodes. */
  get certificate(): PeerCertificate | undefined {
    return this.#certificate;
  }

  #dial(peer: PeerAddress, stream: PeerStream): PeerLink {
    if (this.#network === undefined) throw new Error("a peer is dialled before this node listens for peers");
    return this.#network.dial(peer, stream);
  }

  /** Dials the peers. With data, waits for the first word of one about this node, for at most a second. */
  async look(signal: AbortSignal): Promise<void> {
    const mesh = this.#joined;
    this.#ticker = setInterval(() => mesh.tick(), TICK_MS);
    mesh.tick();
    while (mesh.isLooking && !signal.aborted) await aMoment();
  }

  /** With an empty disk, waits until it is known if any peer can fill it. */
  async search(signal: AbortSignal): Promise<void> {
    while (this.#joined.isSearching && !signal.aborted) await aMoment();
  }

  /** Opens the port for peers anew, after descriptors were short. */
  async listenAgain(): Promise<void> {
    try {
      await this.#listener?.listenAgain();
    } catch (error) {
      this.#logger.error("peersNotHeard", { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /**
   * Reads the certificates for peers again and uses them for new streams; those that are open go on. Never rejects:
   * certificates that cannot be used are logged, and the ones before stay.
   */
  async #renewCertificates(problems: readonly string[]): Promise<void> {
    const { certificates } = this.#configuration;
    if (certificates === undefined) return;
    const files = { ca: certificates.caFile, cert: certificates.certFile, key: certificates.keyFile };
    try {
      if (problems.length > 0) throw new Error(problems.join("; "));
      const renewed = await readPeerCertificate(this.#configuration);
      if (renewed === undefined || isSame(renewed, this.#certificate)) return;
      this.#network?.renew(renewed);
      this.#listener?.renew(renewed);
      this.#certificate = renewed;
      this.#logger.info("certificateRenewed", files);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const next = "the certificates for peers stay as they were; mend this and send SIGHUP again";
      this.#logger.error("certificateNotRenewed", { ...files, problem, next });
    }
  }

  /** Takes over a changed list of peers, and the certificates for them that are on the disk now. */
  async reconfigure({ peers, certificateProblems }: ClusterChange): Promise<void> {
    await this.#renewCertificates(certificateProblems);
    if (peers.length > 0 && this.#listener === undefined) {
      await this.#prepare();
      await this.listen();
    }
    this.#peerHosts = hostsOf(peers);
    this.#knownProofs?.reconfigure(peers);
    this.#joined.reconfigure(peers);
  }

  /**
   * Waits a moment for peers that are in sync, then ends all streams and stops listening.
   *
   * @param seq sequence number of this node's last entry
   */
  async stop(seq = 0): Promise<void> {
    for (let waitedMs = 0; waitedMs < FAREWELL_MS && this.#mesh?.isAwaited({ seq }); waitedMs += POLL_MS) {
      await aMoment();
    }
    clearInterval(this.#ticker);
    this.#mesh?.stop();
    await Promise.all([this.#network?.stop(), this.#listener?.stop()]);
  }
}

function hostsOf(peers: readonly PeerAddress[]): ReadonlySet<string> {
  return new Set(peers.map(({ host }) => host));
}

function isSame(one: PeerCertificate, other: PeerCertificate | undefined): boolean {
  return one.ca === other?.ca && one.cert === other.cert && one.key === other.key;
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
