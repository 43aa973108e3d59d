/**
 * The composition root: a running node, put together of the real ports. `startNode` makes it.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { ReloadPlan } from "../config/reload.ts";
import { eraseEntry, leavesErasable } from "../core/compaction.ts";
import { firstLead } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import type { LogVerification } from "../follower/log_verification.ts";
import { CompactingLog, upgradeOf } from "../log/compacting_log.ts";
import { folderMoved } from "../log/data_folder.ts";
import { isBeingFilled, markFilling, unmarkFilling } from "../log/filling_mark.ts";
import type { LogWriter } from "../log/log_writer.ts";
import { noteDamage } from "../log/verify_mark.ts";
import { Connections } from "../net/connections.ts";
import { NameForgetting } from "../node/name_forgetting.ts";
import { Node } from "../node/node.ts";
import { Operator } from "../operator/operator.ts";
import { PasswordPool } from "../passwords/pool.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Replication } from "../ports/node.ts";
import type { Logger } from "../ports/outside.ts";
import { HANDLERS } from "../sessions/handlers.ts";
import { Sessions } from "../sessions/sessions.ts";
import { ClientPorts } from "./client_ports.ts";
import { warnOfStamps } from "./clock_status.ts";
import type { ClusterChange } from "./cluster_member.ts";
import { forkKeeper } from "./fork_keeper.ts";
import { NodeArchive } from "./node_archive.ts";
import type { NodeParts } from "./node_parts.ts";
import type { ObservedNode } from "./observed_node.ts";
import { replicaHost } from "./replica_host.ts";
import type { SpareDescriptors } from "./spare_descriptors.ts";
import { countsOf } from "./status_of.ts";
import { after, fingerprinter, sha256, systemClock, systemRandom, systemTimers } from "./system_ports.ts";
import { TurnClock } from "./turn_clock.ts";

/** Interval of the node's ticks, ms. */
const TICK_MS = 1_000;

/** Time that clients have to take their output before the process ends, ms. */
const FAREWELL_MS = 700;

/** Time after which a stop is called unclean, ms. */
const STOP_MS = 1_800;

/** A node whose log is open. */
export class RunningNode {
  /** The verification of what the start has not read of the log. */
  readonly verification: LogVerification;
  /** Serves the operator. */
  readonly operator: Operator;
  readonly #parts: NodeParts;
  readonly #logger: Logger;
  #ports: ClientPorts | undefined;
  readonly #connections: Connections;
  readonly #hasher: PasswordPool;
  readonly #log: LogWriter;
  readonly #history: EntryHistory;
  readonly #archive: NodeArchive;
  readonly #compactingLog: CompactingLog;
  /** Times the turns for the metrics, if there are any. */
  readonly #turns: TurnClock | undefined;
  readonly #node: Node;
  readonly #forgetting: NameForgetting;
  readonly #sessions: Sessions;
  readonly #replication: Replication;
  readonly #ticker: ReturnType<typeof setInterval>;

