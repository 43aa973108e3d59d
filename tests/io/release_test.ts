import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { sha256 } from "../../packaging/checksums.ts";
import { explainFailure } from "../../packaging/compile/compiler_failure.ts";
import { OUT_OF_REACH_STATUS } from "../../packaging/packaging_error.ts";
import { PROGRAMS } from "../../packaging/programs.ts";
import { run } from "../../packaging/run.ts";
import { releasedName, TARGETS } from "../../packaging/targets.ts";
import { processTest } from "../testing/permissions.ts";
import { TINY_TARGET } from "../testing/tiny_executable.ts";
import { CHANGES, HEADING, OK_RUNS, type ReleaseOutcome, ReleaseProject } from "./release_project.ts";

/** Files of a release, beside the list of checksums. */
const RELEASED = [
  ...PROGRAMS.flatMap(({ name }) => TARGETS.map((target) => releasedName(name, VERSION, target))),
  "THIRD_PARTY_NOTICES.txt",
].sort();

const reason = await whyNoGit();

function releaseTest(name: string, run: () => Promise<void>, because = reason): void {
  if (because === undefined) processTest(`deno task release ${name}`, run, [{ name: "env" }]);
  else Deno.test({ name: `deno task release ${name} (ignored: ${because})`, ignore: true, fn: run });
}

/**
 * The reason why a release cannot be tried here; `undefined` if it can. Permissions are `processTest`'s part.
 */
async function whyNoGit(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return undefined;
  if (Deno.build.os === "windows") return "needs a system with /bin/sh";
  return await run("git", ["--version"]).then(() => undefined, () => "needs git, which is not installed");
}

/** Asserts that a release is refused with this message, and leaves everything as it was. */
async function refused(
  project: ReleaseProject,
  expected: string | RegExp,
): Promise<ReleaseOutcome> {
  const before = await project.state();
  const outcome = await project.release();
  if (typeof expected === "string") assertEquals(outcome.message, `release: ${expected}\n`);
  else assertMatch(outcome.message, expected);
  assertEquals(outcome.code, 1);
  assertEquals(await project.state(), before);
  return outcome;
}

/** The same, before the task `ok` has run. */
async function refusedAtOnce(project: ReleaseProject, expected: string | RegExp): Promise<void> {
  assertEquals((await refused(project, expected)).stdout, "");
}

releaseTest("refuses a tree with changes at once, and names them", async () => {
  await using project = await ReleaseProject.make();
  await Deno.writeTextFile(project.path("notes.txt"), "");
  await Deno.writeTextFile(project.path("README.md"), "");
  await refusedAtOnce(
    project,
    "2 changes not committed: README.md, notes.txt; a release is made of a commit, so commit them, or put " +
      "them away with git stash --include-untracked",
  );
});

releaseTest("sees files that the settings of whoever calls hide", async () => {
  await using project = await ReleaseProject.make();
  await project.git("config", "status.showUntrackedFiles", "no");
  await Deno.mkdir(project.path("server/new"));
  await Deno.writeTextFile(project.path("server/new/part.ts"), "");
  await refusedAtOnce(project, /^release: 1 change not committed: server\/new\/part.ts; /);
});

releaseTest("refuses a folder that is no work tree of git", async () => {
  await using project = await ReleaseProject.make();
  await Deno.rename(project.path(".git"), project.path("dist"));
  const outcome = await project.release();
  assertEquals(outcome.code, 1);
  assertMatch(
    outcome.message,
    /^release: a release is made from the project's git work tree; git status .*not a git/,
  );
  assertEquals(outcome.stdout, "");
});

