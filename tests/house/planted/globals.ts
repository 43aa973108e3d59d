/**
 * Ways out of a pure room by a name, and the neighbours that only look like one.
 *
 * @module
 */

import { PURITY } from "../purity_check.ts";
import { inCore, type Planted } from "./planted.ts";

function finds(code: string, ...found: string[]): Planted {
  return inCore(PURITY, code, found);
}

function passes(code: string): Planted {
  return inCore(PURITY, code, []);
}

const RUNTIME = [
  finds("process.hrtime();", "uses process.hrtime"),
  finds('globalThis["Deno"];', "uses globalThis.Deno"),
  finds("globalThis.Deno.cwd();", "uses globalThis.Deno"),
  finds('const all = globalThis; all["De" + "no"];', "uses globalThis"),
  finds("const { Deno: runtime } = self;", "uses self"),
  finds("window?.Deno;", "uses window.Deno"),
  finds("export const text = `a ${Deno.pid} b`;", "uses Deno.pid"),
  finds("export const text = `a ${`b ${Deno.pid}`}`;", "uses Deno.pid"),
  finds('const quote = /["`]/; Deno.pid; const end = /["`]/;', "uses Deno.pid"),
  finds("const half = 4 / 2; Deno.pid; / 2 /;", "uses Deno.pid"),
  finds("export const parts = { process };", "uses process"),
  finds("export { process };", "uses process"),
  finds("export { process as steps };", "uses process"),
  finds("function local(process: number) { return process; }\nprocess.exit();", "uses process.exit"),
  finds("declare const Deno: { pid: number };\nDeno.pid;", "declares names without their code"),
  finds("declare global { var clock: () => number }", "declares names without their code"),
  finds("export function open(file: Deno.FsFile): void {}", "uses Deno.FsFile"),
  finds("export type Runtime = typeof globalThis;", "uses globalThis"),
  finds("interface Deno { pid: number }\nDeno.pid;", "uses Deno.pid"),
  finds("import.meta.url;", "uses import.meta"),
  finds('require("node:os");', "uses require"),
  finds("fetch(``);", "uses fetch"),
  finds('console.log("");', "uses console.log"),
];

const CODE_OF_TEXT = [
  finds('eval("1");', "uses eval"),
  finds('(0, eval)("1");', "uses eval"),
  finds('new Function("return Deno");', "uses Function"),
  finds(
    '(() => {}).constructor("return Deno")();',
    "uses the member constructor: constructors that make code of text",
  ),
];

const CLOCK_AND_CHANCE = [
  finds("Date.now();", "uses Date.now"),
  finds('Date["now"]();', "uses Date.now"),
  finds("new Date();", "uses Date"),
  finds("new Date(...[]);", "uses Date"),
  finds("const Calendar = Date; Calendar.now();", "uses Date"),
  finds("const { now } = Date;", "uses Date"),
  finds("const { now = Date } = {};", "uses Date"),
  finds("performance.now();", "uses performance.now"),
  finds("Math.random();", "uses Math.random"),
  finds('Math["random"]();', "uses Math.random"),
  finds("const { random } = Math;", "uses Math"),
  finds("crypto.randomUUID();", "uses crypto.randomUUID"),
  finds("setTimeout(() => {}, 1);", "uses setTimeout"),
  finds("queueMicrotask(() => {});", "uses queueMicrotask"),
];

const PLACE = [
  finds("new Intl.Collator();", "uses Intl.Collator"),
  finds('"a".localeCompare("b");', "uses the member localeCompare: the locale of the machine"),
  finds('"a"["toLocaleUpperCase"]();', "uses the member toLocaleUpperCase: the locale of the machine"),
  finds('const { localeCompare } = "a";', "uses the member localeCompare: the locale of the machine"),
  finds(
    'const { ["localeCompare"]: compare } = "a";',
    "uses the member localeCompare: the locale of the machine",
  ),
  finds(
    'let compare; ({ localeCompare: compare } = "a");',
    "uses the member localeCompare: the locale of the machine",
  ),
  finds("new Date(1).getHours();", "uses the member getHours: the time zone of the machine"),
];

const WAITING = [
  finds("async function later() {}", "waits"),
  finds("export const later = async () => {};", "waits"),
  finds("await 1;", "waits"),
  finds("for await (const each of []) each;", "waits"),
  finds("await using file = null;", "waits"),
  finds("Promise.resolve();", "uses Promise.resolve"),
  finds("export type Later = Promise<void>;", "uses Promise"),
  finds("Array.fromAsync([]);", "uses the member fromAsync: waiting", "uses Array.fromAsync"),
  finds("setInterval;", "uses setInterval"),
];

/** Elements of the page: their names are no globals, and all else in them is code as elsewhere. */
const ELEMENTS = [
  inView("export const line = <p class={location.href}>Deno</p>;", "uses location.href"),
  inView("export const line = <p>{document.title}</p>;", "uses document.title"),
  inView("export const line = <Line />;", "uses Line"),
  inView("export const line = <p hidden><time dateTime=''>Deno</time></p>;"),
  inView("function Line() {}\nexport const line = <Line><b /></Line>;"),
  inView("new Intl.DateTimeFormat('en', {} as Intl.DateTimeFormatOptions); new Intl.PluralRules('en');"),
];

function inView(code: string, ...found: readonly string[]): Planted {
  const path = "client/web/view/planted.tsx";
  return {
    name: code,
    check: PURITY,
    files: { [path]: code },
    found: found.map((each) => `${path} ${each}`),
  };
}

const NEIGHBOURS = [
  passes("// Deno.pid\n/* process.exit() */ export {};"),
  passes('export const texts = ["Deno.pid", `Deno.pid`, /Deno.pid/];'),
  passes("export const part = (x: { Deno: number }) => x.Deno;"),
  passes("export const part = { Deno: 1, process: 2, await: 3 };"),
  passes("export function run(process: { exit(): void }) { process.exit(); }"),
  passes('import { process } from "./steps.ts";\nprocess();'),
  passes("export class Clock { now() { return this.Date; } Date = 1; constructor() {} }"),
  passes("new Date(1).toISOString(); Date.UTC(2026); Math.max(1, 2); new Intl.Segmenter();"),
  passes("export type Known = ReadonlyMap<string, Readonly<Partial<Error>>>;"),
  passes("export const each = [1] as const; outer: for (const a of each) { if (a) continue outer; }"),
  passes('export { process } from "./steps.ts";'),
  passes("const steps = 1; export { steps as process };"),
  passes('export type Cell = import("./cells.ts").Cell;'),
  passes('const toLocaleString = "a"; const { [toLocaleString]: a } = { a: 1 };'),
  passes("function Made() { new.target; }"),
  passes("const { fetch } = { fetch: 1 }; export const copy = { fetch };"),
  { ...passes(""), name: "Deno in a thin room", files: { "server/log/planted.ts": "Deno.pid;" } },
  {
    ...passes(""),
    name: "the time of day where it is shown",
    files: { "client/terminal/display/planted.ts": "new Date(1).getHours();" },
  },
];

/** Names of the outside in a pure room. */
export const GLOBALS: readonly Planted[] = [
  ...RUNTIME,
  ...CODE_OF_TEXT,
  ...CLOCK_AND_CHANCE,
  ...PLACE,
  ...WAITING,
  ...ELEMENTS,
  {
    name: "a global that another file declares",
    check: PURITY,
    files: { "server/core/script.ts": "var clock = 1;", "server/core/reader.ts": "export default clock;" },
    found: ["server/core/reader.ts uses clock"],
  },
  ...NEIGHBOURS,
];
