/**
 * The signals that tell a process to stop.
 *
 * @module
 */

/** Under `deno task`, Ctrl-C arrives twice: from the terminal and from the task. Ms. */
const REPEAT_MS = 1_000;

/**
 * The signals that tell a process to stop, on a system as `Deno.build.os` calls it. Windows sends no SIGTERM; SIGBREAK
 * is its Ctrl-Break, and SIGHUP says that the console is closed (https://docs.libuv.org/en/v1.x/signal.html), after
 * which the process has some seconds. Elsewhere SIGHUP means something else: see `onHangUp`.
 */
export function shutdownSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM"];
}

/** Resolves at the first signal, and at a second one that is meant as such. */
export class ShutdownSignals {
  /** Resolves when the process is told to stop. */
  readonly first: Promise<void>;
  /** Resolves when it is told so again, more than a second later. */
  readonly second: Promise<void>;
  readonly #stop: () => void;

  /** Listens at once. */
  constructor() {
    const first = Promise.withResolvers<void>();
    this.#stop = first.resolve;
    const second = Promise.withResolvers<void>();
    let firstMs: number | undefined;
    for (const signal of shutdownSignals(Deno.build.os)) {
      Deno.addSignalListener(signal, () => {
        const nowMs = performance.now();
        firstMs ??= nowMs;
        if (nowMs - firstMs > REPEAT_MS) second.resolve();
        else first.resolve();
      });
    }
    this.first = first.promise;
    this.second = second.promise;
  }

  /** The process is to stop for another reason than a signal of these. */
  stop(): void {
    this.#stop();
  }
}