releaseTest("refuses a version that was released, has a tag, or has no section", async () => {
  await using project = await ReleaseProject.make();
  await project.git("tag", `v${VERSION}`);
  await refusedAtOnce(project, /^release: the tag v\S+ exists already; raise the version in deno.json/);
  await Deno.writeTextFile(
    project.path("docs/changes.md"),
    CHANGES.replace(HEADING, `## ${VERSION} (2026-01-31)`),
  );
  await project.commit();
  await refusedAtOnce(project, /^release: docs\/changes.md says that \S+ was released on 2026-01-31; raise/);
  await Deno.writeTextFile(project.path("docs/changes.md"), CHANGES.replace(HEADING, "## Soon"));
  await project.commit();
  await refusedAtOnce(project, /^release: docs\/changes.md has no section of \S+; write what changes/);
});

releaseTest("refuses to remove what is in dist and is no file of a release", async () => {
  await using project = await ReleaseProject.make();
  await Deno.mkdir(project.path("dist"));
  await Deno.writeTextFile(project.path("dist/notes.txt"), "");
  await refusedAtOnce(
    project,
    "dist/notes.txt is no file of a release; dist has to hold nothing else, so move it away",
  );
});

releaseTest("refuses arguments", async () => {
  await using project = await ReleaseProject.make();
  const { code, message } = await project.deno("task", "--quiet", "release", "--all");
  assertEquals([code, message], [2, "release: --all is not known; deno task release takes no arguments\n"]);
});

releaseTest("stops where ok fails, shows what it says, and changes nothing", async () => {
  await using project = await ReleaseProject.make("exit 7");
  await Deno.mkdir(project.path("dist"));
  await Deno.writeTextFile(project.path("dist/chat-server"), "of an earlier call");
  const { stdout } = await refused(project, "deno task ok ends with status 7; nothing was made or changed");
  assertStringIncludes(stdout, OK_RUNS);
});

releaseTest("stops where files have changed while ok ran", async () => {
  await using project = await ReleaseProject.make("echo > made_by_ok.txt");
  const { code, message } = await project.release();
  assertEquals(code, 1);
  assertMatch(message, /^release: 1 change not committed: made_by_ok.txt; /);
});

releaseTest("stops where another commit was made while ok ran", async () => {
  const commit =
    "git -c user.name=Ann -c user.email=ann@example.com commit --quiet --allow-empty --message=x";
  await using project = await ReleaseProject.make(commit);
  const { code, message } = await project.release();
  assertEquals(code, 1);
  assertMatch(message, /^release: the commit was [0-9a-f]{40} at the beginning and is [0-9a-f]{40} now; /);
});

/**
 * The reason why this machine makes no executables; the compiler of these tests bundles, and makes one that
 * starts.
 */
async function whyNoCompiler(): Promise<string | undefined> {
  if (reason !== undefined || Deno.permissions.querySync({ name: "run" }).state !== "granted") return reason;
  if (Deno.build.target !== TINY_TARGET) return `needs ${TINY_TARGET}`;
  const source = new URL("../../common/version.ts", import.meta.url).pathname;
  const { success, text } = await run(Deno.execPath(), ["bundle", "--platform=deno", source]);
  if (success) return undefined;
  const { message, status } = explainFailure("a test", Deno.version.deno, text);
  return status === OUT_OF_REACH_STATUS ? message : undefined;
}

const noCompiler = await whyNoCompiler();

releaseTest("leaves the change log alone where files have changed while it compiled", async () => {
  await using project = await ReleaseProject.make();
  const compiler = await project.standInCompiler("", "echo > made_meanwhile.txt");
  const { code, message } = await project.release(compiler);
  assertEquals(code, 1);
  assertMatch(message, /^release: 1 change not committed: made_meanwhile.txt; /);
  assertEquals(await Deno.readTextFile(project.path("docs/changes.md")), CHANGES);
}, noCompiler);

