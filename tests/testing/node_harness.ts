/**
 * A real node with real sessions under the control of a test, which passes time, hashes passwords and syncs
 * the log.
 *
 * @module
 */

import { NO_REPLICATION } from "./no_replication.ts";
import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import type { Registration } from "../../server/core/accounts/invite.ts";
import type { EncodedEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";
import { State } from "../../server/core/state.ts";
import { Node } from "../../server/node/node.ts";
import { Operator } from "../../server/operator/operator.ts";
import type { EntryLog } from "../../server/ports/node.ts";
import type { OperatorAnswer, OperatorRequest } from "../../server/ports/operator.ts";
import type { LogFields, Timers } from "../../server/ports/outside.ts";
import type { HashJob, PasswordHasher, VerifyJob } from "../../server/ports/passwords.ts";
import { HANDLERS } from "../../server/sessions/handlers.ts";
import { Sessions } from "../../server/sessions/sessions.ts";
import { HarnessClient } from "./harness_client.ts";
import { MemoryArchive } from "./memory_archive.ts";
import { standInFingerprinter } from "./stand_in_fingerprinter.ts";

/** Usual address of clients: no loopback address, so that every bound holds. */
export const ADDRESS = "192.0.2.1";

/** The moment at which a test begins, ms since the Unix epoch. */
export const START_MS = 1_700_000_000_000;

/** A log with syncs ended by the test. */
class HeldLog implements EntryLog {
  readOnly = false;
  /** Everything that is durable. */
  readonly synced: Entry[] = [];
  /** JSON of everything that was committed. */
  readonly written: string[] = [];
  /** The batch that is being synced. */
  pending: readonly Entry[] | undefined;

  commit(entries: readonly EncodedEntry[]): void {
    if (this.pending) throw new Error("a commit came while another was under way");
    if (entries.length === 0) throw new Error("a commit came without entries");
    this.pending = entries.map(({ entry }) => entry);
    this.written.push(...entries.map(({ json }) => new TextDecoder().decode(json)));
  }
}

/** A hasher that stores the plain password, and calls back on demand. */
class HeldHasher implements PasswordHasher {
  busy = false;
  readonly waiting: (() => void)[] = [];
  /** All jobs so far. */
  readonly jobs: (HashJob | VerifyJob)[] = [];

  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void {
    this.jobs.push(job);
    const { busy } = this;
    this.waiting.push(() => done(busy ? "busy" : { hash: fakeHash(job.password, job.cost) }));
  }

  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void {
    this.jobs.push(job);
    const { busy } = this;
    this.waiting.push(() => done(busy ? "busy" : { fits: job.hash.slice(7) === job.password }));
  }
}

/** Timers that go off when the test asks. */
class HeldTimers implements Timers {
  #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get areDue(): boolean {
    return this.#waiting.some(({ atMs }) => atMs <= this.#nowMs());
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs() + ms, callback };
    this.#waiting.push(timer);
    return () => this.#waiting = this.#waiting.filter((each) => each !== timer);
  }

  /** Makes the calls that are due. */
  run(): void {
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs());
    this.#waiting = this.#waiting.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
  }
}

/** Hash of a password. */
export function fakeHash(password: string, cost = 10): string {
  return `$2b$${String(cost).padStart(2, "0")}$${password}`;
}

/** Password of all accounts that `login` registers. */
export function passwordOf(name: string): string {
  return `password of ${name.toLowerCase()}`;
}

/** Options of a client's connection. */
export interface ClientOptions {
  readonly dialect?: "original" | "confirmed";
  readonly address?: string;
}

/** A node, its sessions, and the ports that the test controls. */
export class NodeHarness {
  readonly log = new HeldLog();
  readonly memory = { isShort: false, took: () => {} };
  readonly hasher = new HeldHasher();
  readonly archive = new MemoryArchive(() => this.state);
  readonly state: State;
  readonly node: Node;
  readonly sessions: Sessions;
  readonly operator: Operator;
  readonly timers = new HeldTimers(() => this.time.monotonicMs);
  /** Both clocks; `pass` moves them. */
  readonly time = { wallMs: START_MS, monotonicMs: 1_000 };
  /** Everything that the sessions have told diagnostics, at any level. */
  readonly diagnostics: { readonly event: string; readonly fields: LogFields }[] = [];
  #turnRequested = false;
  #random = 0;

