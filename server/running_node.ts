/**
 * The composition root of a running node: the real ports, put together.
 *
 * @module
 */

import { VERSION } from "../common/version.ts";
import type { NodeConfiguration } from "./config/node_configuration.ts";
import { evolve } from "./core/evolve.ts";
import { State } from "./core/state.ts";
import { DenoFiles } from "./log/deno_files.ts";
import { type DataLock, lockDataFolder } from "./log/lock.ts";
import type { LogWriter } from "./log/log_writer.ts";
import { openLog, SEGMENT_BYTES } from "./log/open_log.ts";
import { Connections } from "./net/connections.ts";
import { Listener } from "./net/listener.ts";
import { Node } from "./node/node.ts";
import { PasswordPool } from "./passwords/pool.ts";
import type { Logger } from "./ports.ts";
import { sha256, systemClock, systemRandom, systemTimers } from "./system_ports.ts";

/** How often the node looks at what time has brought, ms. */
const TICK_MS = 1_000;

/** How long clients have to take what was said to them before the process ends, ms. */
const FAREWELL_MS = 700;

/** How long a stop may take before it is called unclean, ms. */
const STOP_MS = 1_800;

/** A node that serves clients. */
export class RunningNode {
  /** Resolves with what makes going on impossible. */
  readonly fault: Promise<Error>;
  readonly #lock: DataLock;
  readonly #log: LogWriter;
  readonly #node: Node;
  readonly #hasher: PasswordPool;
  readonly #connections: Connections;
  readonly #listeners: Listener[] = [];
  #ticker: ReturnType<typeof setInterval> | undefined;

  /**
   * Recovers the log and listens.
   *
   * @param data the data folder, which is made if it does not exist
   * @throws {DataFolderLocked} if another process has it
   * @throws {LogDamaged} if the log is damaged
   * @throws {LogRefused} if the log is not this node's, or too new
   * @throws {Error} of the system, if the port is taken or a certificate cannot be read
   */
  static async start(configuration: NodeConfiguration, data: string, logger: Logger): Promise<RunningNode> {
    const { tls } = configuration;
    const certificate = tls && {
      cert: await Deno.readTextFile(tls.certFile),
      key: await Deno.readTextFile(tls.keyFile),
    };
    const running = new RunningNode(configuration, data, logger);
    running.#listen(configuration, certificate, logger);
    return running;
  }

  private constructor(configuration: NodeConfiguration, data: string, logger: Logger) {
    const { limits, name } = configuration;
    const { promise, resolve: onFault } = Promise.withResolvers<Error>();
    this.fault = promise;
    const files = new DenoFiles(data);
    this.#lock = lockDataFolder(data, { node: name, pid: Deno.pid, startedMs: systemClock.wallMs() });
    const state = new State();
    const { log, origin } = openLog({
      files,
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger,
      node: name,
      version: VERSION,
      segmentBytes: SEGMENT_BYTES,
      reserveBytes: configuration.reserveBytes,
      replay: (entry) => void evolve(state, entry),
      onSynced: () => this.#node.logSynced(),
      onReadOnly: (readOnly) => logger.debug("readOnly", { readOnly }),
      onFault,
    });
    this.#log = log;
    this.#hasher = new PasswordPool({ limits, clock: systemClock, logger });
    this.#node = new Node(
      { ...configuration, version: VERSION, origin },
      {
        clock: systemClock,
        random: systemRandom,
        log,
        hasher: this.#hasher,
        digest: sha256,
        logger,
        requestTurn: () => queueMicrotask(() => this.#node.endTurn()),
      },
      state,
    );
    this.#connections = new Connections({
      limits,
      clock: systemClock,
      logger,
      openSession: (link) => this.#node.openSession(link),
      onFault: (error) => onFault(error instanceof Error ? error : new Error(String(error))),
    });
  }

  #listen(
    { tcp, tls }: NodeConfiguration,
    certificate: { readonly cert: string; readonly key: string } | undefined,
    logger: Logger,
  ): void {
    const plain = { hostname: tcp.host, port: tcp.port };
    this.#listeners.push(new Listener(plain, this.#connections, logger));
    if (tls && certificate) {
      const secure = { hostname: tls.host, port: tls.port, tls: certificate };
      this.#listeners.push(new Listener(secure, this.#connections, logger));
    }
    this.#ticker = setInterval(() => this.#node.tick(), TICK_MS);
  }

  /** The port that clients connect to without TLS. */
  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  /** The port that clients connect to with TLS, if there is one. */
  get tlsPort(): number | undefined {
    return this.#listeners[1]?.port;
  }

  /** What is in the log. */
  counts(): { readonly accounts: number; readonly messages: number } {
    const { directory, messages } = this.#node.state;
    return { accounts: directory.size, messages: messages.size };
  }

  /**
   * Tells the clients, finishes what was begun, syncs, and lets everything go.
   *
   * @returns whether all of it was done in time
   */
  async stop(): Promise<boolean> {
    for (const listener of this.#listeners) listener.close();
    clearInterval(this.#ticker);
    const stopped = this.#stopInOrder().then(() => true);
    return await Promise.race([stopped, after(STOP_MS, false)]);
  }

  async #stopInOrder(): Promise<void> {
    await new Promise<void>((resolve) => this.#node.close("the node is being stopped", resolve));
    await new Promise<void>((resolve) => this.#log.close(resolve));
    await Promise.race([this.#connections.closeAll(), after(FAREWELL_MS, undefined)]);
    this.#hasher.stop();
    this.#lock.release();
  }
}

async function after<T>(ms: number, value: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return value;
}
