/**
 * The programs of the version before this one, unpacked from `tests/testdata/version-before/`.
 *
 * @module
 */

import { toText } from "@std/streams/to-text";
import { CLIENT_PERMISSIONS } from "../io/client_process.ts";
import { SERVER_PERMISSIONS } from "./server_process.ts";

/** Sources: texts by path. */
type Sources = Readonly<Record<string, string>>;

/** The archive: a JSON object of texts by path, in the format gzip. */
export const ARCHIVE = new URL("../testdata/version-before/sources.json.gz", import.meta.url);

/** The bytes of an archive of these sources; the same for the same sources. */
export async function packSources(sources: Sources): Promise<Uint8Array> {
  const packed = new Blob([JSON.stringify(sources)]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).bytes();
}

/** Reads the sources of the version before. */
export async function readSources(): Promise<Sources> {
  const unpacked = new Blob([await Deno.readFile(ARCHIVE)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await toText(unpacked)) as Sources;
}

/** The programs of the version before in a temporary folder. `await using` removes it. */
export class VersionBefore implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** Unpacks the programs. */
  static async unpack(): Promise<VersionBefore> {
    const folder = await Deno.makeTempDir({ prefix: "chat-version-before-" });
    for (const [path, text] of Object.entries(await readSources())) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    return new VersionBefore(folder);
  }

  /** The server's command line, beginning with the runtime. */
  serverCommand(...args: readonly string[]): readonly string[] {
    return this.#command("server", SERVER_PERMISSIONS, args);
  }

  /** The client's command line, beginning with the runtime. */
  clientCommand(...args: readonly string[]): readonly string[] {
    return this.#command("client", CLIENT_PERMISSIONS, args);
  }

  #command(program: string, permissions: readonly string[], args: readonly string[]): readonly string[] {
    return [
      Deno.execPath(),
      "run",
      "--no-prompt",
      ...permissions,
      `${this.folder}/${program}/main.ts`,
      ...args,
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
