/**
 * The signals that stop the process.
 *
 * @module
 */

/** Under `deno task`, Ctrl-C arrives twice: from the terminal and from the task. Ms. */
const REPEAT_MS = 1_000;

/**
 * The signals that stop a process on a system, named as in `Deno.build.os`. Windows sends no SIGTERM; SIGBREAK is
 * its Ctrl-Break, and SIGHUP announces that the console closes (https://docs.libuv.org/en/v1.x/signal.html), which
 * leaves the process some seconds. Elsewhere SIGHUP has other meanings: see `onHangUp`.
 */
export function shutdownSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM"];
}

/** Resolves a promise at the first signal, and another at a deliberate second one. */
export class ShutdownSignals {
  /** Resolves at the first signal. */
  readonly first: Promise<void>;
  /** Resolves at a signal more than a second after the first. */
  readonly second: Promise<void>;
  #isStopping = false;
  readonly #stop: () => void;

  /** Starts to listen. */
  constructor() {
    const first = Promise.withResolvers<void>();
    this.#stop = () => {
      this.#isStopping = true;
      first.resolve();
    };
    const second = Promise.withResolvers<void>();
    let firstMs: number | undefined;
    for (const signal of shutdownSignals(Deno.build.os)) {
      Deno.addSignalListener(signal, () => {
        const nowMs = performance.now();
        firstMs ??= nowMs;
        if (nowMs - firstMs > REPEAT_MS) second.resolve();
        else this.#stop();
      });
    }
    this.first = first.promise;
    this.second = second.promise;
  }

  /** True from the first signal on. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Acts as the first signal, for another reason to stop. */
  stop(): void {
    this.#stop();
  }
}
