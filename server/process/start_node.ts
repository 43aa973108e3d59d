/**
 * The start of a node: first everything that may refuse it, then the replay of the log. It listens when it can answer.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { AdminService } from "../admin/admin_service.ts";
import type { NodeStatus } from "../admin/node_status.ts";
import type { StartingStatus } from "../admin/starting_status.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { ShownLevel } from "../diagnostics/shown_level.ts";
import { LogVerification } from "../follower/log_verification.ts";
import { takeDataFolder } from "../log/data_folder.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import type { DataLock } from "../log/lock.ts";
import { SEGMENT_BYTES } from "../log/open_log.ts";
import { logBytes } from "../log/segments.ts";
import { noteDamage } from "../log/verify_mark.ts";
import type { MetricsService } from "../metrics/metrics_service.ts";
import type { Logger } from "../ports/outside.ts";
import { type ClientCertificates, readCertificates, readPeerCertificate } from "./certificate_files.ts";
import { ClusterMember } from "./cluster_member.ts";
import { Draining } from "./draining.ts";
import { processHeap } from "./heap.ts";
import { HeapWatch } from "./heap_watch.ts";
import { PAGE_FOLDER, readPageFiles } from "./page_files.ts";
import type { PageFiles } from "./page_port.ts";
import { checkPorts } from "./port_check.ts";
import { LogStart } from "./log_start.ts";
import { leftMs, type LogProgress } from "./log_progress.ts";
import { openMetrics } from "./metrics_port.ts";
import { RunningNode } from "./running_node.ts";
import { SpareDescriptors } from "./spare_descriptors.ts";
import { statusOf } from "./status_of.ts";
import { systemClock, systemRandom, systemTimers } from "./system_ports.ts";

/** Settings of a start. */
interface StartOptions {
  readonly configuration: NodeConfiguration;
  /** The data folder, which is made if it does not exist. */
  readonly data: string;
  readonly logger: Logger;
  /** The level of the logger, for `chat-server log-level`. */
  readonly level?: ShownLevel;
  /** True if clients are served even if all peers refuse this node as a stranger. */
  readonly servesAlone?: boolean;
  /** True if the node loads the archive of an earlier run, and replays the log from there on; false unless given. */
  readonly loadsArchive?: boolean;
  /** True if the whole log is verified before the node serves; else that follows in the background. */
  readonly verifies?: boolean;
  /** True if the node serves without its page where another program has the port for it; false unless given. */
  readonly isPageOptional?: boolean;
  /** Folder of the page's files; the one beside the sources unless given. */
  readonly pageFolder?: URL;
  /** Calls the start off. */
  readonly signal?: AbortSignal;
  /** Called every few milliseconds while the log is replayed. */
  progress?(progress: LogProgress): void;
  /** Called at the end of the replay, before the node listens. */
  replayed?(): void;
}

/**
 * Starts a node. A start that is called off during the replay leaves the log as it was; one that is called off later
 * returns a node that may not listen and is to be stopped.
 *
 * @throws {unknown} the reason of the signal, if it called the replay off
 * @throws {DataFolderLocked} if another process has the data folder
 * @throws {Error} if the data folder cannot be used
 * @throws {LogDamaged} if the log is damaged
 * @throws {LogRefused} if the log is not this node's, or too new
 * @throws {Error} of the system, if a port is taken or a certificate cannot be read
 * @throws {Error} if the page cannot be read
 */
export async function startNode(options: StartOptions): Promise<RunningNode> {
  const { configuration, logger, servesAlone = false, signal = new AbortController().signal } = options;
  const clientParts = await readClientParts(options);
  const peerCertificate = await readPeerCertificate(configuration);
  const cluster = await ClusterMember.open(configuration, peerCertificate, logger, servesAlone);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => cluster.stop());
  const starting = new StartingNode(options, clientParts, cluster, opened);
  const running = await starting.open(signal);
  // From here on the node lets everything go by itself.
  opened.move();
  try {
    await running.serve(signal);
  } catch (error) {
    await running.stop();
    throw error;
  }
  starting.isServing = true;
  return running;
}

/** The parts for clients that come from files. */
interface ClientParts {
  readonly certificates: ClientCertificates;
  readonly page: PageFiles;
}

async function readClientParts(
  { configuration, pageFolder = PAGE_FOLDER }: StartOptions,
): Promise<ClientParts> {
  const certificates = await readCertificates(configuration);
  const page = configuration.web === undefined ? new Map() : await readPageFiles(pageFolder);
  return { certificates, page };
}

/** A node before it serves. */
class StartingNode {
  isServing = false;
  #running: RunningNode | undefined;
  #admin: AdminService | undefined;
  readonly #options: StartOptions;
  readonly #clientParts: ClientParts;
  readonly #cluster: ClusterMember;
  readonly #opened: AsyncDisposableStack;
  readonly #fault = Promise.withResolvers<Error>();
  readonly #descriptors: SpareDescriptors;
  readonly #files: DenoFiles;
  readonly #lock: DataLock;
  readonly #memory: HeapWatch;
  readonly #log: LogStart;
  readonly #draining: Draining;

