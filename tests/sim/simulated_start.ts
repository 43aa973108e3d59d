/**
 * The start of a simulated server, as `server/process/log_start.ts` makes it: memory is loaded from the archive and the
 * rest of the log is replayed, or else the whole log. What a start does not read is verified after it.
 *
 * @module
 */

import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { LogVerification } from "../../server/follower/log_verification.ts";
import type { ResidentArchive } from "../../server/follower/resident_archive.ts";
import type { VerifyReport, VerifyTask } from "../../server/follower/verify_protocol.ts";
import { LoadedPartRefused } from "../../server/log/loaded_part.ts";
import { errorOf, LogDamaged } from "../../server/log/log_errors.ts";
import { atOnce } from "../../server/log/log_slices.ts";
import { type LogOptions, type OpenLog, openLog } from "../../server/log/open_log.ts";
import { mustVerify, noteDamage, unmarkVerify } from "../../server/log/verify_mark.ts";
import { verifyBefore } from "../../server/log/verify_log.ts";
import type { FileStore } from "../../server/ports/files.ts";
import type { SegmentBeginning } from "../../server/ports/history.ts";
import type { Clock } from "../../server/ports/outside.ts";
import { loadResidentPart, replayBehind } from "../../server/process/loaded_log.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";
import type { ArchiveCounts } from "./archive_events.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { type SimulatedWork, SimulatedWorker } from "./simulated_worker.ts";

/** Interval of the verification's tick, and longest delay of its work, ms. */
const TICK_MS = 1_000;
const WORK_MS_MAX = 400;

/** A log that is open, and its fold. */
export interface StartedLog {
  readonly opened: OpenLog;
  readonly state: State;
  /** Number of entries that the archive had when memory was loaded from it; 0 if it was not. */
  readonly loaded: number;
  /** Beginning of the segment before which nothing was verified; `undefined` if all of the log was. */
  readonly unverified: SegmentBeginning | undefined;
  /** Damage of the archive that was met while it was loaded; `undefined` if none was. */
  readonly damage?: string;
}

/** Segment size and reserve, bytes: small, so that schedules see more than one segment. */
const SIZES = { segmentBytes: 24_576, reserveBytes: 2_048 };

type StartOptions = Omit<LogOptions, "replay" | "loaded">;

/**
 * Opens the log of a server.
 *
 * @param archive the one to load; the whole log is replayed if there is none, or if it is refused
 * @throws {LogDamaged} if the log is damaged
 */
export function startLog(
  process: ServerProcess,
  archive: ResidentArchive | undefined,
  ports: Omit<StartOptions, "timers" | "logger" | "node" | "version" | keyof typeof SIZES>,
): StartedLog {
  const { machine: { node, world } } = process;
  const options: StartOptions = {
    timers: { after: (ms, callback) => process.timer(ms, callback) },
    logger: SILENT_LOGGER,
    node,
    version: "1.0.0",
    ...SIZES,
    ...ports,
  };
  if (archive === undefined) return startWhole(options);
  const started = startFrom(archive, options, world.checks.archives);
  const isRotten = (process.machine.rottenSegment ?? Infinity) < (started.unverified?.segment ?? 0);
  if (isRotten) world.checks.archives["loaded although its log is damaged before"]++;
  return started;
}

/** Counts what became of the archive. */
function startFrom(archive: ResidentArchive, options: StartOptions, counts: ArchiveCounts): StartedLog {
  try {
    const started = startLoaded(archive, options);
    const isBehind = started.loaded < started.state.position;
    counts[isBehind ? "loaded behind its log" : "loaded at its log's end"]++;
    if (started.state.earlyMarks.size > 0) counts["loaded with marks on messages that have not arrived"]++;
    return started;
  } catch (error) {
    if (!(error instanceof LoadedPartRefused)) throw error;
    const isDamaged = error.cause !== undefined;
    counts[isDamaged ? "not loaded, damaged" : "not loaded, ahead of its log or of other entries"]++;
    return { ...startWhole(options), ...isDamaged && { damage: error.message } };
  }
}

function startWhole(options: StartOptions): StartedLog {
  const state = new State();
  const opened = openLog({ ...options, replay: (entry) => void evolve(state, entry) });
  unmarkVerify(options.files);
  return { opened, state, loaded: 0, unverified: undefined };
}

function startLoaded(archive: ResidentArchive, options: StartOptions): StartedLog {
  const { files, clock } = options;
  const { part } = archive;
  const verifies = mustVerify(files);
  const beginning = part.beginnings.at(-1);
  const state = new State();
  for (const _ of loadResidentPart(archive, state, clock.wallMs()));
  if (verifies && beginning !== undefined) atOnce(verifyBefore(files, beginning));
  const opened = openLog({ ...options, loaded: part, replay: replayBehind(archive, state) });
  const isVerified = verifies || beginning?.segment === 1;
  if (isVerified) unmarkVerify(files);
  return { opened, state, loaded: part.position, unverified: isVerified ? undefined : beginning };
}

/**
 * Begins to verify what the start of a server has not read.
 *
 * @param exit called with the damage: the server must not go on
 */
export function verifyRest(
  process: ServerProcess,
  clock: Clock,
  mutation: Mutation,
  exit: (problem: string) => void,
): void {
  const { machine, unverified: beginning } = process;
  if (beginning === undefined) return;
  const raw = machine.disk.files;
  const chance = machine.world.chanceOf(`verification ${machine.starts} of ${machine.name}`);
  const workers = {
    later: process.later.bind(process),
    delayMs: () => chance.between(0, WORK_MS_MAX),
    dies: () => false,
  };
  const work = (report: (report: VerifyReport) => void): VerifyWork =>
    new VerifyWork(raw, (each) => report(mutation.verifyReport?.(each, process) ?? each));
  const verification = new LogVerification({
    data: "data",
    beginning,
    ofBytes: 0,
    clock,
    logger: SILENT_LOGGER,
    mayStart: () => true,
    onDamage: (problem) => {
      exit(problem);
      noteDamageOf(process, problem);
    },
    makeWorker: () => new SimulatedWorker<VerifyTask, VerifyReport>(work, workers) as unknown as Worker,
  });
  process.every(TICK_MS, () => verification.tick());
}

/** Notes damage of the log that a server has met, for its next start. */
export function noteDamageOf({ files, machine }: ServerProcess, problem: string): void {
  if (noteDamage(files, SILENT_LOGGER, problem)) machine.isDamageNoted = true;
}

/** Verifies in one step. */
class VerifyWork implements SimulatedWork<VerifyTask> {
  #task: VerifyTask | undefined;

  constructor(readonly files: FileStore, readonly report: (report: VerifyReport) => void) {}

  take(task: VerifyTask): void {
    this.#task = task;
  }

  step(): undefined {
    if (this.#task === undefined) return;
    try {
      atOnce(verifyBefore(this.files, this.#task.beginning));
      this.report({ type: "verified" });
    } catch (error) {
      const isDamage = error instanceof LogDamaged || error instanceof LoadedPartRefused;
      this.report({ type: isDamage ? "damaged" : "failed", problem: errorOf(error).message });
    }
  }
}
