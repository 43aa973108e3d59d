/**
 * Caddy and nginx in front of a node, set up by the blocks of `docs/web.md`.
 *
 * @module
 */

import { readMarkdown } from "../documents/markdown.ts";
import { PROJECT } from "../documents/project_files.ts";
import { freePort } from "./free_port.ts";
import { OtherProgram, whyNoProgram } from "./other_program.ts";
import { DEFAULT_WEB_PORT } from "./own_network.ts";

/** The proxies that the document shows. */
export type ProxyKind = "caddy" | "nginx";

/** The language that a block has in the document, by proxy. */
const LANGUAGES: Readonly<Record<ProxyKind, string>> = { caddy: "caddyfile", nginx: "nginx" };

/** The words that show that the program is there. */
const VERSION_FLAGS: Readonly<Record<ProxyKind, string>> = { caddy: "version", nginx: "-v" };

/** A certificate and its key, PEM. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A proxy as a process of its own. `await using` ends it. */
export class ReverseProxy implements AsyncDisposable {
  readonly #program: OtherProgram;

  /** @param root certificate by which its own can be checked, PEM */
  private constructor(readonly port: number, readonly root: string, program: OtherProgram) {
    this.#program = program;
  }

  /**
   * Starts a proxy for a node, and waits until it answers.
   *
   * @param certificate for nginx; Caddy makes its own
   * @throws {Error} with everything that the proxy said, if it ends instead
   */
  static async start(kind: ProxyKind, nodePort: number, certificate: Certificate): Promise<ReverseProxy> {
    const folder = await Deno.makeTempDir({ prefix: "chat-proxy-test-" });
    const block = (await blockOf(kind)).replaceAll(String(DEFAULT_WEB_PORT), String(nodePort));
    const port = freePort();
    const prepared = { folder, port, block, certificate };
    const words = kind === "caddy" ? await prepareCaddy(prepared) : await prepareNginx(prepared);
    const [program = "", ...args] = words;
    const rootFile = kind === "caddy"
      ? `${folder}/caddy/pki/authorities/local/root.crt`
      : `${folder}/cert.pem`;
    const process = await OtherProgram.start(program, {
      folder,
      args,
      env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      isReady: async () => await isListening(port) && await isThere(rootFile),
    });
    return new ReverseProxy(port, await Deno.readTextFile(rootFile), process);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/** The block of a proxy in the document. @throws {Error} if it has none, or several */
export async function blockOf(kind: ProxyKind): Promise<string> {
  return await onlyBlock(LANGUAGES[kind], "");
}

/** `web` of a node behind a proxy, as the document has it, but for the port. */
export async function configuredWeb(port: number): Promise<Readonly<Record<string, unknown>>> {
  const { web } = JSON.parse(`{${await onlyBlock("json", "trustedProxies")}}`);
  return { ...web, port };
}

/** The block of the document in that language, and with that word. */
async function onlyBlock(language: string, word: string): Promise<string> {
  const { fences } = readMarkdown(await Deno.readTextFile(new URL("docs/web.md", PROJECT)));
  const blocks = fences.filter(({ info, text }) => info === language && text.includes(word));
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw new Error(`docs/web.md has ${blocks.length} blocks of ${language} with "${word}"`);
  }
  return block.text;
}

/** The reason why a proxy cannot run here; `undefined` if it can. */
export async function whyNoProxy(kind: ProxyKind): Promise<string | undefined> {
  return await whyNoProgram(kind, VERSION_FLAGS[kind]);
}

/** A proxy before its start. */
interface Prepared {
  readonly folder: string;
  readonly port: number;
  readonly block: string;
  readonly certificate: Certificate;
}

/** Caddy needs only other ports, and certificates of its own making. */
async function prepareCaddy({ folder, port, block }: Prepared): Promise<readonly string[]> {
  const options = `admin off
    auto_https disable_redirects
    https_port ${port}
    local_certs
    skip_install_trust`;
  await Deno.writeTextFile(`${folder}/Caddyfile`, `{\n${options}\n}\n${block}\n`);
  return ["caddy", "run", "--config", `${folder}/Caddyfile`];
}

/** nginx needs other paths and another port; what is around the block is in the files of every installation. */
async function prepareNginx(prepared: Prepared): Promise<readonly string[]> {
  const { folder, port, certificate: { cert, key } } = prepared;
  const block = prepared.block
    .replace(/listen +443/, `listen ${port}`)
    .replace(/(ssl_certificate) +[^;]*/, `$1 ${folder}/cert.pem`)
    .replace(/(ssl_certificate_key) +[^;]*/, `$1 ${folder}/key.pem`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
  const around = `daemon off; pid ${folder}/pid; error_log stderr; events {}
    http { access_log off; ${paths}\n${block}\n}`;
  // The workers of nginx are another user.
  await Deno.chmod(folder, 0o755);
  await Deno.writeTextFile(`${folder}/cert.pem`, cert);
  await Deno.writeTextFile(`${folder}/key.pem`, key);
  await Deno.writeTextFile(`${folder}/nginx.conf`, around);
  return ["nginx", "-p", folder, "-e", "stderr", "-c", `${folder}/nginx.conf`];
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