  /**
   * Takes the data folder and looks at the ports.
   *
   * @param opened lets everything go, if the start fails
   */
  constructor(
    options: StartOptions,
    clientParts: ClientParts,
    cluster: ClusterMember,
    opened: AsyncDisposableStack,
  ) {
    const { configuration, data, logger, isPageOptional } = options;
    this.#options = options;
    this.#draining = new Draining(logger);
    this.#clientParts = clientParts;
    this.#cluster = cluster;
    this.#opened = opened;
    this.#memory = new HeapWatch({ heap: processHeap(), clock: systemClock, logger });
    this.#descriptors = new SpareDescriptors({
      logger,
      open: () => Deno.openSync(data),
      onChange: () => void cluster.listenAgain(),
      onLack: () => this.#running?.makeWay(),
    });
    const holder = { node: configuration.name, pid: Deno.pid, startedMs: systemClock.wallMs() };
    const { files, lock } = takeDataFolder(data, holder, this.#descriptors);
    this.#files = files;
    this.#lock = lock;
    opened.defer(() => lock.release());
    opened.defer(() => this.#descriptors.stop());
    this.#descriptors.start();
    checkPorts(configuration, clientParts.certificates, isPageOptional);
    this.#log = this.#logStart();
  }

  /** Replays the log and puts the node together. @throws {unknown} the reason of the signal */
  async open(signal: AbortSignal): Promise<RunningNode> {
    const { configuration, data, logger, isPageOptional = false, replayed } = this.#options;
    const [cluster, fault] = [this.#cluster, this.#fault];
    const [files, lock, descriptors] = [this.#files, this.#lock, this.#descriptors];
    const memory = this.#memory;
    const metrics = await this.#startMetrics();
    const log = await this.#log.open(signal);
    replayed?.();
    const admin = await this.#startAdmin();
    const { state, loaded, damage } = this.#log;
    const verification = this.#verification();
    const parts = {
      ...this.#clientParts,
      isPageOptional,
      data,
      cluster,
      fault,
      files,
      lock,
      descriptors,
      memory,
      state,
      admin,
      draining: this.#draining,
      metrics,
      log,
      loaded,
      damage,
      verification,
    };
    return this.#running = new RunningNode(configuration, parts, logger);
  }

  #logStart(): LogStart {
    const { configuration, data, logger, loadsArchive = false, verifies = false, progress } = this.#options;
    const log = {
      files: this.#files,
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger,
      node: configuration.name,
      version: VERSION,
      segmentBytes: SEGMENT_BYTES,
      reserveBytes: configuration.reserveBytes,
      onSynced: () => this.#running?.logSynced(),
      onReadOnly: (readOnly: boolean) => {
        logger.debug("readOnly", { readOnly });
        this.#running?.setReadOnly(readOnly);
      },
      onFault: this.#fault.resolve,
    };
    const turn = async (): Promise<void> => {
      progress?.(this.#log.progress);
      // Beside a log whose first batch is not there, the file of the service would prove an earlier run.
      if (this.#log.hasEntries) await this.#startAdmin();
    };
    return new LogStart({ data, log, memory: this.#memory, loadsArchive, verifies, turn });
  }

  #verification(): LogVerification {
    const { data, logger } = this.#options;
    const beginning = this.#log.unverified;
    return new LogVerification({
      data,
      beginning,
      ofBytes: beginning === undefined ? 0 : logBytes(this.#files) - logBytes(this.#files, beginning.segment),
      clock: systemClock,
      logger,
      mayStart: () => this.#descriptors.areFree(),
      onDamage: (problem) => void noteDamage(this.#files, logger, problem),
    });
  }

  /** Answers scrapes from now on, if a port for them is configured. */
  async #startMetrics(): Promise<MetricsService | undefined> {
    const { configuration, data, logger } = this.#options;
    const metrics = await openMetrics(configuration, {
      data,
      descriptors: this.#descriptors,
      logger,
      observed: () => this.#running?.observed,
      isOpen: () => this.isServing,
    });
    this.#opened.defer(() => metrics?.stop());
    return metrics;
  }

  /** Answers `chat-server status` from now on, if it does not already. */
  async #startAdmin(): Promise<AdminService> {
    if (this.#admin !== undefined) return this.#admin;
    const { configuration: { name }, data, logger, level } = this.#options;
    const status = (): NodeStatus | StartingStatus => this.#status();
    const admin = await AdminService.start({
      data,
      node: name,
      status,
      operator: () => this.isServing ? this.#running?.operator : undefined,
      logger,
      ...level && { level },
      drain: (forMs) => this.#drain(forMs),
      descriptors: this.#descriptors,
    });
    this.#opened.defer(() => admin.stop());
    return this.#admin = admin;
  }

  #drain(forMs: number): string | undefined {
    if (this.isServing && this.#running !== undefined) {
      return this.#draining.begin(this.#running.observed.node, forMs);
    }
    return `${this.#options.configuration.name} is starting and serves nobody yet; to stop it, send SIGTERM`;
  }

  #status(): NodeStatus | StartingStatus {
    if (this.isServing && this.#running !== undefined) return statusOf(this.#running.observed);
    const { name, cluster } = this.#options.configuration;
    const { elapsedMs: _, ...progress } = this.#log.progress;
    return {
      node: name,
      cluster,
      version: VERSION,
      pid: Deno.pid,
      uptimeMs: Math.round(performance.now()),
      starting: this.#running === undefined
        ? { ...progress, leftMs: leftMs(this.#log.progress) ?? null }
        : { step: "peers" },
      residentBytes: Deno.memoryUsage().rss,
    };
  }
}
