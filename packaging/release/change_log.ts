/**
 * The section of a version in `docs/changes.md`, before and after its release.
 *
 * @module
 */

import { compilerLimit } from "../compile/deno_compiler.ts";

/** Path from the project's root. */
export const CHANGE_LOG = "docs/changes.md";

/** State of a version before its release, in place of the day. */
const UNRELEASED = "not released yet";

/** A released file. */
export interface ReleasedFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal digits. */
  readonly sha256: string;
}

/** The record of a release. */
interface Release {
  readonly version: string;
  /** The day in UTC: `2026-11-22`. */
  readonly date: string;
  /** Version of the Deno that compiled the executables. */
  readonly denoVersion: string;
  readonly files: readonly ReleasedFile[];
}

interface Section {
  /** Text in parentheses behind the version in the heading. */
  readonly state: string;
  readonly text: string;
  /** Offsets of the beginning and the end of the section. */
  readonly from: number;
  readonly to: number;
}

/**
 * The reason why the change log does not permit a release of a version, with the way out.
 *
 * @param changes text of the change log
 * @returns `undefined` if it permits the release
 */
export function changeLogProblem(changes: string, version: string): string | undefined {
  const section = findSection(changes, version);
  const expected = heading(version, UNRELEASED);
  if (section === undefined) {
    return `${CHANGE_LOG} has no section of ${version}; write what changes for people under "${expected}"`;
  }
  if (/^\d{4}-\d\d-\d\d$/.test(section.state)) {
    return `${CHANGE_LOG} says that ${version} was released on ${section.state}; raise the version in ` +
      `deno.json, and write what changed since under "${heading("VERSION", UNRELEASED)}"`;
  }
  if (section.state !== UNRELEASED) {
    return `the heading of ${version} in ${CHANGE_LOG} has to be "${expected}" until it is released`;
  }
  if (section.text.trim() !== "") return undefined;
  return `${CHANGE_LOG} has nothing under "${expected}"; write what changes for people`;
}

/**
 * The change log after a release: the day in the heading, and the files at the end of the section.
 *
 * @param changes a change log that permits the release
 * @throws {Error} if it has no section of this version
 */
export function releasedChangeLog(changes: string, release: Release): string {
  const section = findSection(changes, release.version);
  if (section === undefined) throw new Error(`no section of ${release.version}`);
  const before = changes.slice(0, section.from);
  const after = changes.slice(section.to);
  const parts = [heading(release.version, release.date), section.text.trim(), filesPart(release)];
  return `${before}${parts.join("\n\n")}\n${after === "" ? "" : `\n${after}`}`;
}

function heading(version: string, state: string): string {
  return `## ${version} (${state})`;
}

function findSection(changes: string, version: string): Section | undefined {
  for (const match of changes.matchAll(/^## (\S+) *(?:\(([^)]*)\))?.*$/gm)) {
    if (match[1] !== version) continue;
    const textFrom = match.index + match[0].length;
    const length = changes.slice(textFrom).search(/^## /m);
    const to = length < 0 ? changes.length : textFrom + length;
    return { state: match[2] ?? "", text: changes.slice(textFrom, to), from: match.index, to };
  }
  return undefined;
}

/** The list of files, by which people check a download without trusting its source. */
function filesPart({ denoVersion, files }: Release): string {
  const rows = files.map(({ name, bytes, sha256 }) => [`\`${name}\``, String(bytes), `\`${sha256}\``]);
  const limit = compilerLimit(denoVersion);
  const sentence = limit === undefined ? "" : `\nIn Deno ${denoVersion}, ${limit}.`;
  return `### Files

Compiled with Deno ${denoVersion}; \`deno task compile --all\` with that Deno makes the same files again.
[Installation](install.md) says how to check a download.${sentence}

${table(["File", "Bytes", "SHA-256"], rows)}`;
}

/** A Markdown table as `deno fmt` formats it: every column as wide as its widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}
