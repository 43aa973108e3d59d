/**
 * Paths in a configuration file.
 *
 * @module
 */

import type { TextForm } from "./fields.ts";

/** A certificate or a private key. */
export const PEM_FILE: TextForm = { pattern: /^[^\p{C}]+$/u, what: "the path of a PEM file" };

/** Resolves a path relative to the folder of a file. */
export function besideFile(path: string, fileName: string): string {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return path;
  return fileName.slice(0, 1 + Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\"))) + path;
}
