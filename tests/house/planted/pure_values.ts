/**
 * Ways out of a pure room by a value: a member, a date, an error; and the neighbours that only look like one.
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

/** Code of `client/terminal/display/`, which shows the time of day. */
function inDisplay(code: string, ...found: string[]): Planted {
  const path = "client/terminal/display/planted.ts";
  return { name: `${code} in ${path}`, check: PURITY, files: { [path]: code }, found };
}

const CONSTRUCTOR = "uses the member constructor: constructors that make code of text";
const PROTOTYPE = "uses the member prototype: constructors that make code of text";
const MADE = "uses a member whose name is made at run time";
const ZONE = "the time zone of the machine";
const GIVEN = `gives a date away, which can become a text: ${ZONE}`;

const CODE_OF_TEXT = [
  finds('(() => {})["constr" + "uctor"]("return 1")();', CONSTRUCTOR),
  finds('const k = "constr" + "uctor"; (() => {})[k]("return 1")();', CONSTRUCTOR),
  finds('const a = "uctor"; const k = `constr${a}`; (() => {})[k];', CONSTRUCTOR),
  finds("const f = (a: string) => (() => {})[`constr${a}`];", MADE),
  finds('const f = (a: string) => (() => {})[(a + "uctor") as "b"];', MADE),
  finds('(() => {})[["constr", "uctor"].join("")];', MADE),
  finds("(() => {})[String.raw`constr${1}`];", MADE),
  finds('(() => {})["CONSTRUCTOR".toLowerCase()];', MADE),
  finds('const k = "constr" + "uctor"; const { [k]: F } = () => {};', CONSTRUCTOR),
  finds("const { [`constr${1}`]: F } = () => {};", MADE),
  finds('const k = "constr" + "uctor"; let F; ({ [k]: F } = () => {});', CONSTRUCTOR),
  finds("const { constructor: F } = () => {};", CONSTRUCTOR),
  finds('function at(key: string) { return {}[key]; }\nat("constructor");', CONSTRUCTOR),
  finds('Object.getOwnPropertyDescriptor({}, "a");', "uses Object.getOwnPropertyDescriptor"),
  finds('((key: string) => ({})[key])("constr" + "uctor");', CONSTRUCTOR),
  finds('const a = "constr"; ({})[1 > 0 ? `${a}uctor` : "a"];', CONSTRUCTOR),
  finds("Object.getPrototypeOf(() => {});", "uses Object.getPrototypeOf"),
  finds("Object.prototype;", PROTOTYPE, "uses Object.prototype"),
  finds("class A {}\nA.prototype;", PROTOTYPE),
  finds("({}).__proto__;", "uses the member __proto__: constructors that make code of text"),
  finds(
    '({}).__lookupGetter__("a");',
    "uses the member __lookupGetter__: constructors that make code of text",
  ),
  finds("const { getPrototypeOf } = Object;", "uses Object"),
  finds("const All = Object; All.getPrototypeOf({});", "uses Object"),
  finds('Reflect.get(() => {}, "a");', "uses Reflect.get"),
  finds("export const make = (F: Function) => F;", "uses Function"),
  passes("const first = 1; const list = [1, 2]; list[first - 1]; list[first + 1]; list[list.length - 1];"),
  passes('const style = "bold"; const SGR = { bold: "1" }; SGR[style]; SGR["bo" + "ld"];'),
  passes("export const at = (table: Record<string, number>, key: string) => table[key];"),
  passes("export const at = (bytes: Uint8Array, start: number, i: number) => bytes[start + i];"),
  passes('export const text = "a constructor, or " + `a prototype`; export class A { constructor() {} }'),
  passes("export const one = (key: string) => ({ [key]: 1 });"),
  passes("Object.keys({}); Array.from([]); Map.groupBy([], String); String.raw`a`; [1].map(Number);"),
];

