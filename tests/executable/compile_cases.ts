/**
 * Results and refusals of `deno task compile`; executables_test.ts runs the tests.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { sha256 } from "../../packaging/checksums.ts";
import { HEADER_BYTES, readHeader } from "../../packaging/compile/executable_format.ts";
import { WORK_FOLDER_PREFIX } from "../../packaging/compile/work_folder.ts";
import { compilerLimit } from "../../packaging/compile/deno_compiler.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { type Ending, runToEnd } from "./run_to_end.ts";
import { namesIn, TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Offset of the machine in an ELF header, and the number of another machine. */
const MACHINE_OFFSET = 18;
const OTHER_MACHINE = Deno.build.arch === "x86_64" ? 183 : 62;
const OTHER_TARGET = Deno.build.arch === "x86_64" ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";

const noLinux = Deno.build.os === "linux" ? undefined : "needs Linux, whose executables it changes";

/** The Deno that compiles. */
const compiler = (): string => Deno.env.get("DENO_COMPILER") ?? Deno.execPath();

/** Runs `deno task compile` in the project. */
function compile(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  without: readonly string[] = [],
): Promise<Ending> {
  const unset = without.flatMap((name) => ["-u", name]);
  const words = ["env", ...unset, Deno.execPath(), "task", "--quiet", "compile", ...flags];
  return runToEnd(words, { folder: ROOT, environment: { NO_COLOR: "1", ...environment } });
}

executableTest(
  "deno task compile makes the same bytes each time, with checksums that hold",
  async (executables) => {
    const { target } = Deno.build;
    await using first = await TemporaryFolder.make();
    await using second = await TemporaryFolder.make();
    const version = (await runToEnd([compiler(), "--version"])).stdout.split(" ")[1] ?? "";
    const limit = compilerLimit(version);
    const warning = limit === undefined ? "" : `compile: compiled with Deno ${version}, in which ${limit}\n`;
    const sums: string[] = [];
    for (const { path } of [first, second]) {
      const { status, stderr } = await compile([`--target=${target}`, `--output=${path}`]);
      assertEquals([status, stderr], [0, warning]);
      sums.push(await Deno.readTextFile(`${path}/SHA256SUMS`));
    }
    const [list = ""] = sums;
    assertEquals(sums, [list, list]);
    const listed = new Map(list.trimEnd().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]));
    assertEquals(await namesIn(first.path), ["SHA256SUMS", ...listed.keys()].sort());
    for (const [name, path] of [["chat-client", executables.client], ["chat-server", executables.server]]) {
      assertEquals(listed.get(`${name}-${VERSION}-${target}`), await sha256(`${path}`), `the third ${name}`);
    }

    const { path } = first;
    const check = ["sha256sum", "--strict", "--check", "SHA256SUMS"];
    assertEquals((await runToEnd(check, { folder: path })).status, 0);
    await Deno.truncate(`${path}/chat-client-${VERSION}-${target}`, 1);
    assertNotEquals((await runToEnd(check, { folder: path })).status, 0);
    console.log(`the same bytes each time: ${[...listed.keys()].join(", ")}`);
  },
  Deno.build.os === "linux" ? undefined : "needs sha256sum",
);

executableTest("deno task compile refuses a wrong command line", async () => {
  const wrongs = [
    ["--target=x86_64-linux", "x86_64-linux is no target; the targets are x86_64-unknown-linux-gnu, "],
    ["--targt=all", "--targt=all is not known"],
    ["everything", "everything is not known"],
    ["--target=", '"" is no target; '],
    ["--output=", "--output= has no folder; "],
  ] as const;
  for (const [flag, problem] of wrongs) {
    const { status, stdout, stderr } = await compile([flag]);
    assertEquals([status, stdout], [2, ""]);
    assertStringIncludes(stderr, `compile: ${problem}`);
    assert(stderr.endsWith("--help shows what there is\n"), stderr);
  }
});

