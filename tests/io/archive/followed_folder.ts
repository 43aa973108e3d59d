/**
 * A log on a real disk with the archive that follows it, in this process.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { queryTerms } from "../../../server/core/search/terms.ts";
import type { ArchiveFollower } from "../../../server/follower/archive_follower.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import { type OpenLog, openLog } from "../../../server/log/open_log.ts";
import type { ArchiveOutcome } from "../../../server/ports/archive.ts";
import { State } from "../../../server/core/state.ts";
import { NodeArchive } from "../../../server/process/node_archive.ts";
import { systemClock, systemRandom, systemTimers } from "../../../server/process/system_ports.ts";
import { eventually } from "../../testing/eventually.ts";
import { KeptLogger } from "../net_harness.ts";

/** Interval of ticks, ms. */
const TICK_MS = 100;

/** `await using` stops the archive, closes the log and removes the folder. */
export class FollowedFolder implements AsyncDisposable {
  readonly logger = new KeptLogger();
  readonly archive: ArchiveFollower;
  readonly #open: OpenLog;
  readonly #ticker: ReturnType<typeof setInterval>;
  #seq = 0;
  #synced: (() => void) | undefined;

  private constructor(readonly data: string) {
    this.#open = openLog({
      files: new DenoFiles(data),
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger: this.logger,
      node: "node1",
      version: "1.0.0",
      segmentBytes: 4_194_304,
      reserveBytes: 0,
      replay: () => {},
      onSynced: () => {
        this.archive.advanced();
        this.#synced?.();
      },
      onReadOnly: () => {},
      onFault: (error) => {
        throw error;
      },
    });
    const parts = {
      data,
      limits: DEFAULT_LIMITS,
      ...this.#open,
      state: new State(),
      loaded: 0,
      logger: this.logger,
      mayStart: () => true,
    };
    this.archive = new NodeArchive(parts).follower;
    this.#ticker = setInterval(() => this.archive.tick(), TICK_MS);
  }

  static async make(): Promise<FollowedFolder> {
    return new FollowedFolder(await Deno.makeTempDir({ prefix: "chat-followed-" }));
  }

  /** Logs events, and waits until they are durable. */
  async commit(...events: readonly Event[]): Promise<void> {
    const entries = events.map((event): Entry =>
      entryOf("node1#000000000001", ++this.#seq, 1_700_000_000_000_000 + this.#seq, event)
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#synced = resolve;
    this.#open.log.commit(entries.map(encodeEntry));
    await promise;
  }

  /** Searches in all messages of an account. */
  search(account: string, words: string, limit = 50): Promise<ArchiveOutcome> {
    const query = {
      type: "search",
      account,
      terms: queryTerms(words),
      other: undefined,
      before: undefined,
      limit,
    } as const;
    return new Promise((resolve) => this.archive.ask(query, resolve));
  }

  /** Ids of the messages that are found; or the problem. */
  async found(account: string, words: string): Promise<readonly string[] | string> {
    const outcome = await this.search(account, words);
    return "problem" in outcome ? outcome.problem : outcome.messages.map(({ id }) => id);
  }

  /** Waits until the archive has everything. */
  async follows(): Promise<void> {
    await eventually("the archive has everything", () => {
      const { lag, problem } = this.archive.status();
      return lag === 0 && problem === undefined;
    }, 120_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticker);
    await this.archive.stop();
    await new Promise<void>((resolve) => this.#open.log.close(resolve));
    await Deno.remove(this.data, { recursive: true });
  }
}

/** A message. */
export function sent(id: string, from: string, to: string, content: string): Event {
  return { type: "messageSent", id, from, to, content };
}