const DATES = [
  finds("new Date(0).toString();", `uses the member toString: ${ZONE}`),
  finds("new Date(0).toDateString();", `uses the member toDateString: ${ZONE}`),
  finds("new Date(0).toTimeString();", `uses the member toTimeString: ${ZONE}`),
  finds("new Date(0).getYear();", `uses the member getYear: ${ZONE}`),
  finds("new Date(0).valueOf();", `uses the member valueOf: ${ZONE}`),
  finds("const date = new Date(0); date.toString();", `uses the member toString: ${ZONE}`),
  finds("(date) => date.toDateString();", `uses the member toDateString: ${ZONE}`),
  finds("export const text = `${new Date(0)}`;", GIVEN),
  finds('export const text = "" + new Date(0);', GIVEN),
  finds("const date = new Date(0); String(date);", GIVEN),
  finds(
    "const date = new Date(0); const other = date;",
    GIVEN,
  ),
  finds("export const made = () => new Date(0);", GIVEN),
  finds(
    "const { getHours } = new Date(0);",
    `uses the member getHours: ${ZONE}`,
    GIVEN,
  ),
  finds("const date = new Date(0); const all = { date };", GIVEN),
  finds("const date = new Date(0); export { date };", GIVEN),
  finds("export const date = new Date(0);", GIVEN),
  finds("class A { date = new Date(0); }", GIVEN),
  finds("new Date(2024, 0, 1);", `makes a date of years or a text: ${ZONE}`),
  finds('new Date(1 > 0 ? "2024-01-01T00:00" : 1);', `makes a date of years or a text: ${ZONE}`),
  finds('new Date("2024-01-01T00:00");', `makes a date of years or a text: ${ZONE}`),
  finds("const day = `2024-01-0${1}`; new Date(day);", `makes a date of years or a text: ${ZONE}`),
  finds('Date.parse("2024-01-01T00:00");', "uses Date.parse"),
  finds("Date(0);", "uses Date"),
  finds("class Day extends Date {}", "uses Date"),
  finds("export const time = (date: Date) => date.getTime();", "uses Date"),
  passes("const date = new Date(1_000); date.getUTCFullYear(); date.setUTCHours(1); date.getTime();"),
  inDisplay("const date = new Date(0); date.getMonth() + date.getDate();"),
  inDisplay(
    "new Date(0).toString();",
    `client/terminal/display/planted.ts uses the member toString: ${ZONE}`,
  ),
];

const PLACE = [
  finds(
    "new Intl.Segmenter().resolvedOptions();",
    "uses the member resolvedOptions: the locale of the machine",
  ),
  finds("new Error().stack;", "uses the member stack: the files of the machine"),
  finds(
    "Error.captureStackTrace({});",
    "uses the member captureStackTrace: the files of the machine",
    "uses Error.captureStackTrace",
  ),
  finds(
    "class Fault extends Error {}\nFault.prepareStackTrace;",
    "uses the member prepareStackTrace: the files of the machine",
  ),
  finds("RegExp.$1;", "uses RegExp.$1"),
  finds("class Pattern extends RegExp {}", "uses RegExp"),
  finds("const Pattern = RegExp;", "uses RegExp"),
  passes(
    'class Fault extends RangeError {}\nnew Fault() instanceof Error; new Error("a", { cause: 1 }).message;',
  ),
  passes('new RegExp("a").exec("a"); [new Map(), new Set(), Array(3)];'),
];

const TYPES = [
  finds('import type { process } from "./steps.ts";\nprocess.hrtime();', "uses process.hrtime"),
  finds('import { type process } from "./steps.ts";\nprocess.hrtime();', "uses process.hrtime"),
  finds('import type process from "./steps.ts";\nprocess.hrtime();', "uses process.hrtime"),
  finds("namespace process { export type A = 1 }\nprocess.hrtime();", "uses process.hrtime"),
  finds("function f<Deno>(each: Deno) { return Deno.pid; }", "uses Deno.pid"),
  passes('import type { process } from "./steps.ts";\nexport type Step = process | typeof process;'),
  passes(
    'import type { process } from "./steps.ts";\nexport type { process };\nexport class A implements process {}',
  ),
  passes("namespace process { export const a = 1 }\nprocess.a;"),
];

/** Values that lead a pure room outside. */
export const PURE_VALUES: readonly Planted[] = [...CODE_OF_TEXT, ...DATES, ...PLACE, ...TYPES];