executableTest("deno task compile refuses a base runtime and a Deno that are none", async (executables) => {
  await using folder = await TemporaryFolder.make();
  const { path } = folder;
  const missing = `${path}/missing`;
  const other = `${path}/other`;
  const header = new Uint8Array(HEADER_BYTES);
  header.set(await readHeader(executables.server));
  new DataView(header.buffer).setUint16(MACHINE_OFFSET, OTHER_MACHINE, true);
  await Deno.writeFile(other, header);
  const text = `${ROOT}README.md`;
  const { target } = Deno.build;
  const wrongs = [
    ["DENORT_BIN", missing, `DENORT_BIN is ${missing}, which cannot be read: `],
    ["DENORT_BIN", text, `DENORT_BIN is ${text}, which is no executable and not for ${target}; `],
    ["DENORT_BIN", other, `DENORT_BIN is ${other}, which is for ${OTHER_TARGET} and not for ${target}; `],
    ["DENO_COMPILER", missing, `DENO_COMPILER has to name a Deno; ${missing} --version says: `],
    [
      "DENO_COMPILER",
      executables.client,
      `DENO_COMPILER has to name a Deno; ${executables.client} --version says: `,
    ],
  ] as const;
  for (const [variable, value, problem] of wrongs) {
    const { status, stdout, stderr } = await compile([`--output=${path}/out`], { [variable]: value });
    assertEquals([status, stdout], [1, ""]);
    assertSentence(stderr, `compile: ${problem}`);
  }
  assertEquals(await namesIn(path), ["other"]);
}, noLinux);

executableTest(
  "deno task compile notices a base runtime of another Deno",
  async () => {
    await using folder = await TemporaryFolder.make();
    const { status, stdout, stderr } = await compile([`--output=${folder.path}`], {}, ["DENO_COMPILER"]);
    assertEquals([status, stdout], [1, ""]);
    assertSentence(stderr, `compile: ${folder.path}/chat-server does not start as it should`);
    assertMatch(stderr, /DENORT_BIN .* has to be the base runtime of the very version of Deno/);
  },
  await whyNoOtherRuntime(),
);

/** The reason why no base runtime of another Deno is known; `undefined` if one is. */
async function whyNoOtherRuntime(): Promise<string | undefined> {
  const isGranted = (["env", "run"] as const).every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
  const compiler = isGranted && Deno.env.has("DENORT_BIN") && Deno.env.get("DENO_COMPILER");
  const said = compiler && (await runToEnd([compiler, "--version"])).stdout;
  if (said && !said.startsWith(`deno ${Deno.version.deno} `)) return undefined;
  return "needs a DENO_COMPILER and its DENORT_BIN of another version than the running Deno";
}

executableTest("deno task compile says what is out of reach, and what to do", async () => {
  await using folder = await TemporaryFolder.make();
  const { path } = folder;
  await Deno.mkdir(`${path}/cache`);
  const { denoDir } = JSON.parse((await runToEnd([Deno.execPath(), "info", "--json"])).stdout);
  const environment = { DENO_DIR: `${path}/cache`, HTTPS_PROXY: `http://127.0.0.1:${freePort()}` };
  const unset = ["DENORT_BIN", "NO_PROXY", "no_proxy"];
  const flags = [`--output=${path}/out`];

  // The packages are there, but neither the bundler nor a base runtime.
  await Deno.symlink(`${denoDir}/npm`, `${path}/cache/npm`);
  const without = await compile(flags, environment, unset);
  assertEquals([without.status, without.stdout], [3, ""]);
  assertSentence(without.stderr, "compile: chat-server cannot be bundled, for the bundler of Deno ");
  assertMatch(without.stderr, /, the npm package esbuild, cannot be downloaded \(.+\); try again where/);

  await Deno.mkdir(`${path}/cache/dl`);
  for (const name of await namesIn(`${denoDir}/dl`)) {
    if (name.startsWith("esbuild")) await Deno.symlink(`${denoDir}/dl/${name}`, `${path}/cache/dl/${name}`);
  }
  const { status, stdout, stderr } = await compile(flags, environment, unset);
  assertEquals([status, stdout], [3, ""]);
  assertSentence(stderr, `compile: ${path}/out/chat-server cannot be made, for the base runtime of Deno `);
  assertMatch(stderr, /denort-\S+\.zip \(.+\); set DENORT_BIN to a copy of it, and DENO_COMPILER to a Deno/);
  assertEquals(await namesIn(path), ["cache"], "no folder was made for nothing");
});

