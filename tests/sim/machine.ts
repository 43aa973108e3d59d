/**
 * One machine of the cluster: its disk and its clock, which outlive its processes.
 *
 * @module
 */

import { LogDamaged, LogRefused } from "../../server/log/log_errors.ts";
import { Disk, PowerLoss } from "./disk.ts";
import { MachineClock } from "./machine_clock.ts";
import { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** How soon whoever looks after a machine starts its server again, ms. */
const RESTART_MS = 500;

/** See the module. */
export class Machine {
  readonly disk: Disk;
  readonly clock: MachineClock;
  process: ServerProcess | undefined;
  /** Its server is to run; false while somebody keeps it down. */
  isWanted = false;
  /** An error of the disk was injected: a server may exit for that. */
  isFaulty = false;
  /** Where a bit of its log has flipped: in the last batch, or before. */
  rot: "nowhere" | "at the end" | "in the middle" = "nowhere";
  /** Whether it is a member of the cluster yet. */
  hasJoined = true;
  /** Why its server has stopped for good, if it has. */
  halted: string | undefined;
  #isPowerGone = false;
  #starts = 0;

  /** @param isArchive whether no client knows of it */
  constructor(readonly world: World, readonly name: string, readonly isArchive: boolean) {
    const chance = world.chanceOf(`disk of ${name}`);
    const { checks, registry, settings } = world;
    this.clock = new MachineClock(() => world.nowMs);
    this.disk = new Disk(name, {
      chance,
      checks,
      registry,
      nowMs: () => world.nowMs,
      later: (act) => this.process?.later(chance.delay(settings.syncMs, settings.syncMsMax), act),
      failedForGood: (what) => this.process?.mustExit(what),
      powerLost: () => {
        this.#isPowerGone = true;
        this.process?.die();
      },
    });
  }

  /** How often its server was started. */
  get starts(): number {
    return this.#starts;
  }

  /** The server is started, as soon as that can be. */
  start(): void {
    this.isWanted = true;
    if (this.process !== undefined || this.halted !== undefined) return;
    this.#starts++;
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
        this.rot !== "nowhere",
        () => `${this.name} does not start after a crash: ${error.message}`,
      );
      // What the message says: empty the folder, as the other nodes have everything.
      this.wipe();
      return this.startLater(RESTART_MS);
    }
    const isExpected = this.isFaulty || error instanceof LogRefused;
    checks.check(10, isExpected, () => `the start of ${this.name} throws ${error.stack}`);
    this.disk.files.kill();
    this.startLater(RESTART_MS);
  }

  /** The server is started after a while, if it is still wanted then. */
  startLater(ms: number): void {
    this.world.after(ms, () => this.isWanted && this.start());
  }

  /** After every step of its process: what of it cannot wait. */
  afterStep(): void {
    if (this.#isPowerGone) this.crash();
  }

  /** The process ends at once; the machine stays. */
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
    if (this.isWanted) this.startLater(this.world.chance.between(50, 2 * RESTART_MS));
  }

  /** Its server has found out that it must not go on, and has ended. */
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

  /** The disk is lost, and replaced by an empty one. The server must not be running. */
  wipe(): void {
    this.world.trace.add(this.name, "gets an empty disk");
    this.rot = "nowhere";
    this.disk.wipe();
  }
}
