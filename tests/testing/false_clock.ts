/**
 * A wall clock that a test sets for another process, by libfaketime. The monotonic clock stays right.
 *
 * @module
 */

/** Folder below which distributions keep their libraries, one folder for each architecture. */
const LIBRARIES = "/usr/lib";
const LIBRARY = "faketime/libfaketimeMT.so.1";

/** Time after which a process sees that the clock was set, s. */
const CACHE_S = 1;

/** The library; `undefined` if it is not installed or may not be read. */
function findLibrary(): string | undefined {
  if (Deno.permissions.querySync({ name: "read" }).state !== "granted") return undefined;
  try {
    const folders = [...Deno.readDirSync(LIBRARIES)].filter(({ isDirectory }) => isDirectory);
    return ["", ...folders.map(({ name }) => `${name}/`)].map((folder) => `${LIBRARIES}/${folder}${LIBRARY}`)
      .find((path) => isFile(path));
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const library = findLibrary();

/** The reason why a process cannot have a false clock here; `undefined` if it can. */
export async function whyNoFalseClock(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  if (library === undefined) return "needs faketime, which is not installed";
  await using clock = await FalseClock.make();
  await clock.set(86_400_000);
  const [program = "", ...args] = [...clock.words, Deno.execPath(), "eval", "console.log(Date.now())"];
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  const aheadMs = Number(new TextDecoder().decode(stdout)) - Date.now();
  return Math.abs(aheadMs - 86_400_000) < 10_000
    ? undefined
    : "needs a faketime that works with this runtime";
}

/** The clock of one process, right until it is set. */
export class FalseClock implements AsyncDisposable {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Makes a clock. */
  static async make(): Promise<FalseClock> {
    const clock = new FalseClock(await Deno.makeTempFile({ prefix: "chat-test-clock-" }));
    await clock.set(0);
    return clock;
  }

  /** The words to put before those of the program. */
  get words(): string[] {
    return [
      "env",
      `LD_PRELOAD=${library}`,
      `FAKETIME_TIMESTAMP_FILE=${this.#file}`,
      `FAKETIME_CACHE_DURATION=${CACHE_S}`,
      "FAKETIME_DONT_FAKE_MONOTONIC=1",
      "NO_FAKE_STAT=1",
    ];
  }

  /** Sets the clock ahead of the right time, or behind it if negative; its process sees it within a second. */
  async set(aheadMs: number): Promise<void> {
    await Deno.writeTextFile(`${this.#file}.new`, `${aheadMs < 0 ? "" : "+"}${aheadMs / 1_000}`);
    await Deno.rename(`${this.#file}.new`, this.#file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#file);
  }
}
