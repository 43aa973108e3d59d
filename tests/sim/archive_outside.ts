/**
 * The files and the threads of one process's archive, with their faults: the archive is lost, or of another version,
 * threads end between two transactions, and so do the process and the power.
 *
 * @module
 */

import { ArchiveUnusable } from "../../server/archive/archive_unusable.ts";
import { ArchiveKeeper } from "../../server/follower/archive_keeper.ts";
import type { WrittenArchive } from "../../server/follower/written_archive.ts";
import type { ResidentArchive } from "../../server/follower/resident_archive.ts";
import type {
  CheckReport,
  CheckTask,
  ReaderReport,
  ReaderTask,
  WriterReport,
  WriterTask,
} from "../../server/follower/worker_protocol.ts";
import type { ArchiveQuery } from "../../server/core/messages/archived.ts";
import type { Slices } from "../../server/core/slices.ts";
import type { FileStore, SequentialReader } from "../../server/ports/files.ts";
import type { Clock } from "../../server/ports/outside.ts";
import { answerOf } from "../testing/memory_archive.ts";
import type { ResidentPart } from "../testing/resident_part.ts";
import type { Chance } from "./chance.ts";
import { KeptArchive } from "./kept_archive.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { type SimulatedWork, SimulatedWorker, type WorkerWorld } from "./simulated_worker.ts";

/** Usual and longest delay of a task, a step or a report of a worker, ms. */
const WORK_MS = 10;
const WORK_MS_MAX = 400;

/** Most bytes of a read of the log by the writer: with few, an archive that is made anew takes many transactions. */
const READ_BYTES = [256, 2_048, 65_536];

/** Share of the starts that load memory from the archive, if they can. */
const LOADS_SHARE = 0.8;

/** Shares of the starts at which the archive is gone, or of another version, while there are faults. */
const LOST_SHARE = 0.15;
const OTHER_VERSION_SHARE = 0.1;

/** Share of the steps at which a worker ends, while there are faults. */
const DEATH_SHARE = 0.004;

/** Share of the queries at which the archive turns out to be unusable, while there are faults. */
const UNREADABLE_SHARE = 0.01;

/** Most failures of the workers of one process: after each, its follower waits twice as long, up to minutes. */
const FAILURES_MAX = 2;

/** Share of the starts at which the archive turns out to be damaged after it was loaded, while there are faults. */
const DAMAGED_SHARE = 0.08;

/**
 * Share of the transactions behind which the process is killed or the power goes; more while much is missing, and most
 * while a mark waits for its message: that is soon over, and a start is to load one.
 */
const CRASH_SHARE = 0.003;
const CRASH_WHILE_MADE_SHARE = 0.05;
const CRASH_WHILE_EARLY_SHARE = 0.8;

/** Share of these crashes in which the power goes; less while a mark waits, because that takes the archive back. */
const POWER_SHARE = 0.5;
const POWER_WHILE_EARLY_SHARE = 0.2;

/** Time after which a server that was killed is started again, ms. */
const RESTART_MS = 500;

/** The outside of the archive of one process. */
export class ArchiveOutside {
  readonly #process: ServerProcess;
  readonly #clock: Clock;
  readonly #mutation: Mutation;
  readonly #chance: Chance;
  readonly #workers: WorkerWorld;
  readonly #readBytes: number;
  #isOfOtherVersion = false;
  /** True from when a reader has met damage until the files are removed, which is when the node has heard of it. */
  #isUnreadable = false;
  #failures = 0;

