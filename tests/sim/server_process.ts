/**
 * One server process in the simulated world: the parts of `server/process/running_node.ts` with simulated ports.
 *
 * @module
 */

import { firstLead } from "../../server/core/stamp.ts";
import type { State } from "../../server/core/state.ts";
import type { CompactingLog } from "../../server/log/compacting_log.ts";
import { isBeingFilled, markFilling, unmarkFilling } from "../../server/log/filling_mark.ts";
import type { LogWriter } from "../../server/log/log_writer.ts";
import type { OpenLog } from "../../server/log/open_log.ts";
import { NameForgetting } from "../../server/node/name_forgetting.ts";
import { Node } from "../../server/node/node.ts";
import type { ResidentMessages } from "../../server/node/resident_messages.ts";
import type { Session } from "../../server/sessions/session.ts";
import type { Sessions } from "../../server/sessions/sessions.ts";
import type { FileStore } from "../../server/ports/files.ts";
import type { EntryHistory, SegmentBeginning } from "../../server/ports/history.ts";
import type { ClientLink } from "../../server/ports/clients.ts";
import type { Clock, Random } from "../../server/ports/outside.ts";
import type { PeerLink, PeerStream } from "../../server/ports/peers.ts";
import { Mesh } from "../../server/replication/mesh.ts";
import { forkKeeper } from "../../server/process/fork_keeper.ts";
import { replicaHost } from "../../server/process/replica_host.ts";
import type { MeshHost } from "../../server/replication/mesh_host.ts";
import type { ArchiveFollower } from "../../server/follower/archive_follower.ts";
import { ArchiveOutside } from "./archive_outside.ts";
import { PowerLoss } from "./disk.ts";
import type { DiskLife } from "./disk_ledger.ts";
import type { Act } from "./event_queue.ts";
import type { Machine } from "./machine.ts";
import type { Mutation } from "./mutation.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";
import { forgettingClock, simulatedCompaction } from "./simulated_compaction.ts";
import { simulatedArchive, simulatedResidents } from "./simulated_archive.ts";
import { simulatedSessions } from "./simulated_sessions.ts";
import { noteDamageOf, type StartedLog, startLog, verifyRest } from "./simulated_start.ts";
import type { World } from "./world.ts";

/** Intervals of replication's clock tick, and of the node's, ms. */
const MESH_TICK_MS = 100;
const NODE_TICK_MS = 1_000;

/** Delay between the decision to exit and the end, ms. */
const EXIT_MS = 2;

/** A server with its log, mesh, node and sessions. Each step of it runs through `run`. */
export class ServerProcess {
  isAlive = true;
  state!: State;
  node!: Node;
  #sessions!: Sessions;
  mesh!: Mesh;
  log!: LogWriter;
  history!: OpenLog["history"];
  files!: FileStore;
  compactingLog!: CompactingLog;
  /** In schedules about searches only. */
  archive: ArchiveFollower | undefined;
  residents: ResidentMessages | undefined;
  /** Beginning of the segment before which the start has verified nothing; `undefined` if it has verified all. */
  unverified: SegmentBeginning | undefined;
  /** Time of the newest message in the archive that its memory was loaded from, microseconds; 0 if it was not. */
  loadedUntil = 0;
  origin = "";
  /** The disk that it runs on; the machine may have another one when a late callback comes. */
  readonly life: DiskLife;
  /** True if it was ever stopped by a signal. */
  wasFrozen = false;
  /** Steps that wait while the process is stopped by a signal; `undefined` while it runs. */
  #frozen: Act[] | undefined;
  #mustExit: string | undefined;
  #isExiting = false;
  /** Its memory: short while the schedule says so. */
  readonly memory = { isShort: false, took: (): void => {} };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #mutation: Mutation;

  constructor(readonly machine: Machine) {
    const { world } = machine;
    this.life = machine.disk.life;
    this.#mutation = world.mutation;
    const chance = world.chanceOf(`process ${machine.starts} of ${machine.name}`);
    this.#clock = this.#mutation.clock?.(machine.clock, this) ?? machine.clock;
    this.#random = this.#mutation.random?.(chance, this) ?? chance;
  }

