/**
 * The rooms of the house and the doors between them.
 *
 * @module
 */

/** A room: a folder with all folders in it that are no rooms of their own, or a single file. */
export interface Room {
  /** No I/O, no clock, no random number, no waiting: whole clusters run in one process. */
  readonly pure?: true;
  /** Shows or reads times of day in the time zone of the machine. */
  readonly localTime?: true;
  /** The other rooms that it imports, and the files that are no sources; `./` is the project's own folder. */
  readonly rooms: readonly string[];
  /** The bare specifiers that it imports: nothing else from outside comes in. */
  readonly outside?: readonly string[];
}

/** Every room of the programs, by path: an import is forbidden unless it is allowed here. */
export const ROOMS: Readonly<Record<string, Room>> = {
  "common/": { pure: true, rooms: [] },

  "server/main.ts": { rooms: ["server/cli/", "server/commands/"] },
  "server/core/": { pure: true, rooms: ["common/"] },
  "server/ports/": { pure: true, rooms: ["common/", "server/core/"] },
  "server/node/": { pure: true, rooms: ["common/", "server/core/", "server/ports/"] },
  "server/sessions/": { pure: true, rooms: ["common/", "server/core/", "server/ports/", "server/node/"] },
  "server/operator/": {
    pure: true,
    rooms: ["common/", "server/core/", "server/ports/", "server/node/", "server/sessions/"],
  },
  "server/replication/": { pure: true, rooms: ["server/core/", "server/ports/"] },
  "server/import/": { pure: true, rooms: ["common/", "server/core/"] },
  "server/export/": { pure: true, rooms: ["server/core/"] },
  "server/log/": {
    rooms: ["common/", "server/core/", "server/ports/"],
    outside: ["node:path", "node:zlib"],
  },
  "server/backup/": { rooms: ["server/core/", "server/log/", "server/ports/"], outside: ["node:crypto"] },
  "server/archive/": {
    rooms: ["common/", "server/core/", "server/ports/"],
    outside: ["node:sqlite", "node:zlib"],
  },
  "server/net/": {
    rooms: ["common/", "server/core/", "server/net/accept_passes.ts", "server/ports/"],
    outside: ["node:stream", "node:tls"],
  },
  "server/net/accept_passes.ts": { rooms: [] },
  "server/web/": {
    rooms: [
      "common/",
      "server/core/",
      "server/net/",
      "server/ports/",
      "server/web/origin.ts",
      "server/web/page.ts",
      "server/web/request_head.ts",
    ],
    outside: ["node:buffer", "node:stream", "ws"],
  },
  "server/web/origin.ts": { pure: true, rooms: ["server/core/"] },
  "server/web/page.ts": { pure: true, rooms: ["server/web/origin.ts", "server/web/request_head.ts"] },
  "server/web/request_head.ts": { pure: true, rooms: [] },
  "server/grpc/": {
    rooms: ["common/", "server/core/", "server/ports/", "server/replication/", "proto/replication.proto"],
    outside: [
      "@grpc/grpc-js",
      "@grpc/proto-loader",
      "node:buffer",
      "node:crypto",
      "node:events",
      "node:http2",
      "node:net",
      "node:tls",
      "node:url",
    ],
  },
  "server/passwords/": {
    rooms: ["common/", "server/core/", "server/ports/"],
    outside: ["bcryptjs", "lib:deno.worker"],
  },
  "server/follower/": {
    rooms: ["common/", "server/archive/", "server/core/", "server/log/", "server/ports/"],
    outside: ["lib:deno.worker", "node:worker_threads"],
  },
  "server/http/": { rooms: ["server/ports/", "server/http/http_message.ts", "server/net/accept_passes.ts"] },
  "server/http/http_message.ts": { pure: true, rooms: [] },
  "server/metrics/": {
    rooms: [
      "server/http/",
      "server/http/http_message.ts",
      "server/metrics/metric_table.ts",
      "server/metrics/pages.ts",
      "server/ports/",
    ],
    outside: ["prom-client"],
  },
  "server/metrics/metric_table.ts": { pure: true, rooms: [] },
  "server/metrics/pages.ts": { pure: true, rooms: ["server/http/http_message.ts"] },
  "server/metrics/readiness.ts": { pure: true, rooms: ["server/ports/"] },
  "server/admin/": {
    rooms: [
      "server/core/",
      "server/diagnostics/",
      "server/http/",
      "server/http/http_message.ts",
      "server/ports/",
    ],
    outside: ["node:crypto", "node:http"],
  },
  "server/certificates/": {
    rooms: ["common/", "server/config/"],
    outside: ["@peculiar/x509", "node:crypto", "node:tls", "reflect-metadata"],
  },
  "server/config/": { rooms: ["common/", "server/core/"] },
  "server/diagnostics/": { rooms: ["common/", "server/ports/"] },
  "server/cli/": {
    rooms: [
      "common/",
      "server/config/",
      "server/core/",
      "server/diagnostics/",
      "server/import/",
      "server/log/",
      "server/ports/",
    ],
    outside: ["@std/cli/parse-args"],
  },
  "server/process/": {
    rooms: [
      "client/web/dist/",
      "common/",
      "server/admin/",
      "server/config/",
      "server/core/",
      "server/diagnostics/",
      "server/follower/",
      "server/grpc/",
      "server/log/",
      "server/metrics/",
      "server/metrics/metric_table.ts",
      "server/metrics/readiness.ts",
      "server/net/",
      "server/node/",
      "server/operator/",
      "server/passwords/",
      "server/ports/",
      "server/replication/",
      "server/sessions/",
      "server/web/",
      "server/web/page.ts",
    ],
    outside: [
      "node:buffer",
      "node:crypto",
      "node:fs/promises",
      "node:process",
      "node:v8",
      "node:vm",
    ],
  },
  "server/commands/": {
    rooms: [
      "common/",
      "server/admin/",
      "server/backup/",
      "server/certificates/",
      "server/cli/",
      "server/config/",
      "server/core/",
      "server/diagnostics/",
      "server/export/",
      "server/import/",
      "server/log/",
      "server/ports/",
      "server/process/",
    ],
    outside: ["node:crypto"],
  },

  "client/main.ts": {
    rooms: [
      "common/",
      "client/core/",
      "client/link/",
      "client/net/",
      "client/terminal/",
      "client/terminal/flags/",
      "client/terminal/words/",
    ],
  },
  "client/core/": { pure: true, rooms: ["common/"] },
  "client/link/": { rooms: ["common/", "client/core/"] },
  "client/net/": { rooms: ["common/", "client/core/", "client/link/"] },
  "client/terminal/": {
    rooms: [
      "common/",
      "client/core/",
      "client/link/",
      "client/net/",
      "client/terminal/commands/",
      "client/terminal/display/",
      "client/terminal/flags/",
      "client/terminal/keyboard/",
      "client/terminal/words/",
    ],
    outside: ["@std/streams/limited-bytes-transform-stream", "@std/streams/to-array-buffer", "node:process"],
  },
  "client/terminal/display/": {
    pure: true,
    localTime: true,
    rooms: ["common/", "client/core/", "client/terminal/words/"],
    outside: ["string-width"],
  },
  "client/terminal/words/": { pure: true, rooms: ["common/", "client/core/"] },
  "client/terminal/commands/": { pure: true, rooms: ["common/", "client/core/", "client/terminal/words/"] },
  "client/terminal/flags/": { pure: true, localTime: true, rooms: ["common/", "client/core/"] },
  "client/terminal/keyboard/": { pure: true, rooms: ["client/terminal/display/"] },

  "client/web/": {
    rooms: [
      "common/",
      "client/core/",
      "client/link/",
      "client/web/page/",
      "client/web/texts/",
      "client/web/view/",
    ],
    outside: ["idb-keyval", "preact"],
  },
  "client/web/page/": {
    pure: true,
    localTime: true,
    rooms: ["common/", "client/core/", "client/web/texts/"],
  },
  "client/web/texts/": { pure: true, localTime: true, rooms: ["common/", "client/core/"] },
  "client/web/view/": {
    pure: true,
    localTime: true,
    rooms: ["common/", "client/core/", "client/web/page/", "client/web/texts/"],
    outside: ["preact"],
  },

  "bench/": {
    rooms: [
      "./",
      "common/",
      "server/certificates/",
      "server/commands/",
      "server/core/",
      "server/log/",
      "server/net/",
    ],
    outside: ["@std/cli/parse-args", "node:net", "playwright-core"],
  },
  "demo/": { rooms: ["client/main.ts", "server/main.ts"] },
  "packaging/": {
    rooms: ["common/", "deno.json", "server/certificates/"],
    outside: ["@std/cli/parse-args", "node:crypto", "node:path", "node:util", "node:zlib"],
  },
};

/** The programs: each file in a room belongs to one of them. */
export const ENTRY_POINTS = [
  "server/main.ts",
  "client/main.ts",
  "bench/main.ts",
  "demo/main.ts",
  "packaging/compile.ts",
  "packaging/release.ts",
  "packaging/web.ts",
  "client/web/main.tsx",
  "client/web/service_worker.ts",
];

/** The thin rooms, each around one thing of the outside: they never import one another. */
export const THIN = [
  "server/log/",
  "server/archive/",
  "server/net/",
  "server/passwords/",
  "server/grpc/",
  "server/admin/",
  "server/metrics/",
  "server/certificates/",
];

/** The folder of the built page, which is no room: files that the server sends, and does not run. */
export const BUILT_PAGE = "client/web/dist/";

/** The innermost room of a path: its key in `ROOMS`; `undefined` if it has none. */
export function roomOf(path: string): string | undefined {
  if (path.startsWith(BUILT_PAGE)) return undefined;
  const rooms = Object.keys(ROOMS).filter((room) =>
    room.endsWith("/") ? path.startsWith(room) : path === room
  );
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}
