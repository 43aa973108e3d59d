/**
 * The real server program as a process of its own, for tests.
 *
 * @module
 */

import { freePort } from "./free_port.ts";

/** Time limit of a server to listen, and to end by itself, ms. */
const START_MS = 60_000;

/** The permissions that the server is run with, as in `deno.json`. */
export const SERVER_PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--ignore-env"];

/** The server's command line, beginning with the runtime. */
export function serverCommand(...args: readonly string[]): readonly string[] {
  const main = new URL("../../server/main.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "--no-prompt", ...SERVER_PERMISSIONS, main, ...args];
}

/** Options of a start. */
export interface ServerOptions {
  /** The words that start the program; those of `serverCommand` unless given. */
  readonly program?: readonly string[];
  /** Members of the node's entry in the configuration, on top of name and ports. */
  readonly node?: Readonly<Record<string, unknown>>;
  /** The entries of further nodes in the configuration. */
  readonly others?: readonly Readonly<Record<string, unknown>>[];
  /** Content of the key file that a node with others finds; that of every test unless given. */
  readonly clusterKey?: string;
  /** Members at the top of the configuration: `limits`, `hashCost`, `reserveBytes`. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The data folder; a temporary one, removed at the end, unless given. */
  readonly data?: string;
  /** Client port; any free one unless given. */
  readonly port?: number;
  /** Further flags. */
  readonly flags?: readonly string[];
  /** Starts it in an empty folder, with neither --config nor --data. */
  readonly unconfigured?: true;
  /** Words before the command line of the program, as `strace -f`. */
  readonly wrapper?: readonly string[];
}

/** Key of the clusters of tests, whose nodes have a folder each: hexadecimal digits. */
export const CLUSTER_KEY = "5c".repeat(32);

/** Settings with which tests do not wait: cheap hashes, no rates, a small reserve. */
export const QUICK = {
  hashCost: 4,
  reserveBytes: 1_048_576,
  limits: { messagesPerSecond: 0, bytesPerSecond: 0, registrationsPerHour: 0, registrationsPerTenMinutes: 0 },
};

/** Keeps a node without a configuration off the default port of the page, unless the test chooses another. */
function webFlags(flags: readonly string[] = []): readonly string[] {
  return flags.some((flag) => flag.startsWith("--web-port")) ? [] : ["--no-web"];
}

/** A server that runs. `await using` ends it. */
export class ServerProcess implements AsyncDisposable {
  /** Standard output so far. */
  stdout = "";
  /** Standard error so far. */
  stderr = "";
  /** Resolves with its exit status. */
  readonly status: Promise<Deno.CommandStatus>;
  readonly #drained: Promise<unknown>;
  #changed: (() => void) | undefined;
  #over = false;

  private constructor(
    readonly child: Deno.ChildProcess,
    readonly folder: string,
    readonly data: string,
  ) {
    this.status = child.status;
    this.#drained = Promise.all([
      this.#collect(child.stdout, (text) => this.stdout += text),
      this.#collect(child.stderr, (text) => this.stderr += text),
    ]);
    void this.#drained.then(() => {
      this.#over = true;
      this.#changed?.();
    });
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @throws {Error} with its whole output, if it ends instead
   */
  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(options);
    await server.waitFor(() => server.stdout.split("\n").length > 2);
    return server;
  }

  /** Starts a server without waiting for anything. */
  static async spawn(options: ServerOptions = {}): Promise<ServerProcess> {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
    const config = `${folder}/cluster_config.json`;
    const node = {
      name: "node1",
      tcp: { host: "127.0.0.1", port: 7_000 },
      grpc: { port: freePort() },
      ...options.node,
    };
    const nodes = [node, ...(options.others ?? [])];
    const configuration = { cluster: "test", ...QUICK, ...options.configuration, nodes };
    const { unconfigured = false } = options;
    if (!unconfigured) await Deno.writeTextFile(config, JSON.stringify(configuration));
    if (options.others !== undefined) {
      const { clusterKey = CLUSTER_KEY } = options;
      await Deno.writeTextFile(`${folder}/cluster_key`, clusterKey, { mode: 0o600 });
    }
    const data = options.data ?? (unconfigured ? `${folder}/data/node1` : `${folder}/data`);
    const words = [
      ...(options.wrapper ?? []),
      ...(options.program ?? serverCommand()),
      ...(unconfigured
        ? webFlags(options.flags)
        : [`--config=${config}`, `--node=${node.name}`, `--data=${data}`]),
      `--port=${options.port ?? 0}`,
      ...(options.flags ?? []),
    ];
    return ServerProcess.spawnIn(folder, data, words);
  }

  /**
   * Starts a server by a command line, without waiting for anything.
   *
   * @param folder its current folder, which is removed at the end
   * @param data its data folder
   */
  static spawnIn(folder: string, data: string, words: readonly string[]): ServerProcess {
    const [program = "", ...args] = words;
    const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    return new ServerProcess(
      new Deno.Command(program, { args, cwd: folder, ...pipes }).spawn(),
      folder,
      data,
    );
  }

  /** The port that it listens on. */
  get port(): number {
    return Number(/listens on \S+:(\d+)/.exec(this.stdout)?.[1]);
  }

  /** Resident memory, bytes. */
  async residentBytes(): Promise<number> {
    // The runtime allows reading below /proc only with all permissions.
    const args = ["-o", "rss=", "-p", String(this.child.pid)];
    const { stdout } = await new Deno.Command("ps", { args }).output();
    return Number(new TextDecoder().decode(stdout)) * 1_024;
  }

  /**
   * Waits until its output fulfils a condition.
   *
   * @throws {Error} with its whole output, if it ends or does not get there within a minute
   */
  async waitFor(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!condition()) {
      const leftMs = deadline - performance.now();
      if (this.#over || leftMs <= 0) {
        await this.kill();
        throw new Error(`the server did not get there:\n${this.stdout}${this.stderr}`);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        timer = setTimeout(resolve, leftMs);
      });
      clearTimeout(timer);
    }
  }

  /** True once it has ended. */
  get isOver(): boolean {
    return this.#over;
  }

  /**
   * Waits until it ends by itself; returns the exit status.
   *
   * @throws {Error} with its whole output, if it does not end within a minute
   */
  async ended(): Promise<number> {
    const late = setTimeout(() => this.child.kill("SIGKILL"), START_MS);
    await this.#drained;
    clearTimeout(late);
    const { code, signal } = await this.status;
    if (signal === "SIGKILL") {
      throw new Error(`the server was to end and did not:\n${this.stdout}${this.stderr}`);
    }
    return code;
  }

  /** Sends a signal and waits for the end; returns the exit status. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Deno.CommandStatus> {
    try {
      this.child.kill(signal);
    } catch {
      // It has ended already.
    }
    await this.#drained;
    return await this.status;
  }

  /** Ends it as a power switch would. */
  async kill(): Promise<void> {
    await this.stop("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#changed?.();
    }
  }
}
