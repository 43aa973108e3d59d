/**
 * Costs of the executables: bytes on disk, and the time that a client takes; executables_test.ts runs the tests.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { WORK_FOLDER_PREFIX } from "../../packaging/compile/work_folder.ts";
import { runToEnd } from "./run_to_end.ts";
import { TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Most by which an executable exceeds the base runtime in it, bytes. */
const ADDED_BYTES_MAX = 3_000_000;
/** Most that our code adds to an empty program, bytes; code that is not minified adds more. */
const CODE_BYTES_MAX = 2_000_000;

/** Most that the page inside of a node adds beside the code, bytes: its files, and each in Brotli and in gzip. */
const PAGE_BYTES_MAX = 350_000;

/** Number of starts of a client. */
const STARTS = 10;

executableTest("an executable is hardly larger than a base runtime", async ({ server, client }) => {
  await using folder = await TemporaryFolder.make();
  const empty = await sizeOf(await compileEmptyProgram(folder.path));
  const bases: [string, number, number][] = [["an empty program", empty, CODE_BYTES_MAX]];
  const runtime = Deno.env.get("DENORT_BIN");
  if (runtime !== undefined) bases.push(["DENORT_BIN", await sizeOf(runtime), ADDED_BYTES_MAX]);
  const page = await pageBytes();
  assertLessOrEqual(page, PAGE_BYTES_MAX);
  for (const [name, path, within] of [["chat-server", server, page], ["chat-client", client, 0]] as const) {
    const size = await sizeOf(path) - within;
    for (const [base, baseBytes, bytesMax] of bases) {
      console.log(`${name} has ${size} bytes without its page, ${size - baseBytes} more than ${base}`);
      assertLessOrEqual(size - baseBytes, bytesMax);
    }
  }
});

executableTest("nothing in an executable is of the machine that made it", async ({ server, client }) => {
  await using folder = await TemporaryFolder.make();
  const { denoDir } = JSON.parse((await runToEnd([compiler(), "info", "--json"])).stdout);
  const places = [ROOT, `${denoDir}/`, WORK_FOLDER_PREFIX, `${dirname(server)}/`];
  const base = await contentOf(await compileEmptyProgram(folder.path));
  for (const path of [server, client]) {
    const content = await contentOf(path);
    assert(occurrences(content, "cluster_config.json") > 0, "what is in the code can be found");
    for (const place of places) {
      assertEquals(occurrences(content, place), occurrences(base, place), place);
    }
  }
  console.log(`looked for ${places.join(", ")}`);
});

/** Length of the page inside of chat-server. */
async function pageBytes(): Promise<number> {
  const folder = `${ROOT}client/web/dist`;
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files = entries.filter(({ name }) => !name.startsWith("."));
  const sizes = await Promise.all(files.map(({ name }) => sizeOf(`${folder}/${name}`)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function contentOf(path: string): Promise<Buffer> {
  return Buffer.from((await Deno.readFile(path)).buffer);
}

/** Number of occurrences of a text in a file. */
function occurrences(content: Buffer, text: string): number {
  let count = 0;
  for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) count++;
  return count;
}

async function sizeOf(path: string): Promise<number> {
  return (await Deno.stat(path)).size;
}

/** The Deno that compiles. */
function compiler(): string {
  return Deno.env.get("DENO_COMPILER") ?? Deno.execPath();
}

/** Compiles a program that does nothing, with the same Deno; returns the path of the executable. */
async function compileEmptyProgram(folder: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/main.js`, "export {};\n");
  const words = [compiler(), "compile", "--no-config", "--no-code-cache", "--output=empty", "main.js"];
  const { status, stderr } = await runToEnd(words, { folder });
  assertEquals(status, 0, stderr);
  return `${folder}/empty`;
}

executableTest("a client starts and ends", async ({ client }) => {
  const took: number[] = [];
  while (took.length < STARTS) {
    const beganMs = performance.now();
    assertEquals((await runToEnd([client, "--version"])).status, 0);
    took.push(performance.now() - beganMs);
  }
  console.log(`chat-client --version takes ${took.map(Math.round).join(", ")} ms`);
});
