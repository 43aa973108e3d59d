/**
 * Checks the configured certificates on the disk.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { PeerCertificates } from "../config/peer_certificates.ts";
import {
  authorityProblems,
  certificateProblems,
  type CertificateTexts,
  missingFiles,
} from "./certificate_problems.ts";
import { runtimeProblem } from "./runtime_support.ts";

/** The settings that this check reads. */
type CertifiedConfiguration = Pick<NodeConfiguration, "name" | "certificates">;

/** `undefined` if the file is missing. */
type FoundTexts = { readonly [Name in keyof CertificateTexts]: CertificateTexts[Name] | undefined };

/** Problems that keep a node from starting; empty if its certificates are good, or it has none. */
export async function problemsAtStart({ name, certificates }: CertifiedConfiguration): Promise<string[]> {
  const problem = certificates && runtimeProblem(name, Deno.version.deno);
  if (problem !== undefined) return [problem];
  return await problemsOf(certificates, (files, { ca, cert, key }) => {
    if (ca !== undefined && cert !== undefined && key !== undefined) {
      return certificateProblems(name, files, { ca, cert, key });
    }
    const all = [[files.caFile, ca], [files.certFile, cert], [files.keyFile, key]] as const;
    return missingFiles(all.filter(([, text]) => text === undefined).map(([file]) => file));
  });
}

/** The same problems of all nodes whose certificate and key are on this machine. */
export async function problemsOnThisMachine(nodes: readonly CertifiedConfiguration[]): Promise<string[]> {
  const problems = await Promise.all(
    nodes.map(({ name, certificates }) =>
      problemsOf(certificates, (files, { ca, cert, key }) => {
        if (ca === undefined) return missingFiles([files.caFile]);
        if (cert === undefined || key === undefined) return authorityProblems(files.caFile, ca);
        return certificateProblems(name, files, { ca, cert, key });
      })
    ),
  );
  // All nodes share the authority and its problems.
  return [...new Set(problems.flat())];
}

/** Reads the existing files and checks them. */
async function problemsOf(
  files: PeerCertificates | undefined,
  judge: (files: PeerCertificates, texts: FoundTexts) => string[],
): Promise<string[]> {
  if (files === undefined) return [];
  try {
    const paths = [files.caFile, files.certFile, files.keyFile];
    const [ca, cert, key] = await Promise.all(paths.map(readIfThere));
    return judge(files, { ca, cert, key });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * The text of a file; `undefined` if it is missing.
 *
 * @throws {Error} naming the file, if it cannot be read
 */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} cannot be read: ${reason}`, { cause });
  }
}
