/**
 * A copy of the project in a git repository of its own, for trial releases.
 *
 * @module
 */

import { assert } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { namesIn } from "../../packaging/release/release_folder.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Files that git does not track, git's own folder, and files that only the task `ok` needs. */
const LEFT_OUT = [".git", "coverage", "data", "dist", "bench", "demo", "tests"];

/** First words of the copy's task `ok`. */
export const OK_RUNS = "this is ok";

/** The heading of the version that is to be released. */
export const HEADING = `## ${VERSION} (not released yet)`;

/** The change log of the copy: that of the project may be in any state. */
export const CHANGES = `# Changes

What changed.

${HEADING}

### Added

- Something.

## 0.9.0 (2026-01-31)

The first version.
`;

/** Exit status and output of `deno task release`. */
export interface ReleaseOutcome {
  readonly code: number;
  readonly stdout: string;
  /** Standard error, without Deno's own words about tasks and packages. */
  readonly message: string;
}

/** A repository with a copy of the project. `await using` removes it. */
export class ReleaseProject implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /**
   * Makes the copy, and commits it.
   *
   * @param ok the task `ok`, in place of running all tests
   */
  static async make(ok = "true"): Promise<ReleaseProject> {
    const project = new ReleaseProject(await Deno.makeTempDir({ prefix: "chat-release-test-" }));
    await copy(ROOT, project.folder, LEFT_OUT);
    const path = project.path("deno.json");
    const configuration = JSON.parse(await Deno.readTextFile(path));
    configuration.tasks.ok.command = `echo ${OK_RUNS} && ${ok}`;
    await Deno.writeTextFile(path, `${JSON.stringify(configuration, undefined, 2)}\n`);
    await Deno.writeTextFile(project.path("docs/changes.md"), CHANGES);
    await project.git("init", "--quiet");
    await project.commit();
    return project;
  }

  /** Of a file, by its path from the project's root. */
  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Commits everything. */
  async commit(): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message=Everything");
  }

  /** @returns the output of git */
  async git(...args: string[]): Promise<string> {
    const own = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"];
    const { code, stdout, message } = await this.#run("git", [...own, ...args]);
    assert(code === 0, message);
    return stdout;
  }

  /** Everything that a release could change: the commit, the change log, uncommitted files, and `dist`. */
  async state(): Promise<unknown> {
    return {
      commit: await this.git("rev-parse", "HEAD"),
      tags: await this.git("tag"),
      status: await this.git("status", "--porcelain"),
      changes: await Deno.readTextFile(this.path("docs/changes.md")),
      dist: await namesIn(this.path("dist")),
    };
  }

  /**
   * Runs `deno task release`.
   *
   * @param compiler the compiler, in place of the running Deno
   */
  async release(compiler = Deno.execPath()): Promise<ReleaseOutcome> {
    return await this.#run(Deno.execPath(), ["task", "--quiet", "release"], { DENO_COMPILER: compiler });
  }

  /** Runs a command of Deno in the copy. */
  async deno(...args: string[]): Promise<ReleaseOutcome> {
    return await this.#run(Deno.execPath(), args);
  }

  /**
   * Makes a compiler of `testing/stand_in_compiler.ts`.
   *
   * @param failing a target that it cannot compile for
   * @param meanwhile a command of the shell that runs before each compilation
   */
  async standInCompiler(failing = "", meanwhile = "true"): Promise<string> {
    const path = this.path(".git/stand_in_compiler");
    const script = new URL("../testing/stand_in_compiler.ts", import.meta.url).pathname;
    const words = [Deno.execPath(), "run", "--allow-all", script, failing].map((word) => `'${word}'`);
    const lines = ["#!/bin/sh", `[ "$1" != compile ] || ${meanwhile}`, `exec ${words.join(" ")} "$@"`];
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`, { mode: 0o755 });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }

  async #run(program: string, args: string[], also: Record<string, string> = {}): Promise<ReleaseOutcome> {
    // The copy is to be the only repository in sight, and its release one with downloaded base runtimes.
    const unwanted = /^(GIT_|DENORT_BIN$|DENO_COMPILER$)/;
    const inherited = Object.entries(Deno.env.toObject()).filter(([name]) => !unwanted.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      NO_COLOR: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CEILING_DIRECTORIES: this.folder.slice(0, this.folder.lastIndexOf("/")),
      ...also,
    };
    const command = new Deno.Command(program, { args, cwd: this.folder, clearEnv: true, env, stdin: "null" });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    const said = decoder.decode(stderr);
    return {
      code,
      stdout: decoder.decode(stdout),
      message: said.slice(Math.max(0, said.indexOf("release: "))),
    };
  }
}

/** @param leftOut names that are not copied from the top */
async function copy(from: string, to: string, leftOut: readonly string[] = []): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const item of Deno.readDir(from)) {
    const [source, copied] = [`${from}/${item.name}`, `${to}/${item.name}`];
    if (leftOut.includes(item.name)) continue;
    if (item.isDirectory) await copy(source, copied);
    else if (item.isFile) await Deno.copyFile(source, copied);
  }
}
