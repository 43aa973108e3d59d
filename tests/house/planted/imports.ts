/**
 * Ways out of a room by an import, and the neighbours that only look like one.
 *
 * @module
 */

import { DOORS, EVERY_FILE_HAS_A_ROOM, PRODUCT_APART, SIDES_APART, THIN_APART } from "../room_checks.ts";
import type { Check } from "../house.ts";
import { roomOf } from "../rooms.ts";
import { inCore, type Planted } from "./planted.ts";

/** Code in the core that imports one thing which it may not. */
function finds(code: string, target: string): Planted {
  return inCore(DOORS, code, [`imports ${target}, which server/core/ may not`]);
}

function passes(code: string): Planted {
  return inCore(DOORS, code, []);
}

/** An import of one file by another. */
function between(check: Check, path: string, specifier: string, found: readonly string[]): Planted {
  return {
    name: `${path} imports ${specifier}`,
    check,
    files: { [path]: `import {} from "${specifier}";` },
    found: found.map((each) => `${path} ${each}`),
  };
}

function forbidden(path: string, specifier: string, target: string): Planted {
  return between(DOORS, path, specifier, [`imports ${target}, which ${roomOf(path)} may not`]);
}

const FORMS = [
  finds('import "bcryptjs";', "bcryptjs"),
  finds('import("node:os");', "node:os"),
  finds("import(`node:os`);", "node:os"),
  finds('export const text = `${import("node:os")}`;', "node:os"),
  inCore(DOORS, 'import("node:" + "os");', ["imports what is computed at run time"]),
  inCore(DOORS, "import(`node:${name}`);", ["imports what is computed at run time"]),
  finds('import { cpus } from "node:os";', "node:os"),
  finds('import os, {\n  cpus,\n} from\n  "node:os";', "node:os"),
  finds('import /* from "./a.ts" */ "node:os";', "node:os"),
  finds('import type { CpuInfo } from "node:os";', "node:os"),
  finds('import * as os from "node:os";', "node:os"),
  finds('import os = require("node:os");', "node:os"),
  finds('export * from "node:os";', "node:os"),
  finds('export { cpus } from "node:os";', "node:os"),
  finds('export type Cpu = import("node:os").CpuInfo;', "node:os"),
  finds('export type Os = typeof import("node:os");', "node:os"),
  finds('declare module "node:os" {}', "node:os"),
  finds('/// <reference types="node" />', "types:node"),
  finds('/// <reference lib="dom" />', "lib:dom"),
  finds('/// <reference path="../log/lock.ts" />', "server/log/lock.ts"),
  finds('import.meta.resolve("node:os");', "node:os"),
  finds('new URL("../passwords/worker.ts", import.meta.url);', "server/passwords/worker.ts"),
  finds('new URL("../../data", import.meta.url);', "data"),
  finds('import "npm:left-pad@1.3.0";', "npm:left-pad@1.3.0"),
  finds('import "https://example.org/x.ts";', "https://example.org/x.ts"),
  finds('import "common/errors.ts";', "common/errors.ts"),
  finds('import file from "../../cluster_config.json" with { type: "json" };', "cluster_config.json"),
];

const ROOMS = [
  forbidden("server/core/planted.ts", "../node/node.ts", "server/node/node.ts"),
  forbidden("server/node/planted.ts", "../sessions/session.ts", "server/sessions/session.ts"),
  forbidden("server/net/planted.ts", "bcryptjs", "bcryptjs"),
  forbidden("common/wire/planted.ts", "../../server/core/state.ts", "server/core/state.ts"),
  forbidden("client/core/planted.ts", "../terminal/display/view.ts", "client/terminal/display/view.ts"),
  forbidden("client/core/planted.ts", "string-width", "string-width"),
  forbidden("client/core/planted.ts", "node:buffer", "node:buffer"),
  forbidden("client/core/planted.ts", "../link/link.ts", "client/link/link.ts"),
  forbidden("bench/planted.ts", "npm:left-pad", "npm:left-pad"),
  forbidden("demo/planted.ts", "node:os", "node:os"),
  forbidden("packaging/compile/planted.ts", "node:module", "node:module"),
  forbidden("packaging/planted.ts", "../server/main.ts", "server/main.ts"),
  between(THIN_APART, "server/net/planted.ts", "../log/lock.ts", ["imports server/log/lock.ts"]),
  between(SIDES_APART, "client/net/planted.ts", "../../server/main.ts", ["imports server/main.ts"]),
  between(SIDES_APART, "server/net/planted.ts", "../../client/main.ts", ["imports client/main.ts"]),
  between(PRODUCT_APART, "server/net/planted.ts", "../../tests/a.ts", ["imports tests/a.ts"]),
  between(PRODUCT_APART, "packaging/planted.ts", "../bench/a.ts", ["imports bench/a.ts"]),
  between(EVERY_FILE_HAS_A_ROOM, "server/attic/planted.ts", "./a.ts", ["is in no room"]),
  between(EVERY_FILE_HAS_A_ROOM, "server/planted.ts", "./a.ts", ["is in no room"]),
];

const NEIGHBOURS = [
  passes('// import "node:os";\n/* import "node:os"; */ export {};'),
  passes('export const texts = [\'import "node:os";\', `import "node:os";`, /import "node:os"/];'),
  passes('export const made = (x: { import(name: string): void }) => x.import("node:os");'),
  passes('import { assert } from "../../common/errors.ts";\nexport * from "./accounts/names.ts";'),
  passes('new Page("../log/lock.ts", import.meta.url);'),
  passes('export const place = new URL("../passwords/worker.ts", "file:///");'),
  between(DOORS, "server/passwords/planted.ts", "bcryptjs", []),
  between(DOORS, "server/core/accounts/planted.ts", "../state.ts", []),
  between(DOORS, "packaging/compile/planted.ts", "node:path", []),
  between(DOORS, "demo/planted.ts", "../server/main.ts", []),
  between(THIN_APART, "server/net/planted.ts", "./outbox.ts", []),
  between(PRODUCT_APART, "bench/planted.ts", "../tests/a.ts", []),
  between(SIDES_APART, "server/net/planted.ts", "../../common/errors.ts", []),
  between(EVERY_FILE_HAS_A_ROOM, "server/core/accounts/planted.ts", "./a.ts", []),
  between(EVERY_FILE_HAS_A_ROOM, "server/main.ts", "./a.ts", []),
];

/** Imports that a wall forbids. */
export const IMPORTS: readonly Planted[] = [...FORMS, ...ROOMS, ...NEIGHBOURS];
