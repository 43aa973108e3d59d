/**
 * The executables of server and client, compiled once for the tests of a module.
 *
 * @module
 */

import { OUT_OF_REACH_STATUS } from "../../packaging/packaging_error.ts";

const ROOT = new URL("../../", import.meta.url);

/** Paths of the executables. They are removed after the tests of the module. */
export interface Executables {
  readonly server: string;
  readonly client: string;
}

/** The reason for missing executables: a download out of reach, or a missing permission. */
export interface NoExecutables {
  readonly reason: string;
}

/**
 * Compiles them, with the programs that `DENO_COMPILER` and `DENORT_BIN` name, or in the ordinary way.
 *
 * @throws {Error} if they do not compile although nothing is out of reach
 */
export async function compiledExecutables(): Promise<Executables | NoExecutables> {
  const needed = ["read", "write", "run", "env"] as const;
  const missing = needed.filter((name) => Deno.permissions.querySync({ name }).state !== "granted");
  if (missing.length > 0) {
    return { reason: `needs the permissions ${missing.join(", ")}, which deno task test gives` };
  }
  const folder = await Deno.makeTempDir({ prefix: "chat-server-executables-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "compile", `--output=${folder}`],
    cwd: ROOT,
    stdin: "null",
  });
  const { code, stderr } = await command.output();
  const said = new TextDecoder().decode(stderr);
  if (code === OUT_OF_REACH_STATUS) return { reason: reasonIn(said, folder) };
  if (code !== 0) throw new Error(`deno task compile fails: ${said}`);
  return { server: `${folder}/chat-server`, client: `${folder}/chat-client` };
}

/** The last words of `deno task compile`, without its own name and the random folder. */
function reasonIn(said: string, folder: string): string {
  const [last = ""] = said.trim().split("\n").slice(-1);
  return last.replace(/^compile: /, "").replaceAll(`${folder}/`, "");
}
