/**
 * The archive of a simulated server: the product's follower, with workers without threads and files in memory. It
 * lags, is lost, is of another version, and its threads end between any two transactions.
 *
 * @module
 */

import { ArchiveUnusable } from "../../server/archive/archive_unusable.ts";
import { ArchiveFollower } from "../../server/follower/archive_follower.ts";
import { ArchiveKeeper, type WrittenArchive } from "../../server/follower/archive_keeper.ts";
import type {
  ReaderReport,
  ReaderTask,
  WriterReport,
  WriterTask,
} from "../../server/follower/worker_protocol.ts";
import { ResidentMessages } from "../../server/node/resident_messages.ts";
import type { OpenLog } from "../../server/log/open_log.ts";
import type { ArchiveQuery } from "../../server/core/messages/archived.ts";
import type { Clock } from "../../server/ports/outside.ts";
import { answerOf } from "../testing/memory_archive.ts";
import { KeptArchive } from "./kept_archive.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";
import { type SimulatedWork, SimulatedWorker, type WorkerWorld } from "./simulated_worker.ts";

/** Usual and longest delay of a task, a step or a report of a worker, ms. */
const WORK_MS = 10;
const WORK_MS_MAX = 400;

/** Interval of the follower's tick, ms. */
const TICK_MS = 1_000;

/** Shares of the starts at which the archive is gone, or of another version, while there are faults. */
const LOST_SHARE = 0.15;
const OTHER_VERSION_SHARE = 0.1;

/** Share of the steps at which a worker ends, while there are faults. */
const DEATH_SHARE = 0.004;

/** An archive that follows the log of a process. It works from its first tick on. */
export function simulatedArchive(
  process: ServerProcess,
  { log, history }: OpenLog,
  clock: Clock,
  mutation: Mutation,
): ArchiveFollower {
  const outside = new ArchiveOutside(process, clock, mutation);
  const follower = new ArchiveFollower({
    data: "data",
    clock,
    timers: { after: (ms, callback) => process.timer(ms, callback) },
    logger: SILENT_LOGGER,
    mayStart: () => true,
    loaded: 0,
    onReached: (position) => process.residents?.reached(position),
    log: {
      get durable() {
        const end = { segment: log.segment, bytes: log.bytes, position: history.end.position };
        return mutation.durable?.(end, process) ?? end;
      },
      get readOnly() {
        return log.readOnly;
      },
      segmentBefore: (position) => history.segmentBefore(position),
    },
    makeWriter: () => outside.makeWriter(),
    makeReader: () => outside.makeReader(),
    removeFiles: (_data, done) => {
      outside.removeFiles();
      done();
    },
  });
  process.every(TICK_MS, () => follower.tick());
  return follower;
}

/** The messages in the memory of a process with this archive. */
export function simulatedResidents(
  process: ServerProcess,
  archive: ArchiveFollower,
  mutation: Mutation,
): ResidentMessages {
  const residents = new ResidentMessages({
    state: process.state,
    archive: mutation.archive?.(archive, process) ?? archive,
    timers: { after: (ms, callback) => process.timer(ms, callback) },
  });
  mutation.evicting?.(process.state);
  return mutation.residents?.(residents, process) ?? residents;
}

/** The files and the threads of one process's archive, with their faults. */
class ArchiveOutside {
  readonly #process: ServerProcess;
  readonly #clock: Clock;
  readonly #mutation: Mutation;
  readonly #workers: WorkerWorld;
  #isOfOtherVersion: boolean;

  constructor(process: ServerProcess, clock: Clock, mutation: Mutation) {
    const { machine } = process;
    const { world } = machine;
    const chance = world.chanceOf(`archive ${machine.starts} of ${machine.name}`);
    const isFaulty = (share: number): boolean => !world.isHealed && chance.is(share);
    this.#process = process;
    this.#clock = clock;
    this.#mutation = mutation;
    this.#workers = {
      later: process.later.bind(process),
      delayMs: () => chance.delay(WORK_MS, WORK_MS_MAX),
      dies: () => isFaulty(DEATH_SHARE),
    };
    if (isFaulty(LOST_SHARE)) machine.archive = undefined;
    this.#isOfOtherVersion = isFaulty(OTHER_VERSION_SHARE);
  }

  makeWriter(): Worker {
    const { machine } = this.#process;
    const keeper = (report: (report: WriterReport) => void): ArchiveKeeper =>
      new ArchiveKeeper({
        open: () => this.#open(),
        files: () => machine.disk.files,
        report,
        nowMs: () => this.#clock.monotonicMs(),
      });
    return new SimulatedWorker<WriterTask, WriterReport>(keeper, this.#workers) as unknown as Worker;
  }

  makeReader(): Worker {
    const { machine } = this.#process;
    const reader = (report: (report: ReaderReport) => void): Reader =>
      new Reader(() => machine.archive, report);
    return new SimulatedWorker<ReaderTask, ReaderReport>(reader, this.#workers) as unknown as Worker;
  }

  removeFiles(): void {
    this.#process.machine.archive = undefined;
    this.#isOfOtherVersion = false;
  }

  #open(): WrittenArchive {
    if (this.#isOfOtherVersion) throw new ArchiveUnusable("the archive is of another format");
    const { machine } = this.#process;
    const archive = machine.archive ??= new KeptArchive(() => machine.process);
    return this.#mutation.writtenArchive?.(archive, this.#process) ?? archive;
  }
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