  get #world(): World {
    return this.machine.world;
  }

  /** Recovers the log and serves. @throws {Error} if the log cannot be opened */
  start(): void {
    const { disk } = this.machine;
    this.files = this.#mutation.files?.(disk, this) ?? disk;
    const before = new Map(disk.life.version);
    const { hasSearches } = this.#world.settings;
    const archive = hasSearches ? new ArchiveOutside(this, this.#clock, this.#mutation) : undefined;
    const started = this.#openLog(this.files, archive);
    const { opened: { log, history, origin }, state, loaded, unverified } = started;
    if (!this.isAlive) throw new PowerLoss("the power went while the log was opened");
    Object.assign(this, { log, history, state, origin });
    this.unverified = unverified;
    this.#world.watch.started(this, before, loaded > 0);
    this.compactingLog = simulatedCompaction(this, this.#clock, this.#mutation);
    this.mesh = this.#newMesh(this.#mutation.history?.(history, this) ?? history);
    this.node = this.#newNode();
    if (archive !== undefined) {
      this.archive = simulatedArchive(this, archive, started, this.#clock, this.#mutation);
      this.residents = simulatedResidents(this, this.archive, this.#mutation);
    }
    verifyRest(this, this.#clock, this.#mutation, (problem) => this.#exitSoon(problem, false));
    this.#sessions = simulatedSessions(this, this.#random, this.#mutation);
    const forgetting = new NameForgetting(this.node, forgettingClock(this.#clock));
    this.mesh.tick();
    this.every(MESH_TICK_MS, () => this.mesh.tick());
    this.every(NODE_TICK_MS, () => {
      this.node.tick();
      this.#sessions.tick();
      forgetting.tick();
      this.compactingLog.tick();
    });
  }

  #openLog(files: FileStore, archive: ArchiveOutside | undefined): StartedLog {
    const onFault = (error: Error): void => this.#exitSoon(error.message, false);
    return startLog(this, archive?.openForStart(), {
      files,
      clock: this.#clock,
      random: this.#random,
      onSynced: () => {
        this.node.logSynced();
        this.archive?.advanced();
      },
      onReadOnly: (readOnly) => this.archive?.setReadOnly(readOnly),
      onFault: this.#mutation.onFault?.(onFault, this) ?? onFault,
    });
  }

  #newMesh(history: EntryHistory): Mesh {
    const network = this.#world.wires.of(this);
    const host = this.#host();
    const lacksAll = history.end.position === 0 || isBeingFilled(this.files);
    if (lacksAll) markFilling(this.files);
    return new Mesh({
      lacksAll,
      name: this.machine.node,
      cluster: "cluster",
      origin: this.origin,
      host: this.#mutation.host?.(host, this) ?? host,
      history,
      network: this.#mutation.network?.(network, this) ?? network,
      clock: this.#clock,
      random: this.#random,
      logger: SILENT_LOGGER,
    }, this.#world.peersOf(this.machine));
  }

  #host(): MeshHost {
    const { state, origin, log, memory } = this;
    const ports = {
      clock: this.#clock,
      node: () => this.node,
      residents: () => this.residents,
      filled: () => unmarkFilling(this.files),
      noteDamage: (problem: string) => noteDamageOf(this, problem),
      // A fork is for people. Damage that a peer's stream meets is found again, or has been repaired.
      halt: ({ message }: Error) => this.#exitSoon(message, !message.includes("is damaged")),
      ...forkKeeper(this.files, this.#clock, state, SILENT_LOGGER),
    };
    return replicaHost({ state, origin, log, memory, ...ports });
  }

  #newNode(): Node {
    const { world, node: name, name: machine, starts } = this.machine;
    const lead = firstLead(world.chanceOf(`lead ${starts} of ${machine}`).bytes(2));
    const own = { name, cluster: "cluster", version: "1.0.0", origin: this.origin, firstLead: lead };
    const node = new Node({ ...own, hashCost: 10, limits: world.limits, ...world.clusterSettings() }, {
      clock: this.#clock,
      log: this.#mutation.log?.(this.compactingLog, this) ?? this.compactingLog,
      replication: this.#mutation.replication?.(this.mesh, this) ?? this.mesh,
      memory: this.memory,
      requestTurn: () => this.later(world.chance.delay(0.02, 2), () => this.node.endTurn()),
    }, this.state);
    for (const change of [this.#mutation.watched, this.#mutation.inviting]) change?.(node, this);
    return this.#mutation.node?.(node, this) ?? node;
  }

  /** Accepts a stream that a peer has opened. */
  accept(link: PeerLink): PeerStream {
    const stream = this.mesh.accept(this.#mutation.acceptedLink?.(link, this) ?? link);
    return this.#mutation.acceptedStream?.(stream, this) ?? stream;
  }

  /** Opens a session for a client. */
  openSession(link: ClientLink): Session {
    const session = this.#sessions.open(this.#mutation.clientLink?.(link, this) ?? link);
    return this.#mutation.session?.(session, this) ?? session;
  }

  /** Applies a changed configuration. */
  reload(): void {
    this.run(() => {
      this.node.reconfigure(this.#world.clusterSettings());
      this.mesh.reconfigure(this.#world.peersOf(this.machine));
    });
  }

  /** Stops in order, as upon SIGTERM. */
  stop(): void {
    this.run(() => {
      this.compactingLog.stop();
      this.residents?.stop();
      void this.archive?.stop();
      this.node.close("the node is being stopped", () => {
        this.mesh.stop();
        this.log.close(() => this.#exitSoon("stopped in order", false));
      });
    });
  }

  /** Runs a step of this process: not if it is dead, later if it is frozen. */
  run(act: Act): void {
    if (!this.isAlive) return;
    if (this.#frozen !== undefined) return void this.#frozen.push(act);
    try {
      act();
    } catch (error) {
      this.#thrown(error as Error);
    }
    this.#afterStep();
  }

  #thrown(error: Error): void {
    if (error instanceof PowerLoss) return;
    this.#world.checks.check(10, false, () => `a step of ${this.machine.name} throws ${error.stack}`);
  }

  #afterStep(): void {
    this.#world.checks.steps++;
    const reason = this.#mustExit;
    if (reason !== undefined && this.isAlive) {
      this.#mustExit = undefined;
      this.#world.checks.check(11, this.#isExiting, () => `${this.machine.name} goes on although ${reason}`);
    }
    this.machine.afterStep();
  }

  /** Runs a step of this process after a while. */
  later(ms: number, act: Act): void {
    this.#world.after(ms, () => this.run(act));
  }

  /** Runs a callback after a while, unless the returned function is called before. */
  timer(ms: number, callback: Act): () => void {
    let isOff = false;
    this.later(ms, () => isOff || callback());
    return () => isOff = true;
  }

  /** Runs a step again and again. */
  every(ms: number, act: Act): void {
    this.later(ms, () => {
      this.every(ms, act);
      act();
    });
  }

  /** Reports that the log cannot go on: by the end of this step the process must be about to exit. */
  mustExit(what: string): void {
    this.#mustExit ??= what;
  }

  #exitSoon(reason: string, isForGood: boolean): void {
    if (this.#isExiting) return;
    this.#isExiting = true;
    this.#world.trace.add(this.machine.name, "has to exit:", reason);
    this.#world.after(EXIT_MS, () => this.isAlive && this.machine.exited(reason, isForGood));
  }

  /** Holds back all steps until `thaw`, as SIGSTOP does. */
  freeze(): void {
    this.#frozen ??= [];
    this.wasFrozen = true;
  }

  /** Runs the steps that were held back. */
  thaw(): void {
    const acts = this.#frozen;
    this.#frozen = undefined;
    for (const act of acts ?? []) this.run(act);
  }

  /** Ends the process: no further step runs. */
  die(): void {
    this.isAlive = false;
  }
}
