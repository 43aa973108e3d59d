/**
 * Paths in a configuration file.
 *
 * @module
 */

/** Resolves a path relative to the folder of a file. */
export function besideFile(path: string, fileName: string): string {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return path;
  return fileName.slice(0, 1 + Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\"))) + path;
}