releaseTest(
  "leaves the change log alone where it cannot compile, and goes all the way when called again",
  async () => {
    await using project = await ReleaseProject.make();
    await Deno.mkdir(project.path("dist"));
    for (
      const name of [
        "chat-client",
        "chat-server-0.9.0-x86_64-apple-darwin",
        "SHA256SUMS",
        "chat-server.tmp-0123456789abcdef",
      ]
    ) {
      await Deno.writeTextFile(project.path(`dist/${name}`), "of an earlier call");
    }
    const failed = await project.release(await project.standInCompiler("aarch64-apple-darwin"));
    assertEquals(failed.code, 1);
    assertMatch(
      failed.message,
      /^release: dist\/chat-server-\S+-aarch64-apple-darwin cannot be made; Deno 9.9.9 says:/,
    );
    assertStringIncludes(
      failed.message,
      "dist holds 7 files of a release that is not complete; docs/changes.md was not changed, and deno task " +
        "release can be called again\n",
    );
    assertEquals(await project.git("status", "--porcelain"), "");

    const commit = await project.git("rev-parse", "HEAD");
    const { code, stdout, message } = await project.release(await project.standInCompiler());
    assertEquals(code, 0, message);
    assert(stdout.startsWith(`${OK_RUNS}\n`), stdout);
    await checkFiles(project);
    await checkChangeLog(project);
    assertStringIncludes(stdout, `git commit --message="Release ${VERSION}" docs/changes.md\n`);
    assertStringIncludes(stdout, `git tag --annotate --message="Release ${VERSION}" v${VERSION}\n`);
    assertEquals(await project.git("rev-parse", "HEAD"), commit);
    assertEquals(await project.git("tag"), "");
    assertEquals(await project.git("status", "--porcelain"), " M docs/changes.md\n");
  },
  noCompiler,
);

/** `dist` holds the released files and nothing else, and `SHA256SUMS` is right. */
async function checkFiles(project: ReleaseProject): Promise<void> {
  const found = (await Array.fromAsync(Deno.readDir(project.path("dist")))).map(({ name }) => name).sort();
  assertEquals(found, ["SHA256SUMS", ...RELEASED].sort());
  const sums = await Promise.all(
    RELEASED.map(async (name) => `${await sha256(project.path(`dist/${name}`))}  ${name}`),
  );
  assertEquals(await Deno.readTextFile(project.path("dist/SHA256SUMS")), `${sums.join("\n")}\n`);
  console.log(`${RELEASED.length} files compared with SHA256SUMS`);
  const notices = await Deno.readTextFile(project.path("dist/THIRD_PARTY_NOTICES.txt"));
  // One package that the server imports, one that only its worker does, one of the client, and the runtime.
  for (const each of ["@grpc/grpc-js ", "bcryptjs ", "string-width ", "Deno 9.9.9, the runtime "]) {
    assertStringIncludes(notices, `\n${each}`);
  }
  for (const each of ["fast-check", "@types/node", "yargs"]) assert(!notices.includes(`\n${each} `), each);
}

/**
 * Checks that the section of the version has the day and all files, the rest is as before, and all is
 * formatted.
 */
async function checkChangeLog(project: ReleaseProject): Promise<void> {
  const changes = await Deno.readTextFile(project.path("docs/changes.md"));
  const [before = "", after = ""] = CHANGES.split(HEADING);
  assert(changes.startsWith(before) && changes.endsWith(after.slice(after.indexOf("\n## "))), changes);
  assertMatch(
    changes.slice(before.length),
    /^## \S+ \(\d{4}-\d\d-\d\d\)\n\n### Added\n\n- Something\.\n\n### Files\n/,
  );
  for (const name of RELEASED) {
    const { size } = await Deno.stat(project.path(`dist/${name}`));
    const row = new RegExp(`^\\| \`${name}\` +\\| (\\d+) +\\| \`([0-9a-f]{64})\` \\|$`, "m").exec(changes);
    assertEquals(row?.slice(1), [String(size), await sha256(project.path(`dist/${name}`))], name);
  }
  const formatted = await project.deno("fmt", "--check", "docs/changes.md");
  assertEquals(formatted.code, 0, formatted.message);
}
