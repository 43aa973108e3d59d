/**
 * Keeps the sources of a commit as the version before, for the tests of upgrades:
 * `deno run --allow-run=git --allow-write tests/testing/archive_version.ts COMMIT`, called in the project's folder.
 *
 * @module
 */

import { ARCHIVE, packSources } from "./version_before.ts";

/** Folders and files of the programs. */
const PARTS = ["client", "common", "proto", "server", "types", "deno.json", "deno.lock"];

/** Endings of the files that the programs are made of. */
const SOURCE = /\.(ts|proto|json|lock)$/;

const [commit, ...more] = Deno.args;
if (commit === undefined || more.length > 0) {
  console.error("archive_version: name one commit, as in: archive_version.ts v1.0.0");
  Deno.exit(2);
}

const paths = (await git("ls-tree", "-r", "--name-only", commit, ...PARTS)).split("\n");
const sources: Record<string, string> = {};
for (const path of paths.filter((path) => SOURCE.test(path)).sort()) {
  sources[path] = await git("show", `${commit}:${path}`);
}
const bytes = await packSources(sources);
await Deno.writeFile(ARCHIVE, bytes);
console.log(`${Object.keys(sources).length} files of ${commit}, ${bytes.length} bytes`);

async function git(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args: [...args] }).output();
  if (success) return new TextDecoder().decode(stdout);
  console.error(`archive_version: git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  Deno.exit(1);
}
