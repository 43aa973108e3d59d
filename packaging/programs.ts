/**
 * The table of programs that become executables, with the files that each of them loads.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** A file, or a folder, that a program loads while it runs. Bundlers do not find it, as they follow imports only. */
export interface LoadedFile {
  /** Path from the project's root. */
  readonly source: string;
  /** Reference in the code: `new URL(reference, import.meta.url)`. */
  readonly reference: string;
  /** Path in the bundle, beside the main module. */
  readonly bundled: string;
  /**
   * `module`: the main module of a worker, which is bundled as well. `page`: a folder whose files are served, without
   * those in folders below; it is empty in the bundle if it was not built.
   */
  readonly kind: "module" | "file" | "page";
}

/** One program. */
export interface Program {
  readonly name: string;
  /** Main module, from the project's root. */
  readonly entry: string;
  readonly loads: readonly LoadedFile[];
  /** Its permissions, as flags of the runtime. */
  readonly permissions: readonly string[];
}

/** Rows by program. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "chat-server",
    entry: "server/main.ts",
    loads: [
      {
        source: "server/passwords/worker.ts",
        reference: "./worker.ts",
        bundled: "passwords/worker.js",
        kind: "module",
      },
      {
        source: "server/follower/writer_worker.ts",
        reference: "./writer_worker.ts",
        bundled: "follower/writer_worker.js",
        kind: "module",
      },
      {
        source: "server/follower/reader_worker.ts",
        reference: "./reader_worker.ts",
        bundled: "follower/reader_worker.js",
        kind: "module",
      },
      {
        source: "server/follower/start_worker.ts",
        reference: "./start_worker.ts",
        bundled: "follower/start_worker.js",
        kind: "module",
      },
      {
        source: "server/follower/check_worker.ts",
        reference: "./check_worker.ts",
        bundled: "follower/check_worker.js",
        kind: "module",
      },
      {
        source: "server/follower/verify_worker.ts",
        reference: "./verify_worker.ts",
        bundled: "follower/verify_worker.js",
        kind: "module",
      },
      {
        source: "proto/replication.proto",
        reference: "../../proto/replication.proto",
        bundled: "replication.proto",
        kind: "file",
      },
      {
        source: "client/web/dist/",
        reference: "../../client/web/dist/",
        bundled: "page/",
        kind: "page",
      },
    ],
    permissions: permissionFlags(configuration.tasks.server.command),
  },
  {
    name: "chat-client",
    entry: "client/main.ts",
    loads: [],
    permissions: permissionFlags(configuration.tasks.client.command),
  },
];

/** Permission flags of a task, which the executable gets as well. */
export function permissionFlags(command: string): readonly string[] {
  return command.split(" ").filter((word) => /^--(no-prompt|(allow|deny|ignore)-)/.test(word));
}
