/**
 * Certificates as the nodes of a cluster have them, made by openssl.
 *
 * @module
 */

import type { PeerCertificate } from "../../server/grpc/credentials.ts";

/** An authority that makes certificates for nodes. */
export class PeerAuthority {
  readonly #folder: string;
  readonly #ca: string;

  private constructor(folder: string, ca: string) {
    this.#folder = folder;
    this.#ca = ca;
  }

  /** Makes an authority with files in a folder that `dispose` removes; `undefined` without openssl. */
  static async make(): Promise<PeerAuthority | undefined> {
    if (!await mayRun()) return undefined;
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-authority-" });
    const made = await openssl(
      folder,
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority " +
        "-keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign,cRLSign",
    );
    if (made) return new PeerAuthority(folder, await Deno.readTextFile(`${folder}/ca.pem`));
    await Deno.remove(folder, { recursive: true });
    return undefined;
  }

  /** The certificate of a node, valid at both ends of a stream. */
  async certificate(name: string): Promise<PeerCertificate> {
    const folder = this.#folder;
    await Deno.writeTextFile(
      `${folder}/${name}.ext`,
      `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth,clientAuth\n` +
        "keyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n",
    );
    await must(
      folder,
      `req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`,
    );
    await must(
      folder,
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.pem`,
    );
    return {
      ca: this.#ca,
      cert: await Deno.readTextFile(`${folder}/${name}.pem`),
      key: await Deno.readTextFile(`${folder}/${name}.key`),
    };
  }

  /** Removes its files. */
  async dispose(): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function mayRun(): Promise<boolean> {
  const asked = (["run", "write", "read"] as const).map((name) => Deno.permissions.query({ name }));
  return (await Promise.all(asked)).every(({ state }) => state === "granted");
}

async function must(folder: string, words: string): Promise<void> {
  if (!await openssl(folder, words)) throw new Error(`openssl failed: openssl ${words}`);
}

/** Returns true if it succeeded. */
async function openssl(folder: string, words: string): Promise<boolean> {
  try {
    const command = new Deno.Command("openssl", {
      args: words.split(" "),
      cwd: folder,
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