  /** Puts a node together, which does not listen yet. */
  constructor(readonly configuration: NodeConfiguration, parts: NodeParts, logger: Logger) {
    const { data, files, state, memory, descriptors, metrics, loaded, damage } = parts;
    const { log, origin, history } = parts.log;
    this.#parts = parts;
    this.verification = parts.verification;
    this.#logger = logger;
    this.#log = log;
    this.#history = history;
    const { limits } = configuration;
    warnOfStamps(state.stamp, systemClock.wallMs(), logger);
    this.#connections = new Connections({
      limits,
      memory,
      clock: systemClock,
      logger,
      openSession: (link) => this.#sessions.open(link),
      onFault: (error) => this.#onFault(error instanceof Error ? error : new Error(String(error))),
    });
    const mayStart = (): boolean => descriptors.areFree();
    this.#hasher = new PasswordPool({ limits, clock: systemClock, logger, mayStart });
    this.#replication = this.#join();
    this.#archive = new NodeArchive({ data, limits, log, history, state, logger, mayStart, loaded, damage });
    const { follower } = this.#archive;
    this.#compactingLog = new CompactingLog({
      files,
      clock: systemClock,
      logger,
      log,
      erase: (entry) => eraseEntry(state, entry, systemClock.wallMs()),
      leavesErasable: (entry) => leavesErasable(state, entry, systemClock.wallMs()),
      whenDurable: (then) => this.#node.whenCopied(then),
      upgrade: upgradeOf(parts.log.writtenBy, VERSION),
      onReplacing: () => follower.replacing(),
      onReplaced: (segment) => follower.replaced(segment),
      onCompacted: (position) => this.#archive.compacted(position),
    });
    this.#turns = metrics && new TurnClock(systemClock, (what, ms) => metrics.observe(what, ms));
    this.#node = this.#makeNode(origin, state);
    this.#forgetting = new NameForgetting(this.#node, systemClock);
    const outside = { random: systemRandom, digest: sha256, fingerprinter, logger };
    const ports = { ...outside, hasher: this.#hasher, archive: follower };
    this.#sessions = new Sessions(this.#node, ports, HANDLERS);
    this.operator = new Operator(this.#node, { ...ports, timers: systemTimers });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Joins the cluster, so that peers can be listened to. */
  #join(): Replication {
    const { files, state, memory, cluster } = this.#parts;
    const { log, origin, history } = this.#parts.log;
    const host = replicaHost({
      state,
      origin,
      log,
      memory,
      clock: systemClock,
      node: () => this.#node,
      residents: () => this.#archive.residents,
      filled: () => unmarkFilling(files),
      ...forkKeeper(files, systemClock, state, this.#logger),
      noteDamage: (problem) => void noteDamage(files, this.#logger, problem),
      halt: this.#onFault,
    });
    const lacksAll = history.end.position === 0 || isBeingFilled(files);
    if (lacksAll && this.configuration.peers.length > 0) markFilling(files);
    return cluster.join({ origin, host, history, lacksAll, files });
  }

  /**
   * Listens: for peers first, and for clients once these have had a moment to speak. Then waits until it is known if
   * any peer can fill an empty disk.
   *
   * @param signal ends it early: the node is to be stopped
   * @throws {Error} of the system, if a port is taken
   */
  async serve(signal: AbortSignal): Promise<void> {
    const { cluster } = this.#parts;
    await cluster.listen();
    await cluster.look(signal);
    if (signal.aborted) return;
    const parts = { ...this.#parts, connections: this.#connections, logger: this.#logger };
    this.#ports = await ClientPorts.open(this.configuration, parts);
    const { nodes, clusterSize } = this.#ports.configuration;
    this.#node.reconfigure({ nodes, clusterSize });
    await cluster.search(signal);
  }

  /** Resolves with the first fault that the node cannot survive. */
  get fault(): Promise<Error> {
    return this.#parts.fault.promise;
  }

  get #onFault(): (error: Error) => void {
    return this.#parts.fault.resolve;
  }

  /** Descriptors for the needs of the node itself. */
  get descriptors(): SpareDescriptors {
    return this.#parts.descriptors;
  }

  /** The log has synced. */
  logSynced(): void {
    this.#turns?.synced();
    this.#node.logSynced();
    this.#archive.follower.advanced();
  }

  /** The disk has become full, or has room again. */
  setReadOnly(readOnly: boolean): void {
    this.#archive.follower.setReadOnly(readOnly);
  }

  /** Descriptors are short: a connection without a login gives way. */
  makeWay(): void {
    this.#connections.makeWay();
  }

  #makeNode(origin: string, state: State): Node {
    const requestTurn = (): void => queueMicrotask(() => this.#node.endTurn());
    const [log, replication] = [this.#compactingLog, this.#replication];
    const ports = { clock: systemClock, log, memory: this.#parts.memory, replication, requestTurn };
    const lead = firstLead(systemRandom.bytes(2));
    const settings = { ...this.configuration, version: VERSION, origin, firstLead: lead };
    return new Node(settings, this.#turns?.timed(ports) ?? ports, state);
  }

  #tick(): void {
    this.#parts.memory.tick();
    this.descriptors.tick();
    this.#node.tick();
    this.#sessions.tick();
    this.#forgetting.tick();
    this.#compactingLog.tick();
    this.#archive.follower.tick();
    this.verification.tick();
    const { lock, data } = this.#parts;
    // Writes and syncs would succeed, and all would be lost.
    void lock.isInPlace().then((isInPlace) => isInPlace || this.#onFault(folderMoved(data)));
  }

  /** The port that clients connect to without TLS. */
  get port(): number {
    return this.#ports?.port ?? 0;
  }

  /** The port that clients connect to with TLS, if there is one. */
  get tlsPort(): number | undefined {
    return this.#ports?.tlsPort;
  }

  /** The page, if it is served. */
  get page(): ClientPorts["page"] {
    return this.#ports?.page;
  }

  /** The configuration with the ports that are open. */
  get openConfiguration(): NodeConfiguration {
    return this.#ports?.configuration ?? this.configuration;
  }

  /** Numbers of accounts, of messages that are not deleted, and of those in memory. */
  counts(): ReturnType<typeof countsOf> {
    return countsOf(this.#node);
  }

  /** Its parts, as its status and its metrics see them. */
  get observed(): ObservedNode {
    return {
      ...this.#parts,
      configuration: this.configuration,
      node: this.#node,
      ports: this.#ports,
      log: this.#log,
      history: this.#history,
      archive: this.#archive.follower,
      connections: this.#connections,
      sessions: this.#sessions,
      hasher: this.#hasher,
    };
  }

  /** Takes over the changes of a configuration that need no restart, and the certificates for clients and peers. */
  async reload(plan: ReloadPlan & ClusterChange, logger: Logger): Promise<void> {
    const { nodes, clusterSize, registration, ...change } = plan;
    await this.#ports?.renewCertificates(logger);
    await this.#parts.cluster.reconfigure(change);
    this.#ports?.reconfigure(nodes);
    this.#node.reconfigure({ nodes, clusterSize, registration });
  }

  /**
   * Tells the clients, finishes what was begun, syncs, and lets everything go.
   *
   * @returns true if all of it was done in time
   */
  async stop(): Promise<boolean> {
    this.#ports?.close();
    clearInterval(this.#ticker);
    this.#sessions.heldDeletions.stop();
    this.#compactingLog.stop();
    this.verification.stop();
    const stopped = this.#stopInOrder().then(() => true);
    return await Promise.race([stopped, after(STOP_MS, false)]);
  }

  async #stopInOrder(): Promise<void> {
    const { admin, cluster, descriptors, lock, metrics } = this.#parts;
    await new Promise<void>((resolve) => this.#node.close("the node is being stopped", resolve));
    // Side by side: frozen peers and slow clients must not cost more time than there is.
    const farewell = Promise.race([this.#connections.closeAll(), after(FAREWELL_MS, undefined)]);
    const archive = this.#archive.stop();
    const { state, settings } = this.#node;
    await cluster.stop(seqOf(state.version, settings.origin));
    await new Promise<void>((resolve) => this.#log.close(resolve));
    await Promise.all([farewell, archive]);
    this.#hasher.stop();
    await metrics?.stop();
    // Last, so that a node that does not answer has ended.
    await admin.stop();
    descriptors.stop();
    lock.release();
  }
}
