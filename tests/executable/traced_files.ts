/**
 * The files that a program changes, by strace.
 *
 * @module
 */

import { resolve } from "node:path";

/** Calls that change the named file, with any arguments. */
const CHANGING = new Set([
  ..."creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat"
    .split(" "),
  ..."truncate chmod fchmodat fchmodat2 chown lchown fchownat utime utimes futimesat utimensat".split(" "),
  ..."mknod mknodat setxattr lsetxattr removexattr lremovexattr".split(" "),
]);

/** Calls that change the named file with certain arguments. */
const OPENING = new Set(["open", "openat", "openat2"]);
const TO_CHANGE = /\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b/;

/** A path, after the folder that it is relative to, if that is recorded. */
const PATH = /(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g;

/**
 * The words to put before those of a program. A signal to the process reaches the program itself.
 *
 * @param record file for strace's record
 */
export function straceOfFiles(record: string): readonly string[] {
  return [
    "strace",
    "-D",
    "-f",
    "-qq",
    "-y",
    "-s",
    "4096",
    "--seccomp-bpf",
    "-e",
    "trace=%file",
    "-o",
    record,
  ];
}

/**
 * The paths that the traced program has changed or tried to change: each once, as an absolute one.
 *
 * @param record record of strace
 * @param folder the current folder of the program
 */
export function changedPaths(record: string, folder: string): string[] {
  const paths = new Set<string>();
  for (const line of record.split("\n")) {
    const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    if (!CHANGING.has(call) && !(OPENING.has(call) && TO_CHANGE.test(rest))) continue;
    for (const [, beginning = folder, path = ""] of rest.matchAll(PATH)) paths.add(resolve(beginning, path));
  }
  return [...paths].sort();
}