  constructor(process: ServerProcess, clock: Clock, mutation: Mutation) {
    const { machine } = process;
    this.#process = process;
    this.#clock = clock;
    this.#mutation = mutation;
    const chance = machine.world.chanceOf(`archive ${machine.starts} of ${machine.name}`);
    this.#chance = chance;
    this.#readBytes = chance.pick(READ_BYTES);
    this.#workers = {
      later: process.later.bind(process),
      delayMs: () => chance.delay(WORK_MS, WORK_MS_MAX),
      dies: () => this.#fails(DEATH_SHARE),
    };
    if (machine.archive === undefined) return;
    const { checks } = machine.world;
    if (this.#isFaulty(LOST_SHARE)) {
      machine.archive = undefined;
      checks.archives["lost before a start"]++;
    } else if (this.#isFaulty(OTHER_VERSION_SHARE)) {
      this.#isOfOtherVersion = true;
      checks.archives["not loaded, of another version"]++;
    }
  }

  #isFaulty(share: number): boolean {
    return !this.#process.machine.world.isHealed && this.#chance.is(share);
  }

  #fails(share: number): boolean {
    const fails = this.#failures < FAILURES_MAX && this.#isFaulty(share);
    if (fails) this.#failures++;
    return fails;
  }

  /** Opens the archive for a start; returns `undefined` if the start is to replay the whole log. */
  openForStart(): ResidentArchive | undefined {
    const { archive } = this.#process.machine;
    if (archive === undefined || !this.#chance.is(LOADS_SHARE)) return undefined;
    const isLoadable = !this.#isOfOtherVersion;
    if (!(this.#mutation.mayLoad?.(isLoadable, this.#process) ?? isLoadable)) return undefined;
    if (archive.place.position === 0) return undefined;
    const read = (part: ResidentPart): ResidentPart => {
      const readable = isLoadable ? part : { ...part, conversations: () => [] };
      return this.#mutation.residentPart?.(readable, this.#process) ?? readable;
    };
    const opened = this.#isDamaged() ? damaged(archive.open(read)) : archive.open(read);
    return this.#mutation.residentArchive?.(opened, this.#process) ?? opened;
  }

  #isDamaged(): boolean {
    const { machine } = this.#process;
    const chance = machine.world.chanceOf(
      `damage of the archive at start ${machine.starts} of ${machine.name}`,
    );
    return !machine.world.isHealed && chance.is(DAMAGED_SHARE);
  }

  makeWriter(): Worker {
    const keeper = (report: (report: WriterReport) => void): ArchiveKeeper =>
      new ArchiveKeeper({
        open: () => this.#open(),
        files: () => this.#files(),
        report,
        nowMs: () => this.#clock.monotonicMs(),
      });
    return new SimulatedWorker<WriterTask, WriterReport>(keeper, this.#workers) as unknown as Worker;
  }

  makeReader(): Worker {
    const reader = (report: (report: ReaderReport) => void): Reader =>
      new Reader(() => this.#readable(), report);
    return new SimulatedWorker<ReaderTask, ReaderReport>(reader, this.#workers) as unknown as Worker;
  }

  /** Nothing flips in these archives. */
  makeChecker(): Worker {
    const checker = (report: (report: CheckReport) => void): SimulatedWork<CheckTask> => ({
      take: () => report({ type: "checked", messages: this.#process.machine.archive?.messages ?? 0 }),
      step: () => undefined,
    });
    return new SimulatedWorker<CheckTask, CheckReport>(checker, this.#workers) as unknown as Worker;
  }

  removeFiles(): void {
    this.#process.machine.archive = undefined;
    this.#isOfOtherVersion = this.#isUnreadable = false;
  }

  #open(): WrittenArchive {
    if (this.#isOfOtherVersion) throw new ArchiveUnusable("the archive is of another format");
    const { machine } = this.#process;
    const kept = machine.archive ??= new KeptArchive(() => machine.process);
    const written = this.#mutation.writtenArchive?.(kept, this.#process) ?? kept;
    return {
      get place() {
        return written.place;
      },
      get messages() {
        return written.messages;
      },
      beginningBefore: (segment) => written.beginningBefore(segment),
      fold: (entries, position, beginnings, goesOn) => {
        written.fold(entries, position, beginnings, goesOn);
        this.#committed(position);
      },
      rollBack: () => written.rollBack(),
      compact: (...args) => {
        const isMore = written.compact(...args);
        this.#committed(written.place.position);
        return isMore;
      },
      close: () => written.close(),
    };
  }

  #files(): Pick<FileStore, "reader"> {
    const { files } = this.#process.machine.disk;
    const most = this.#readBytes;
    return {
      reader: (path, offset): SequentialReader => {
        const reader = files.reader(path, offset);
        return { ...reader, read: (into) => reader.read(into.subarray(0, most)) };
      },
    };
  }

  /** A transaction is over: what comes next is in another one, or never. */
  #committed(position: number): void {
    const { machine, history } = this.#process;
    const { world, archive } = machine;
    const isMade = position < history.end.position;
    const isEarly = (archive?.state.earlyMarks.size ?? 0) > 0;
    const share = isEarly ? CRASH_WHILE_EARLY_SHARE : isMade ? CRASH_WHILE_MADE_SHARE : CRASH_SHARE;
    if (!world.hasFaults || !this.#isFaulty(share)) return;
    const isPowerLoss = this.#chance.is(isEarly ? POWER_WHILE_EARLY_SHARE : POWER_SHARE);
    world.after(0, () => {
      if (machine.process === this.#process) this.#crash(isPowerLoss, isMade);
    });
  }

  #crash(isPowerLoss: boolean, isMade: boolean): void {
    const { machine } = this.#process;
    const { archives } = machine.world.checks;
    archives[isPowerLoss ? "power lost behind a transaction" : "server killed behind a transaction"]++;
    if (isPowerLoss && isMade) archives["power lost while it is made anew"]++;
    if (isPowerLoss) return machine.crash();
    machine.kill();
    machine.startLater(RESTART_MS);
  }

  /** The archive for a query; `undefined` if it cannot be read. */
  #readable(): KeptArchive | undefined {
    const { machine } = this.#process;
    if (this.#isUnreadable) return undefined;
    if (machine.archive !== undefined && this.#fails(UNREADABLE_SHARE)) {
      machine.world.checks.archives["lost while requests wait"]++;
      this.#isUnreadable = true;
      return undefined;
    }
    return machine.archive;
  }
}

/** An archive that is read to its last row, which is damaged. */
function damaged(archive: ResidentArchive): ResidentArchive {
  return {
    ...archive,
    *load(state, wallMs): Slices<void> {
      yield* archive.load(state, wallMs);
      throw new ArchiveUnusable("the archive is damaged: the checksum of a message does not fit");
    },
  };
}

/** Reads an archive, one query a step. */
class Reader implements SimulatedWork<ReaderTask> {
  readonly #queries: { readonly id: number; readonly query: ArchiveQuery }[] = [];

  constructor(
    readonly archive: () => KeptArchive | undefined,
    readonly report: (report: ReaderReport) => void,
  ) {}

  take(task: ReaderTask): void {
    this.#queries.push(task);
  }

  step(): number | undefined {
    const task = this.#queries.shift();
    if (task === undefined) return undefined;
    const archive = this.archive();
    if (archive === undefined) {
      this.report({ type: "failed", problem: "there is no archive", remedy: "rebuild" });
      return undefined;
    }
    this.report({ type: "answered", id: task.id, page: answerOf(archive.state, task.query) });
    return this.#queries.length > 0 ? 0 : undefined;
  }
}
