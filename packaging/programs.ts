/**
 * THE table of programs that become executables, and what each of them needs inside.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** A file that a program loads while it runs. A bundler does not find it: it follows imports only. */
export interface LoadedFile {
  /** Path from the project's root. */
  readonly source: string;
  /** How the code refers to it: `new URL(reference, import.meta.url)`. */
  readonly reference: string;
  /** Path in the bundle, beside the main module. */
  readonly bundled: string;
  /** Whether it is the main module of a worker, and is bundled itself. */
  readonly isModule: boolean;
}

/** One program. */
export interface Program {
  readonly name: string;
  /** Main module, from the project's root. */
  readonly entry: string;
  readonly loads: readonly LoadedFile[];
  /** What it may do: flags of the runtime. */
  readonly permissions: readonly string[];
}

/** See the module. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "chat-server",
    entry: "server/main.ts",
    loads: [
      {
        source: "server/passwords/worker.ts",
        reference: "./worker.ts",
        bundled: "passwords/worker.js",
        isModule: true,
      },
      {
        source: "proto/replication.proto",
        reference: "../../proto/replication.proto",
        bundled: "replication.proto",
        isModule: false,
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

/** What a task lets its program do: the executable may do the same. */
export function permissionFlags(command: string): readonly string[] {
  return command.split(" ").filter((word) => /^--(no-prompt|(allow|deny|ignore)-)/.test(word));
}
