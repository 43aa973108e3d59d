/**
 * Files that no check reads, imports of them, and files that no program needs.
 *
 * @module
 */

import type { Check } from "../house.ts";
import { NO_DEAD_FILES, REAL_TARGETS, ROOMS_RUN, SOURCES_ALONE } from "../source_checks.ts";
import type { Planted } from "./planted.ts";

function strange(path: string, ...found: string[]): Planted {
  return tree(SOURCES_ALONE, path, { [path]: "" }, ...found);
}

function tree(check: Check, name: string, files: Planted["files"], ...found: string[]): Planted {
  return { name, check, files, found };
}

const EXTENSIONS = [
  ...["js", "mjs", "cjs", "jsx", "tsx", "mts", "cts", "wasm", "json", "txt", "TS", "so"].map((extension) =>
    strange(`server/core/clock.${extension}`, `server/core/clock.${extension} is no .ts file`)
  ),
  strange("bench/clock", "bench/clock is no .ts file"),
  strange("packaging/systemd/other.service", "packaging/systemd/other.service is no .ts file"),
  strange("packaging/systemd/chat-server.service"),
  strange("server/core/.clock.ts.swp"),
  strange("tests/testdata/clock.json"),
  strange("client/web/clock.json", "client/web/clock.json is no .ts file"),
  strange("client/web/index.html"),
  strange("client/web/view/clock.tsx"),
  strange("server/core/clock.ts"),
];

const PLANTED = "server/node/planted.ts";

/** An import in the node, beside sources of other rooms. */
function imports(code: string, ...found: string[]): Planted {
  const files = {
    [PLANTED]: code,
    "server/node/node.ts": "",
    "server/sessions/session.ts": "",
    "server/node/clock.js": "",
    "server/node/clock.mts": "",
  };
  return tree(REAL_TARGETS, code, files, ...found.map((each) => `${PLANTED} ${each}`));
}

function unreal(specifier: string, target: string): Planted {
  return imports(`import "${specifier}";`, `imports ${target}, which is no source file`);
}

const TARGETS = [
  unreal("./clock.js", "server/node/clock.js"),
  unreal("./clock.mts", "server/node/clock.mts"),
  unreal("./missing.ts", "server/node/missing.ts"),
  unreal("./node", "server/node/node"),
  unreal("./", "server/node/"),
  unreal("./..%2fsessions/session.ts", "server/node/..%2fsessions/session.ts"),
  unreal("./%6eode.ts", "server/node/%6eode.ts"),
  unreal("./node.ts?again", "server/node/node.ts?again"),
  unreal("./node.ts#again", "server/node/node.ts#again"),
  unreal("../../deno.json", "deno.json"),
  imports('new URL("./", import.meta.url);', "imports server/node/, which is no source file"),
  imports('export { a } from "./clock.js";', "imports server/node/clock.js, which is no source file"),
  imports('type A = import("./clock.js").A;', "imports server/node/clock.js, which is no source file"),
  imports(
    'import text from "./node.ts" with { type: "text" };',
    'imports server/node/node.ts with type: "text"',
  ),
  imports(
    'import a from "./node.ts" with { type: "json" };',
    'imports server/node/node.ts with type: "json"',
  ),
  imports(
    'export { a } from "./node.ts" with { type: "bytes" };',
    'imports server/node/node.ts with type: "bytes"',
  ),
  imports(
    'import("./node.ts", { with: { type: "text" } });',
    'imports server/node/node.ts with { with: { type: "text" } }',
  ),
  imports('import a from "bcryptjs" with { type: "text" };', 'imports bcryptjs with type: "text"'),
  imports(
    'import "./node.ts"; import "../node/node.ts"; import "../sessions/session.ts"; import "bcryptjs";',
  ),
  tree(REAL_TARGETS, "data that the room may read", {
    "packaging/programs.ts": 'import project from "../deno.json" with { type: "json" };',
    "server/grpc/service.ts": 'new URL("../../proto/replication.proto", import.meta.url);',
    "bench/checkout.ts": 'new URL("..", import.meta.url);',
  }),
  tree(
    REAL_TARGETS,
    "data as text",
    { "packaging/programs.ts": 'import project from "../deno.json" with { type: "text" };' },
    'packaging/programs.ts imports deno.json with type: "text"',
  ),
];

const DEAD = [
  tree(
    NO_DEAD_FILES,
    "a file without exports",
    {
      "server/main.ts": 'import "./core/state.ts";',
      "server/core/state.ts": "",
      "server/core/attic.ts": "run();",
    },
    "server/core/attic.ts is imported by no program",
  ),
  tree(
    NO_DEAD_FILES,
    "two files that import each other, and a test of them",
    {
      "client/main.ts": "",
      "client/core/a.ts": 'import "./b.ts";',
      "client/core/b.ts": 'import "./a.ts";',
      "tests/a_test.ts": 'import "../client/core/a.ts";',
    },
    "client/core/a.ts is imported by no program",
    "client/core/b.ts is imported by no program",
  ),
  tree(
    NO_DEAD_FILES,
    "a file of another main.ts",
    { "demo/main.ts": "", "packaging/main.ts": "" },
    "packaging/main.ts is imported by no program",
  ),
  tree(NO_DEAD_FILES, "files behind types, workers and import() pass", {
    "server/main.ts": 'import type { A } from "./core/a.ts";',
    "server/core/a.ts": 'new Worker(new URL("./worker.ts", import.meta.url)); import("./b.ts");',
    "server/core/worker.ts": "",
    "server/core/b.ts": "",
    "tests/a_test.ts": "",
  }),
];

const RUNNING = [
  tree(
    ROOMS_RUN,
    "two files of types and imports",
    {
      "server/ports/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
      "server/ports/b.ts": 'export interface B { a: 1 } export * from "./c.ts";',
      "server/core/a.ts": "export const a = 1;",
    },
    "server/ports/ has types alone",
  ),
  tree(ROOMS_RUN, "one file of types and one of code", {
    "server/ports/a.ts": "export type A = 1;",
    "server/ports/b.ts": "export function b() {}",
    "server/log/a.ts": "export type A = 1;",
  }),
];

/** Files that are no part of a program, or that no check reads. */
export const FILES: readonly Planted[] = [...EXTENSIONS, ...TARGETS, ...DEAD, ...RUNNING];
