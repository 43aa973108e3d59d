/**
 * Subjects of the measurements: the server as its task starts it, and the relays, on the same runtime.
 *
 * @module
 */

import { serverArguments, THIS_CHECKOUT } from "./checkout.ts";

/** A running process. */
export interface Subject {
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to its first line, which says that it listens, ms. */
  readonly startMs: number;
  /** Its standard error so far. */
  readonly errors: () => string;
  /** Ends it in order; resolves once it is gone. */
  stop(): Promise<void>;
  /** Ends it as a power switch would. */
  kill(): Promise<void>;
}

/** Options of one server. */
interface ServerOptions {
  /** An empty folder, or the data of an earlier run. */
  readonly data: string;
  /** Settings of the configuration: `limits`, `hashCost`, ... */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Flags of the runtime beside those of the task. */
  readonly runtimeFlags?: readonly string[];
  /** Folder of the sources; this checkout by default. */
  readonly checkout?: string;
  /** Executable to start in place of the sources. */
  readonly executable?: string;
  /** Members of the node's entry in the configuration, on top of name and ports. */
  readonly node?: Readonly<Record<string, unknown>>;
  /** Name of the node; node1 by default. */
  readonly name?: string;
  /** Port for its peers. */
  readonly grpcPort?: number;
  /** The other nodes, as in the configuration; none by default. */
  readonly peers?: readonly Readonly<Record<string, unknown>>[];
}

/** Processes that run now. */
const running = new Set<Deno.ChildProcess>();

/** Kills every process that runs: a failed measurement leaves its own behind. */
export function killSubjects(): void {
  for (const process of running) process.kill("SIGKILL");
}

const RELAY = new URL("relay.ts", import.meta.url).pathname;
const TLS_ECHO = new URL("tls_echo.ts", import.meta.url).pathname;

/** Turns off the limits that a measurement would run into. */
export const LIMITS_OFF = {
  messagesPerSecond: 0,
  bytesPerSecond: 0,
  registrationsPerHour: 0,
  registrationsPerTenMinutes: 0,
  newConnectionsPerMinute: 0,
  loopbackExempt: true,
  unauthenticatedConnections: 10_000,
  hashWaitMs: 30_000,
  inboxMessages: 0,
  inboxBytes: 0,
  storedBytes: 0,
};

/** Settings with cheap password hashes: accounts are made before the clock starts. */
export const CHEAP_ACCOUNTS = { limits: LIMITS_OFF, hashCost: 4 };

/** Starts the plain relay, or, with the path of its log, the synced one. */
export function startRelay(log?: string): Promise<Subject> {
  const file = log === undefined ? [] : [log];
  return start(Deno.execPath(), ["run", "--no-prompt", "--allow-net", "--allow-write", RELAY, ...file]);
}

/** Starts the echo over TLS, with the server's sockets or the runtime's. @param files certificate and key */
export function startTlsEcho(kind: "ours" | "runtime", files: readonly string[]): Promise<Subject> {
  return start(Deno.execPath(), [
    "run",
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    TLS_ECHO,
    kind,
    ...files,
  ]);
}

/** Starts the server with a configuration of its own beside its data folder. */
export async function startServer(options: ServerOptions): Promise<Subject> {
  const { data, runtimeFlags = [], checkout = THIS_CHECKOUT, name = "node1", peers = [] } = options;
  const config = `${data}.json`;
  const grpc = { port: options.grpcPort ?? 50_051 };
  const nodes = [{ name, tcp: { host: "127.0.0.1", port: 5_000 }, grpc, ...options.node }, ...peers];
  await Deno.writeTextFile(config, JSON.stringify({ cluster: "bench", nodes, ...settingsOf(options) }));
  const flags = [`--node=${name}`, `--config=${config}`, `--data=${data}`, "--port=0"];
  if (options.executable !== undefined) return await start(options.executable, flags);
  const [run = "run", ...rest] = serverArguments(checkout);
  return await start(Deno.execPath(), [run, ...runtimeFlags, ...rest, ...flags], checkout);
}

/** The settings, without limits that an earlier version lacks: it refuses what it does not know. */
function settingsOf({ settings = {}, checkout = THIS_CHECKOUT }: ServerOptions): ServerOptions["settings"] {
  const source = Deno.readTextFileSync(`${checkout}/common/limits.ts`);
  const known = Object.entries(settings["limits"] ?? {}).filter(([name]) => source.includes(`  ${name}: `));
  return { ...settings, limits: Object.fromEntries(known) };
}

async function start(program: string, args: string[], cwd = THIS_CHECKOUT): Promise<Subject> {
  const startedMs = performance.now();
  const process = new Deno.Command(program, { args, cwd, stdin: "null", stdout: "piped", stderr: "piped" })
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
  const end = async (signal: Deno.Signal): Promise<void> => {
    process.kill(signal);
    await Promise.all([process.status, errors.whole, output.whole]);
  };
  return {
    port,
    pid: process.pid,
    startMs,
    errors: errors.soFar,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Collects the output of a process as text. */
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
