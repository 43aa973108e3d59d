/**
 * The composition root: a running node, put together of the real ports.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { AdminService } from "../admin/admin_service.ts";
import type { NodeStatus } from "../admin/node_status.ts";
import { warnOfStamps } from "./clock_status.ts";
import { type Certificate, readCertificate, readPeerCertificate } from "./certificate_files.ts";
import { listenForClients, renewCertificate } from "./client_listeners.ts";
import { type ClusterChange, ClusterMember } from "./cluster_member.ts";
import type { ReloadPlan } from "../config/reload.ts";
import { type NodeConfiguration, withTcpPort } from "../config/node_configuration.ts";
import { eraseEntry, leavesErasable } from "../core/compaction.ts";
import { evolve } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import { CompactingLog, upgradeOf } from "../log/compacting_log.ts";
import { folderMoved, takeDataFolder } from "../log/data_folder.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import { isBeingFilled, markFilling, unmarkFilling } from "../log/filling_mark.ts";
import type { DataLock } from "../log/lock.ts";
import type { LogWriter } from "../log/log_writer.ts";
import { type OpenLog, openLog, SEGMENT_BYTES } from "../log/open_log.ts";
import { Connections } from "../net/connections.ts";
import type { Listener } from "../net/listener.ts";
import { NameForgetting } from "../node/name_forgetting.ts";
import { HANDLERS } from "../sessions/handlers.ts";
import { Sessions } from "../sessions/sessions.ts";
import { Node } from "../node/node.ts";
import { PasswordPool } from "../passwords/pool.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Replication } from "../ports/node.ts";
import type { Logger } from "../ports/outside.ts";
import { forkKeeper } from "./fork_keeper.ts";
import { HeapWatch } from "./heap_watch.ts";
import { processHeap } from "./heap.ts";
import { fullOf, replicaHost } from "./replica_host.ts";
import { SpareDescriptors } from "./spare_descriptors.ts";
import { statusOf } from "./status_of.ts";
import { after, fingerprinter, sha256, systemClock, systemRandom, systemTimers } from "./system_ports.ts";

/** Interval of the node's ticks, ms. */
const TICK_MS = 1_000;

/** Time that clients have to take their output before the process ends, ms. */
const FAREWELL_MS = 700;

/** Time after which a stop is called unclean, ms. */
const STOP_MS = 1_800;

/** Parts that are opened before the log. */
interface Opened {
  readonly certificate: Certificate | undefined;
  readonly cluster: ClusterMember;
}

/** A node that serves clients. */
export class RunningNode {
  /** Resolves with the first fault that the node cannot survive. */
  readonly fault: Promise<Error>;
  readonly #onFault: (error: Error) => void;
  readonly #data: string;
  readonly #lock: DataLock;
  readonly #listeners: readonly Listener[];
  readonly #connections: Connections;
  readonly #hasher: PasswordPool;
  readonly #log: LogWriter;
  readonly #history: EntryHistory;
  readonly #compactingLog: CompactingLog;
  readonly #node: Node;
  readonly #forgetting: NameForgetting;
  readonly #sessions: Sessions;
  readonly #cluster: ClusterMember;
  readonly #replication: Replication;
  readonly #memory: HeapWatch;
  /** Descriptors for the needs of the node itself. */
  readonly descriptors: SpareDescriptors;
  readonly #ticker: ReturnType<typeof setInterval>;
  #admin: AdminService | undefined;

