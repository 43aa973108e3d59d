/**
 * One machine of the cluster: its disk and its clock outlive its processes.
 *
 * @module
 */

import { LogDamaged, LogRefused } from "../../server/log/log_errors.ts";
import { Disk, PowerLoss } from "./disk.ts";
import type { KeptArchive } from "./kept_archive.ts";
import { MachineClock } from "./machine_clock.ts";
import { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** Delay before an ended server is started again, ms. */
const RESTART_MS = 500;

/** Share of the power losses after which the archive is as it was. */
const ARCHIVE_KEPT_SHARE = 0.3;

/** A machine with at most one server process. */
export class Machine {
  readonly disk: Disk;
  readonly clock: MachineClock;
  process: ServerProcess | undefined;
  /** The files of its archive; `undefined` if there are none. */
  archive: KeptArchive | undefined;
  /** True while its server should run; false while an operator keeps it down. */
  isWanted = false;
  /** True once a disk error was injected: the server may exit because of it. */
  isFaulty = false;
  /** Duration of each call of a slow disk, ms; `undefined` while it is as fast as the others. */
  slowSyncMs: number | undefined;
  /** True if a bit in the last batch of its log has flipped, until a server has read it. */
  isRottenAtEnd = false;
  /** The first segment of its log in which a bit before the last batch has flipped; `undefined` if none has. */
  rottenSegment: number | undefined;
  /** True once a server has noted on the disk that its log is damaged. */
  isDamageNoted = false;
  /** True once it is a member of the cluster. */
  hasJoined = true;
  /** Reason why its server has stopped for good; `undefined` if it has not. */
  halted: string | undefined;
  /** The last start of its server, ms of virtual time. */
  startedMs = 0;
  #isPowerGone = false;
  #starts = 0;
  #powerLosses = 0;

  /**
   * @param isArchive true if clients do not know it
   * @param node name of the node that runs on it; two machines have the same if one runs on a copy
   */
  constructor(
    readonly world: World,
    readonly name: string,
    readonly isArchive: boolean,
    readonly node = name,
  ) {
    const chance = world.chanceOf(`disk of ${name}`);
    const { checks, registry, settings } = world;
    this.clock = new MachineClock(() => world.nowMs);
    this.disk = new Disk(name, {
      chance,
      checks,
      registry,
      nowMs: () => world.nowMs,
      later: (act) => {
        const ms = chance.delay(settings.syncMs, settings.syncMsMax);
        this.process?.later(this.slowSyncMs ?? ms, act);
      },
      failedForGood: (what) => this.process?.mustExit(what),
      powerLost: () => {
        this.#isPowerGone = true;
        this.process?.die();
      },
    });
  }

  /** Number of starts of its server. */
  get starts(): number {
    return this.#starts;
  }

  /** Starts the server, unless it is running or has stopped for good. */
  start(): void {
    this.isWanted = true;
    if (this.process !== undefined || this.halted !== undefined) return;
    this.#starts++;
    this.startedMs = this.world.nowMs;
    this.world.trace.add(this.name, "starts");
    const process = new ServerProcess(this);
    this.process = process;
    try {
      process.start();
    } catch (error) {
      this.#notStarted(process, error as Error);
    }
    if (this.#isPowerGone) this.crash();
  }

  #notStarted(process: ServerProcess, error: Error): void {
    const { checks, trace } = this.world;
    process.die();
    this.process = undefined;
    trace.add(this.name, "does not start:", error.message);
    if (error instanceof PowerLoss) return;
    if (error instanceof LogDamaged) {
      checks.check(
        11,
        this.isRottenAtEnd || this.rottenSegment !== undefined,
        () => `${this.name} does not start after a crash: ${error.message}`,
      );
      // The remedy that the message names: empty the folder, as the other nodes have everything.
      this.wipe();
      return this.startLater(RESTART_MS);
    }
    const isExpected = this.isFaulty || error instanceof LogRefused;
    checks.check(10, isExpected, () => `the start of ${this.name} throws ${error.stack}`);
    this.disk.files.kill();
    this.startLater(RESTART_MS);
  }

  /** Starts the server after a while, if it should run then. */
  startLater(ms: number): void {
    this.world.after(ms, () => this.isWanted && this.start());
  }

  /** Called after every step of its process: carries out a power loss that happened during the step. */
  afterStep(): void {
    this.world.watch.stepped();
    if (this.#isPowerGone) this.crash();
  }

  /** Ends the process at once, as `kill -9` does; the machine stays up. */
  kill(): void {
    if (this.process === undefined) return;
    this.world.trace.add(this.name, "is killed");
    this.#end(true);
    this.disk.files.kill();
  }

  /** The power goes. */
  crash(): void {
    this.#isPowerGone = false;
    this.world.trace.add(this.name, "loses its power");
    this.#end(this.world.chance.is(0.5));
    this.disk.crash();
    // Nothing syncs the note.
    this.isDamageNoted = false;
    this.#takeArchiveBack();
    if (this.isWanted) this.startLater(this.world.chance.between(50, 2 * RESTART_MS));
  }

  /** Nothing syncs the archive when it commits: it is as it was after any earlier transaction, often a late one. */
  #takeArchiveBack(): void {
    const { archive, world } = this;
    if (archive === undefined) return;
    const chance = world.chanceOf(`power loss ${++this.#powerLosses} of ${this.name}`);
    if (chance.is(ARCHIVE_KEPT_SHARE)) return;
    const { transactions } = archive;
    const lost = chance.is(0.5) ? chance.whole(0, transactions) : chance.whole(0, Math.min(transactions, 5));
    if (lost === 0) return;
    this.archive = archive.after(transactions - lost);
    world.checks.archives["taken back by a power loss"]++;
    world.trace.add(this.name, "has an archive as it was, with entries:", this.archive.place.position);
  }

  /** The server has ended by itself. */
  exited(reason: string, isForGood: boolean): void {
    this.world.trace.add(this.name, "exits:", reason);
    this.#end(true);
    this.disk.files.kill();
    this.disk.files.heal();
    if (isForGood) this.halted = reason;
    else if (this.isWanted) this.startLater(RESTART_MS);
  }

  #end(isTold: boolean): void {
    const { process } = this;
    this.process = undefined;
    process?.die();
    if (process !== undefined) this.world.ended(process, isTold);
  }

  /** Replaces the disk by an empty one. The server must not be running. */
  wipe(): void {
    this.world.trace.add(this.name, "gets an empty disk");
    this.isRottenAtEnd = false;
    this.rottenSegment = undefined;
    this.isDamageNoted = false;
    this.archive = undefined;
    this.disk.wipe();
  }
}