  /**
   * @param limits differences from the defaults; registrations are unlimited unless given
   * @param registration who can register
   */
  constructor(
    limits: Partial<Limits> = {},
    state = new State(),
    origin = "node1#aaaaaaaaaaaa",
    replication = NO_REPLICATION,
    registration: Registration = "open",
  ) {
    this.state = state;
    const settings = {
      name: "node1",
      cluster: "cluster",
      version: "1.2.3",
      origin,
      nodes: ["node1", "node2", "node3"].map((name, i) => ({ name, host: "127.0.0.1", port: 5_000 + i })),
      limits: { ...DEFAULT_LIMITS, registrationsPerHour: 0, registrationsPerTenMinutes: 0, ...limits },
      clusterSize: 3,
      hashCost: 10,
      firstLead: 0,
      registration,
    };
    const log = (event: string, fields: LogFields = {}): void =>
      void this.diagnostics.push({ event, fields });
    const logger = { showsDebug: true, debug: log, info: log, warn: log, error: log };
    this.node = new Node(settings, {
      clock: { wallMs: () => this.time.wallMs, monotonicMs: () => this.time.monotonicMs },
      log: this.log,
      memory: this.memory,
      replication,
      requestTurn: () => this.#turnRequested = true,
    }, state);
    const random = { bytes: (count: number) => this.#bytes(count) };
    const digest = (text: string) => `digest of ${text}`;
    const { hasher, archive } = this;
    const ports = { random, hasher, digest, fingerprinter: standInFingerprinter, logger, archive };
    this.sessions = new Sessions(this.node, ports, HANDLERS);
    this.operator = new Operator(this.node, { ...ports, timers: this.timers });
  }

  /** Serves a request of the operator, and returns the answer. @throws {Error} if it does not come without time */
  operate(request: OperatorRequest): OperatorAnswer {
    let answer: OperatorAnswer | undefined;
    this.operator.serve(request, (given) => answer = given);
    this.settle();
    if (answer === undefined) throw new Error(`${request.act} is not answered`);
    return answer;
  }

  /** Counts up: every draw differs, and each run draws the same. */
  #bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(0, ++this.#random);
    return bytes;
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.time.wallMs += ms;
    this.time.monotonicMs += ms;
  }

  /** Ends the waiting jobs of the hasher. */
  hash(): void {
    for (const finish of this.hasher.waiting.splice(0)) finish();
  }

  /** Ends the turn, if one was requested. */
  turn(): void {
    if (!this.#turnRequested) return;
    this.#turnRequested = false;
    this.node.endTurn();
  }

  /** Makes the running write durable. */
  sync(): void {
    const { pending } = this.log;
    if (pending === undefined) throw new Error("nothing is being written");
    this.log.pending = undefined;
    this.log.synced.push(...pending);
    this.node.logSynced();
  }

  /** Does everything that needs no further request. */
  settle(): void {
    while (
      this.hasher.waiting.length > 0 || this.#turnRequested || this.log.pending || this.timers.areDue
    ) {
      this.hash();
      this.timers.run();
      this.turn();
      if (this.log.pending) this.sync();
    }
  }

  /** A new connection; in the confirmed dialect, after HELLO. */
  connect({ dialect = "confirmed", address = ADDRESS }: ClientOptions = {}): HarnessClient {
    const client = new HarnessClient(this, address);
    if (dialect === "confirmed") client.hello();
    return client;
  }

  /** A logged-in connection; registers the account if the name is free. */
  login(name: string, options: ClientOptions = {}): HarnessClient {
    const client = this.connect(options);
    client.login(name, passwordOf(name));
    return client;
  }
}
