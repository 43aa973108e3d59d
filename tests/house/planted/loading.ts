/**
 * Ways to load code without an import, and the neighbours that only look like one.
 *
 * @module
 */

import type { Check } from "../house.ts";
import { KNOWN_LOADING, NO_LOADING_COMMENTS } from "../loading_checks.ts";
import type { Planted } from "./planted.ts";

/** Code in a file of a room with real sockets. */
function inNet(check: Check, code: string, found: readonly string[]): Planted {
  const path = "server/net/planted.ts";
  const name = code.replaceAll("\n", " ");
  return { name, check, files: { [path]: code }, found: found.map((each) => `${path} ${each}`) };
}

function finds(code: string, ...found: string[]): Planted {
  return inNet(KNOWN_LOADING, code, found);
}

function passes(code: string): Planted {
  return inNet(KNOWN_LOADING, code, []);
}

const META = "uses import.meta in another form";
const WORKER = "uses Worker in another form than new Worker(new URL(file, import.meta.url))";

const FORMS = [
  finds('const here = import.meta.url; new Worker(new URL("../sessions/session.ts", here));', META, WORKER),
  finds('new Worker(import.meta.url.replace("net/planted", "log/lock"));', WORKER, META),
  finds('new Worker(import.meta.dirname + "/../log/lock.ts");', WORKER, META),
  finds('new Worker(URL.parse("../log/lock.ts", import.meta.url));', WORKER, META),
  finds('const file = new URL("../log/lock.ts", import.meta.url); new Worker(file);', WORKER),
  finds('new Worker("../log/lock.ts");', WORKER),
  finds("const Thread = Worker;", WORKER),
  finds('new globalThis.Worker("../log/lock.ts");', "uses globalThis Worker"),
  finds("const { Worker: Thread } = globalThis;", "uses globalThis as a value"),
  finds('self["eval"]("1");', "uses self eval"),
  finds("const { url } = import.meta;", META),
  finds('import.meta["url"];', META),
  finds("const meta = import.meta;", META),
  finds("import.meta.filename;", META),
  finds("const find = import.meta.resolve;", META),
  finds('new Page("./a.ts", import.meta.url);', META),
  finds('process.getBuiltinModule("node:os");', "names getBuiltinModule"),
  finds('process["getBuiltinModule"]("node:os");', "names getBuiltinModule"),
  finds('process["getBuiltin" + "Module"]("node:os");', "names getBuiltinModule"),
  finds("const { getBuiltinModule: get } = process;", "names getBuiltinModule"),
  finds('import { createRequire } from "node:module";', "names createRequire"),
  finds('require("node:os");', "names require"),
  finds('globalThis.require("node:os");', "uses globalThis require", "names require"),
  finds('eval("1");', "uses eval"),
  finds('new Function("return 1");', "uses Function"),
  finds("WebAssembly.compile(bytes);", "uses WebAssembly"),
  {
    ...finds(""),
    name: "in bench/",
    files: { "bench/a.ts": "import.meta.url;" },
    found: [`bench/a.ts ${META}`],
  },
  passes('new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });'),
  passes("export const make = (): Worker => made;"),
  passes("if (import.meta.main) run();"),
  passes('export const FILE = new URL("./data", import.meta.url).pathname;'),
  passes('import.meta.resolve("./a.ts");'),
  passes('globalThis.addEventListener("unload", () => {}); self.onmessage = null; self.postMessage(1);'),
  passes('export const required = "the built-in module that you require"; new Work();'),
  passes("class Worker {}\nnew Worker();"),
  { ...passes(""), name: "eval in a test", files: { "tests/a.ts": 'eval("1");' } },
];

function comments(code: string, ...found: string[]): Planted {
  return inNet(NO_LOADING_COMMENTS, code, found);
}

const COMMENTS = [
  comments('// @deno-types="npm:bcryptjs"\nimport a from "./a.ts";', "has @deno-types in a comment"),
  comments('// @ts-types="npm:bcryptjs"\nimport a from "./a.ts";', "has @ts-types in a comment"),
  comments('// @ts-self-types="./a.d.ts"\nexport {};', "has @ts-self-types in a comment"),
  comments("/** @jsxImportSource npm:preact */\nexport {};", "has @jsxImportSource in a comment"),
  comments('/** @type {import("node:os").CpuInfo} */\nconst a = 1;', 'has import(" in a comment'),
  comments('/** @import { CpuInfo } from "node:os" */\nconst a = 1;', "has @import in a comment"),
  comments("export {};\n// import('node:os')", "has import(' in a comment"),
  comments('const a = `${/* import("node:os") */ 1}`;', 'has import(" in a comment'),
  comments('const a = "// @deno-types"; const b = `/* @import */`; const c = /@ts-types/;'),
  comments('const a = await import("./a.ts"); type A = import("./a.ts").A;'),
  comments("/** Calls import() and imports a type. */\nconst a = 1; // and more"),
];

/** Code that is loaded past the imports. */
export const LOADING: readonly Planted[] = [...FORMS, ...COMMENTS];