executableTest("deno task compile says where nothing can be written, and what to do", async () => {
  await using folder = await TemporaryFolder.make();
  const { path } = folder;
  await Deno.mkdir(`${path}/folder/chat-client`, { recursive: true });
  await Deno.mkdir(`${path}/file`);
  await Deno.writeTextFile(`${path}/file/chat-server`, "mine");
  const elsewhere = "name another folder with --output=FOLDER\n";
  const wrongs = [
    ["/proc/x", "no files can be written to the folder /proc/x: that is no place for files; "],
    [`${path}/folder`, `${path}/folder/chat-client is no file, `],
    [`${path}/file`, `${path}/file/chat-server is a file that is no executable, `],
    [`${path}/file/chat-server`, `no files can be written to the folder ${path}/file/chat-server: `],
  ] as const;
  for (const [output, problem] of wrongs) {
    const { status, stdout, stderr } = await compile([`--output=${output}`]);
    assertEquals([status, stdout], [1, ""]);
    assertSentence(stderr, `compile: ${problem}`);
    assert(stderr.endsWith(elsewhere), stderr);
  }
  assertEquals(await Deno.readTextFile(`${path}/file/chat-server`), "mine");

  const { status, stderr } = await compile([`--output=${path}/out`], { TMPDIR: `${path}/missing` });
  assertEquals(status, 1);
  assertSentence(stderr, "compile: no temporary folder can be made: ");
  assertEquals(await namesIn(path), ["file", "folder"]);
}, noLinux);

executableTest("deno task compile leaves nothing behind when it is interrupted", async () => {
  for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15]] as const) {
    await using folder = await TemporaryFolder.make();
    const { path } = folder;
    await Deno.mkdir(`${path}/temporary`);
    await Deno.writeTextFile(`${path}/compiler`, unfinishingCompiler(), { mode: 0o755 });
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "compile", `--output=${path}/out`],
      cwd: ROOT,
      env: { NO_COLOR: "1", TMPDIR: `${path}/temporary`, DENO_COMPILER: `${path}/compiler` },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const isCompiling = (): Promise<boolean> =>
      Deno.stat(`${path}/out/chat-server${UNFINISHED}`).then(() => true, () => false);
    await eventually("the compiler runs", isCompiling);
    assert((await namesIn(`${path}/temporary`))[0]?.startsWith(WORK_FOLDER_PREFIX));
    child.kill(signal);
    const { code, stderr } = await child.output();
    assertEquals(code, 128 + number);
    assertSentence(new TextDecoder().decode(stderr), `compile: interrupted by ${signal}; what was not`);
    assertEquals(await namesIn(path), ["compiler", "temporary"]);
    assertEquals(await namesIn(`${path}/temporary`), []);
  }
}, noLinux);

/** Suffix of an executable that Deno has begun to write. */
const UNFINISHED = ".tmp-0123456789abcdef";

/** A script that bundles, and never ends a compilation. */
function unfinishingCompiler(): string {
  return `#!/bin/sh
[ "$1" = compile ] || exec '${compiler()}' "$@"
for word; do
  case $word in --output=*) echo > "\${word#--output=}${UNFINISHED}" ;; esac
done
exec sleep 60
`;
}

/** Checks that the text is one line with this beginning. */
function assertSentence(said: string, beginning: string): void {
  assert(said.startsWith(beginning), said);
  assertEquals(said.trimEnd().split("\n").length, 1, said);
}
