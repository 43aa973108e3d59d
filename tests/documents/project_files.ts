/**
 * The project's own files.
 *
 * @module
 */

/** Folder of the project. */
export const PROJECT = new URL("../../", import.meta.url);

/** Generated files and folders, for a copy of the project without git. */
const MADE_HERE = [".git", "dist", "coverage", "data"];

/** Paths of the project's own files: those that git tracks, and new ones that it does not ignore. */
export async function projectFiles(): Promise<string[]> {
  const listed = await listedByGit() ?? await listedFrom("");
  const present = await Promise.all(listed.map(async (path) => await isFile(path) ? [path] : []));
  return present.flat().sort();
}

/** A document of the project. */
export interface ProjectDocument {
  readonly path: string;
  readonly text: string;
}

/** All documents of the project. */
export async function readDocuments(): Promise<ProjectDocument[]> {
  const paths = (await projectFiles()).filter((path) => path.endsWith(".md"));
  return await Promise.all(
    paths.map(async (path) => ({ path, text: await Deno.readTextFile(new URL(path, PROJECT)) })),
  );
}

async function listedByGit(): Promise<string[] | undefined> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  try {
    const { success, stdout } = await new Deno.Command("git", { args, cwd: PROJECT, stderr: "null" })
      .output();
    const paths = new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
    return success && paths.length > 0 ? paths : undefined;
  } catch {
    return undefined;
  }
}

async function listedFrom(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, PROJECT))) {
    if (folder === "" && MADE_HERE.includes(name)) continue;
    if (isDirectory) paths.push(...await listedFrom(`${folder}${name}/`));
    else paths.push(folder + name);
  }
  return paths;
}

/** Git still lists a file that was removed a moment ago. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(new URL(path, PROJECT))).isFile;
  } catch {
    return false;
  }
}
