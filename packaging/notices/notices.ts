/**
 * The notices that the licences of third-party code in the executables demand.
 *
 * @module
 */

import { PackagingError } from "../packaging_error.ts";

/** Name of the file with the notices. */
export const NOTICES_FILE = "THIRD_PARTY_NOTICES.txt";

/** The project's own licence. Its terms are in the file anyway: packages under it need no own text. */
const OWN_LICENSE = "MIT";

const RULE = "=".repeat(80);

/** A package inside an executable. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier; `undefined` if the package names no licence. */
  readonly license: string | undefined;
  readonly author: string | undefined;
  /** Texts of its files about the licence and the authors. */
  readonly texts: readonly string[];
  /** Copyright notices in the first lines of its files in use. */
  readonly copyrights: readonly string[];
}

/**
 * Modules of a bundle. The bundler puts the path of each module in front of it.
 *
 * @param code a bundle that is not minified
 * @returns paths from the folder in which the bundle was made
 */
export function bundledModules(code: string): readonly string[] {
  return [...code.matchAll(/^\/\/ (\S.*)$/gm)].map((match) => match[1] ?? "");
}

/**
 * True if a file of a package is about its licence or its authors.
 *
 * @param name name of the file, without its folder
 */
export function isLegalFile(name: string): boolean {
  return /^(licen[cs]e|copying|notice|copyright|third.?party)/i.test(name);
}

/** The copyright notice in the first line of a source file; `undefined` if there is none. */
export function copyrightLine(source: string): string | undefined {
  return /^\W*(Copyright .*?)\s*(\*\/)?\s*$/m.exec(source.split("\n", 1)[0] ?? "")?.[1];
}

/** Author in a `package.json`: a text or an object with a name (npm, "package.json", "people fields"). */
export function authorName(author: unknown): string | undefined {
  if (typeof author === "string") return author;
  const name = (author as { readonly name?: unknown } | undefined)?.name;
  return typeof name === "string" ? name : undefined;
}

/**
 * The text of the notices. It depends on the arguments alone, and not on the order of the packages.
 *
 * @param ownLicense text of the project's own licence
 * @param denoVersion version of the base runtime
 * @throws {PackagingError} naming a package without the text that its licence demands
 */
export function noticesText(
  ownLicense: string,
  denoVersion: string,
  packages: readonly BundledPackage[],
): string {
  const sections = packages.toSorted(byNameAndVersion).map((each) =>
    section(`${each.name} ${each.version} (${each.license ?? "see below"})`, packageText(each))
  );
  return [
    "chat-server and chat-client are free software, and have code of others inside. This file has the\n" +
    "licences of all of it.\n",
    section(`chat-server and chat-client (${OWN_LICENSE})`, ownLicense),
    section(`Deno ${denoVersion}, the runtime (MIT)`, runtimeText(denoVersion)),
    ...sections,
  ].join("\n");
}

function section(title: string, text: string): string {
  return `${RULE}\n${title}\n${RULE}\n\n${unpadded(text.replaceAll("\r\n", "\n"))}\n`;
}

/** Removes the empty lines around a text, but not the indentation of its first line. */
function unpadded(text: string): string {
  return text.replace(/^(\s*\n)+/, "").trimEnd();
}

function runtimeText(denoVersion: string): string {
  return `Copyright the Deno authors. https://github.com/denoland/deno/tree/v${denoVersion} has its licence in
LICENSE.md, and in Cargo.lock everything that is in it, V8 (BSD-3-Clause) among that; each part has its
licence where it comes from.`;
}

function packageText({ name, version, license, author, texts, copyrights }: BundledPackage): string {
  if (texts.length > 0) return texts.map(unpadded).join("\n\n");
  if (license === OWN_LICENSE && author !== undefined) {
    const said = copyrights.length === 0 ? "" : `\nIts files say:\n\n${copyrights.toSorted().join("\n")}\n`;
    return `By ${author}. The package has no file with its licence.\n${said}
The terms of the licence ${OWN_LICENSE} are those under "chat-server and chat-client".`;
  }
  throw new PackagingError(
    `the package ${name} ${version}, which is in the executables, has no file with its licence (${
      license ?? "it does not say which"
    }); it may not be handed on without, so use another version or another package`,
  );
}

function byNameAndVersion(one: BundledPackage, other: BundledPackage): number {
  const [a, b] = [one, other].map(({ name, version }) => `${name} ${version}`);
  return a === b ? 0 : (a ?? "") < (b ?? "") ? -1 : 1;
}
