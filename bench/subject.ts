/**
 * The processes that are measured: the server as it is shipped, and the relay, on the same runtime.
 *
 * @module
 */

/** A process that is measured, and where it listens. */
export interface Subject {
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to its first line, which says that it listens, ms. */
  readonly startMs: number;
  /** What it says on standard error so far. */
  readonly errors: () => string;
  /** Ends it in order; resolves once it is gone. */
  stop(): Promise<void>;
}

/** What differs from run to run. */
export interface ServerOptions {
  /** An empty folder, or one that a server left behind. */
  readonly data: string;
  /** Settings of the configuration: `limits`, `hashCost`, ... */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Flags of the runtime before the program's name. */
  readonly runtimeFlags?: readonly string[];
  /** The executable to start; the sources unless given. */
  readonly executable?: string;
  /** Name of the node; node1 unless given. */
  readonly name?: string;
  /** Where its peers reach it. */
  readonly grpcPort?: number;
  /** The other nodes, as in the configuration; none unless given. */
  readonly peers?: readonly Readonly<Record<string, unknown>>[];
}

/** Those that have not been stopped. */
const running = new Set<Deno.ChildProcess>();

/** Ends at once whatever still runs: where a measurement failed, nobody else does. */
export function killSubjects(): void {
  for (const process of running) process.kill("SIGKILL");
}

const SERVER = new URL("../server/main.ts", import.meta.url).pathname;
const RELAY = new URL("relay.ts", import.meta.url).pathname;

/** The limits that would get in the way of a measurement, off. */
export const LIMITS_OFF = {
  messagesPerSecond: 0,
  bytesPerSecond: 0,
  registrationsPerHour: 0,
  registrationsPerTenMinutes: 0,
  newConnectionsPerMinute: 0,
  loopbackExempt: true,
  unauthenticatedConnections: 10_000,
  hashWaitMs: 30_000,
};

/** Accounts are made before the clock starts, so their passwords may be cheap. */
export const CHEAP_ACCOUNTS = { limits: LIMITS_OFF, hashCost: 4 };

/** Starts the relay. */
export function startRelay(): Promise<Subject> {
  return start(Deno.execPath(), ["run", "--no-prompt", "--allow-net", RELAY]);
}

/** Starts the server with a configuration of its own beside its data folder. */
export async function startServer(options: ServerOptions): Promise<Subject> {
  const { data, settings, runtimeFlags = [], name = "node1", peers = [] } = options;
  const config = `${data}.json`;
  const grpc = { port: options.grpcPort ?? 50_051 };
  const nodes = [{ name, tcp: { host: "127.0.0.1", port: 5_000 }, grpc }, ...peers];
  await Deno.writeTextFile(config, JSON.stringify({ cluster: "bench", nodes, ...settings }));
  const permissions = ["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--ignore-env"];
  const flags = [`--node=${name}`, `--config=${config}`, `--data=${data}`, "--port=0"];
  if (options.executable !== undefined) return await start(options.executable, flags);
  return await start(Deno.execPath(), ["run", ...permissions, ...runtimeFlags, SERVER, ...flags]);
}

async function start(program: string, args: string[]): Promise<Subject> {
  const startedMs = performance.now();
  const process = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
  running.add(process);
  void process.status.then(() => running.delete(process));
  const errors = keep(process.stderr);
  const firstLine = Promise.withResolvers<string>();
  const output = keep(process.stdout, (text) => {
    if (text.includes("\n")) firstLine.resolve(text);
  });
  void output.whole.then((text) => firstLine.resolve(text));
  const line = await firstLine.promise;
  const startMs = performance.now() - startedMs;
  const port = Number(/listens on \S+:(\d+)/.exec(line)?.[1]);
  if (!(port > 0)) {
    throw new Error(`${program} ${args.join(" ")} did not start; it said: ${line}${await errors.whole}`);
  }
  return {
    port,
    pid: process.pid,
    startMs,
    errors: errors.soFar,
    stop: async () => {
      process.kill("SIGTERM");
      await Promise.all([process.status, errors.whole, output.whole]);
    },
  };
}

/** Keeps what comes out of a process. */
function keep(
  stream: ReadableStream<Uint8Array>,
  onMore: (soFar: string) => void = () => {},
): { readonly whole: Promise<string>; readonly soFar: () => string } {
  let text = "";
  const decoder = new TextDecoder();
  const read = async (): Promise<string> => {
    for await (const bytes of stream) onMore(text += decoder.decode(bytes, { stream: true }));
    return text;
  };
  return { whole: read(), soFar: () => text };
}
