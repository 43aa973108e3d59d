/**
 * The ports of `cluster_config.json` and of the documents' examples, and a network in which they are free.
 *
 * A test that listens on a default port, or connects to one, runs its programs in an `OwnNetwork`. Every
 * other test takes its ports from `free_port.ts`, so that the tests pass beside nodes that run on this
 * machine. `default_ports_test.ts` keeps the numbers out of all other files.
 *
 * @module
 */

import { processTest } from "./permissions.ts";

/** Client port of node1 when nothing is configured. */
export const DEFAULT_PORT = 5_000;

/** Port of node1's page when nothing is configured. */
export const DEFAULT_WEB_PORT = 5_080;

/** All ports that `cluster_config.json` and the documents name. */
export const DEFAULT_PORTS: readonly number[] = [
  DEFAULT_PORT,
  5_001,
  5_002,
  DEFAULT_WEB_PORT,
  5_081,
  5_082,
  5_443,
  9_464,
  50_051,
  50_052,
  50_053,
];

/**
 * Command prefixes for a program in a new network namespace: with privileges, or as root of a user namespace.
 */
const UNSHARE = [
  { make: ["unshare", "--net"], enter: ["nsenter", "--net"] },
  {
    make: ["unshare", "--user", "--map-root-user", "--net"],
    enter: ["nsenter", "--user", "--preserve-credentials", "--net"],
  },
] as const;

/**
 * Brings loopback up and reports it; the namespace lives until standard input ends, as it does with the
 * tests.
 */
const KEEPER = "ip link set lo up && echo up && read -r _";

/**
 * Joins standard input and output to a connection; a background command reads standard input only on demand.
 */
const RELAY = 'exec 3<>"/dev/tcp/127.0.0.1/$1"; cat <&0 >&3 & exec cat <&3';

/** Reason for which a machine has no `OwnNetwork` to offer. */
const REASON = "needs Linux, util-linux, iproute2 and the right to make a network namespace";

/** A network namespace with nothing but loopback. `await using` removes it. */
export class OwnNetwork implements AsyncDisposable {
  private constructor(
    /** Words before a command line that start the program in this network. */
    readonly entry: readonly string[],
    private readonly keeper: Deno.ChildProcess,
  ) {}

  /**
   * Makes a network.
   *
   * @throws {Error} where the machine cannot; `whyNot` tells beforehand
   */
  static async open(): Promise<OwnNetwork> {
    const network = await OwnNetwork.#opened();
    if (network === undefined) throw new Error(REASON);
    return network;
  }

  /** The reason why this machine cannot make a network; `undefined` if it can. */
  static async whyNot(): Promise<string | undefined> {
    // Without this permission the test is ignored for that reason.
    if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return undefined;
    await using network = await OwnNetwork.#opened();
    return network === undefined ? REASON : undefined;
  }

  static async #opened(): Promise<OwnNetwork | undefined> {
    for (const { make, enter } of UNSHARE) {
      const keeper = await started([...make, "sh", "-c", KEEPER]);
      if (keeper !== undefined) return new OwnNetwork([...enter, `--target=${keeper.pid}`, "--"], keeper);
    }
    return undefined;
  }

  /**
   * Connects to a port of 127.0.0.1 in this network.
   *
   * @returns a connection that reads, writes and closes; its other members are missing
   */
  connect(port: number): Promise<Deno.Conn> {
    const [program = "", ...args] = [...this.entry, "bash", "-c", RELAY, "bash", String(port)];
    const pipes = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
    const relay = new Deno.Command(program, { args, ...pipes }).spawn();
    return Promise.resolve(new RelayedConnection(relay) as unknown as Deno.Conn);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.keeper.stdin.close();
    await this.keeper.status;
  }
}

/**
 * Registers a test with real processes in a network of their own; ignored, with the reason in its name, if
 * the machine cannot make one.
 */
export async function networkTest(name: string, run: (network: OwnNetwork) => Promise<void>): Promise<void> {
  const reason = await OwnNetwork.whyNot();
  if (reason !== undefined) Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
  else {
    processTest(name, async () => {
      await using network = await OwnNetwork.open();
      await run(network);
    });
  }
}

/** A connection that a process in another network has made. */
class RelayedConnection {
  readonly #relay: Deno.ChildProcess;
  readonly #reader: ReadableStreamBYOBReader;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(relay: Deno.ChildProcess) {
    this.#relay = relay;
    this.#reader = relay.stdout.getReader({ mode: "byob" });
    this.#writer = relay.stdin.getWriter();
  }

  async read(into: Uint8Array): Promise<number | null> {
    const { value } = await this.#reader.read(new Uint8Array(into.length));
    if (value === undefined || value.length === 0) return null;
    into.set(value);
    return value.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#writer.write(bytes);
    return bytes.length;
  }

  close(): void {
    void this.#writer.close().catch(() => {});
    try {
      this.#relay.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

/** The keeper of a namespace once loopback is up; `undefined` if it ends instead. */
async function started(
  [program, ...args]: readonly [string, ...string[]],
): Promise<Deno.ChildProcess | undefined> {
  const pipes = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  let keeper: Deno.ChildProcess;
  try {
    keeper = new Deno.Command(program, { args, ...pipes }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const reader = keeper.stdout.getReader();
  const isUp = !(await reader.read()).done;
  await reader.cancel();
  if (isUp) return keeper;
  await keeper.stdin.close();
  await keeper.status;
  return undefined;
}