  /**
   * Recovers the log and listens.
   *
   * @param data the data folder, which is made if it does not exist
   * @param servesAlone true if clients are served even if all peers refuse this node as a stranger
   * @throws {DataFolderLocked} if another process has it
   * @throws {Error} if the data folder cannot be used
   * @throws {LogDamaged} if the log is damaged
   * @throws {LogRefused} if the log is not this node's, or too new
   * @throws {Error} of the system, if the port is taken or a certificate cannot be read
   */
  static async start(
    configuration: NodeConfiguration,
    data: string,
    logger: Logger,
    servesAlone = false,
  ): Promise<RunningNode> {
    const peerCertificate = await readPeerCertificate(configuration);
    const opened = {
      certificate: await readCertificate(configuration),
      cluster: await ClusterMember.open(configuration, peerCertificate, logger, servesAlone),
    };
    let running: RunningNode;
    try {
      running = new RunningNode(configuration, opened, data, logger);
    } catch (error) {
      await opened.cluster.stop();
      throw error;
    }
    await opened.cluster.start();
    running.#admin = await AdminService.start({
      data,
      node: configuration.name,
      status: () => running.#status(),
      logger,
      descriptors: running.descriptors,
    });
    return running;
  }

  private constructor(
    readonly configuration: NodeConfiguration,
    { certificate, cluster }: Opened,
    data: string,
    logger: Logger,
  ) {
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.fault = promise;
    this.#onFault = resolve;
    const { limits, name } = configuration;
    const holder = { node: name, pid: Deno.pid, startedMs: systemClock.wallMs() };
    this.descriptors = new SpareDescriptors({
      logger,
      open: () => Deno.openSync(data),
      onChange: () => void cluster.listenAgain(),
      onLack: () => this.#connections.makeWay(),
    });
    const { files, lock } = takeDataFolder(data, holder, this.descriptors);
    this.descriptors.start();
    this.#data = data;
    this.#lock = lock;
    this.#memory = new HeapWatch({ heap: processHeap(), clock: systemClock, logger });
    this.#connections = new Connections({
      limits,
      memory: this.#memory,
      clock: systemClock,
      logger,
      openSession: (link) => this.#sessions.open(link),
      onFault: (error) => resolve(error instanceof Error ? error : new Error(String(error))),
    });
    // Before the log is opened: a port that is taken must not leave a log behind that is not closed.
    const accepts = { ready: cluster.looked, descriptors: this.descriptors };
    this.#listeners = listenForClients(configuration, certificate, this.#connections, logger, accepts);
    const mayStart = (): boolean => this.descriptors.areFree();
    this.#hasher = new PasswordPool({ limits, clock: systemClock, logger, mayStart });
    const state = new State();
    const { log, origin, history, writtenBy } = this.#openLog(configuration, files, state, logger);
    warnOfStamps(state.stamp, systemClock.wallMs(), logger);
    this.#log = log;
    this.#history = history;
    this.#cluster = cluster;
    const host = replicaHost({
      state,
      origin,
      log,
      memory: this.#memory,
      clock: systemClock,
      node: () => this.#node,
      filled: () => unmarkFilling(files),
      ...forkKeeper(files, systemClock, state, logger),
      halt: this.#onFault,
    });
    const lacksAll = history.end.position === 0 || isBeingFilled(files);
    if (lacksAll && configuration.peers.length > 0) markFilling(files);
    this.#replication = cluster.join({ origin, host, history, lacksAll, files });
    this.#compactingLog = new CompactingLog({
      files,
      clock: systemClock,
      logger,
      log,
      erase: (entry) => eraseEntry(state, entry, systemClock.wallMs()),
      leavesErasable: (entry) => leavesErasable(state, entry, systemClock.wallMs()),
      whenDurable: (then) => this.#node.whenCopied(then),
      upgrade: upgradeOf(writtenBy, VERSION),
    });
    this.#node = this.#makeNode(withTcpPort(configuration, this.port), origin, state);
    this.#forgetting = new NameForgetting(this.#node, systemClock);
    const ports = { random: systemRandom, hasher: this.#hasher, digest: sha256, fingerprinter, logger };
    this.#sessions = new Sessions(this.#node, ports, HANDLERS);
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  #openLog(configuration: NodeConfiguration, files: DenoFiles, state: State, logger: Logger): OpenLog {
    return openLog({
      files,
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger,
      node: configuration.name,
      version: VERSION,
      segmentBytes: SEGMENT_BYTES,
      reserveBytes: configuration.reserveBytes,
      replay: (entry) => {
        evolve(state, entry);
        this.#memory.replayed();
      },
      onSynced: () => this.#node.logSynced(),
      onReadOnly: (readOnly) => logger.debug("readOnly", { readOnly }),
      onFault: this.#onFault,
    });
  }

  #makeNode(configuration: NodeConfiguration, origin: string, state: State): Node {
    const requestTurn = (): void => queueMicrotask(() => this.#node.endTurn());
    const [log, replication] = [this.#compactingLog, this.#replication];
    const ports = { clock: systemClock, log, memory: this.#memory, replication, requestTurn };
    return new Node({ ...configuration, version: VERSION, origin }, ports, state);
  }

  #tick(): void {
    this.#memory.tick();
    this.descriptors.tick();
    this.#node.tick();
    this.#sessions.tick();
    this.#forgetting.tick();
    this.#compactingLog.tick();
    void this.#checkFolder();
  }

  /** Ends the node if its folder was moved or removed: writes and syncs would succeed, and all would be lost. */
  async #checkFolder(): Promise<void> {
    if (!await this.#lock.isInPlace()) this.#onFault(folderMoved(this.#data));
  }

  /** The port that clients connect to without TLS. */
  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  /** The port that clients connect to with TLS, if there is one. */
  get tlsPort(): number | undefined {
    return this.#listeners[1]?.port;
  }

  /** Numbers of accounts and messages in the log. */
  counts(): { readonly accounts: number; readonly messages: number } {
    const { directory, messages } = this.#node.state;
    return { accounts: directory.size, messages: messages.size };
  }

  #status(): NodeStatus {
    return statusOf({
      node: this.#node,
      entries: this.#history.end.position,
      full: fullOf(this.#log, this.#memory),
      clockJump: this.#cluster.clockJump,
      counts: this.counts(),
    });
  }

  /** Takes over the changes of a configuration that need no restart, and the certificates for clients and peers. */
  async reload({ nodes, clusterSize, ...change }: ReloadPlan & ClusterChange, logger: Logger): Promise<void> {
    await renewCertificate(this.configuration, this.#listeners, logger);
    await this.#cluster.reconfigure(change);
    this.#node.reconfigure({ nodes, clusterSize });
  }

  /**
   * Tells the clients, finishes what was begun, syncs, and lets everything go.
   *
   * @returns true if all of it was done in time
   */
  async stop(): Promise<boolean> {
    for (const listener of this.#listeners) listener.close();
    clearInterval(this.#ticker);
    this.#compactingLog.stop();
    const stopped = this.#stopInOrder().then(() => true);
    return await Promise.race([stopped, after(STOP_MS, false)]);
  }

  async #stopInOrder(): Promise<void> {
    await this.#admin?.stop();
    await new Promise<void>((resolve) => this.#node.close("the node is being stopped", resolve));
    // Side by side: frozen peers and slow clients must not cost more time than there is.
    const farewell = Promise.race([this.#connections.closeAll(), after(FAREWELL_MS, undefined)]);
    const { state, settings } = this.#node;
    await this.#cluster.stop(seqOf(state.version, settings.origin));
    await new Promise<void>((resolve) => this.#log.close(resolve));
    await farewell;
    this.#hasher.stop();
    this.descriptors.stop();
    this.#lock.release();
  }
}
