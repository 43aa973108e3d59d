/**
 * The folder of certificates on the disk.
 *
 * @module
 */

import { AUTHORITY, certFileOf, keyFileOf } from "../config/peer_certificates.ts";
import type { CertificatePlan, PlannedPair } from "./certificate_plan.ts";
import { certificateValidity } from "./certificate_warnings.ts";

/** Keys are for their owner alone; certificates are public. */
const FOLDER_MODE = 0o700;
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;

const GIT_IGNORES_ALL = "# Private keys belong in no repository.\n*\n";

/** A plan without problems. */
export type GoodPlan = Exclude<CertificatePlan, { readonly problems: unknown }>;

/** The module that makes certificates and keys. */
type Issuer = typeof import("./certificate_issuer.ts");

/** Paths of the existing files of the authority and of these nodes. */
export async function existingFiles(folder: string, nodeNames: readonly string[]): Promise<Set<string>> {
  const files = [AUTHORITY, ...nodeNames].flatMap((
    name,
  ) => [certFileOf(folder, name), keyFileOf(folder, name)]);
  const existing = await Promise.all(files.map(exists));
  return new Set(files.filter((_, index) => existing[index]));
}

/**
 * Makes the missing keys and certificates.
 *
 * @param cluster name of the cluster
 * @throws {Error} naming the file, if one cannot be read or written
 */
export async function makeCertificates(
  folder: string,
  cluster: string,
  { authority, nodes }: GoodPlan,
  nowMs: number,
): Promise<void> {
  const missing = nodes.filter(({ certificate }) => certificate === "make");
  if (authority.certificate === "keep" && missing.length === 0) return;
  const issuer = await import("./certificate_issuer.ts");
  await Deno.mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await hideFromGit(folder);
  const keyPem = await keyOf(authority, issuer);
  if (authority.certificate === "make") {
    await writeCertificate(authority, () => issuer.makeAuthorityCertificate(cluster, keyPem, nowMs));
  }
  const signing = { keyPem, certificatePem: await read(authority.certFile) };
  for (const node of missing) {
    const nodeKey = await keyOf(node, issuer);
    await writeCertificate(node, () => issuer.makeNodeCertificate(signing, node, nodeKey, nowMs));
  }
}

/**
 * Warnings about the validity of existing certificates.
 *
 * @throws {Error} naming the file, if it cannot be read or is no certificate
 */
export async function folderWarnings(
  pairs: readonly Pick<PlannedPair, "name" | "certFile">[],
  nowMs: number,
): Promise<string[]> {
  const warnings = await Promise.all(
    pairs.map(async ({ name, certFile }) => {
      const { problems, warnings } = certificateValidity(name, certFile, await read(certFile), nowMs);
      return [...problems, ...warnings];
    }),
  );
  return warnings.flat();
}

/** Keeps the keys out of the repository that the folder may be in. */
async function hideFromGit(folder: string): Promise<void> {
  const file = `${folder}/.gitignore`;
  if (!await exists(file)) await writeWhole(file, GIT_IGNORES_ALL, CERTIFICATE_MODE);
}

/** The private key, made if it is missing, and always before its certificate: that completes the pair. */
async function keyOf({ key, keyFile }: PlannedPair, issuer: Issuer): Promise<string> {
  if (key !== "make") return await read(keyFile);
  const pem = await issuer.makeKey();
  await writeWhole(keyFile, pem, KEY_MODE);
  return pem;
}

async function writeCertificate(
  { certFile, keyFile }: PlannedPair,
  make: () => Promise<string>,
): Promise<void> {
  let pem: string;
  try {
    pem = await make();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new Error(`${certFile} cannot be made: ${reason}; is ${keyFile} a good key?`, { cause });
  }
  await writeWhole(certFile, pem, CERTIFICATE_MODE);
}

async function exists(file: string): Promise<boolean> {
  try {
    await Deno.lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function read(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Gives the file its name only when it is whole. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const unfinished = `${file}.new`;
  try {
    // The file of an interrupted attempt may be readable by others.
    if (await exists(unfinished)) await Deno.remove(unfinished);
    await writeSynced(unfinished, text, mode);
    await Deno.rename(unfinished, file);
  } catch (cause) {
    throw new Error(`${file} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  using open = await Deno.open(file, { write: true, createNew: true, mode });
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length;) from += await open.write(bytes.subarray(from));
  await open.sync();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
