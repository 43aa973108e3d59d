/**
 * Circles, unused exports, and faults of single files.
 *
 * @module
 */

import { NO_CIRCLES, NO_CIRCLES_OF_ROOMS } from "../circles.ts";
import { EXPORTS, MODULES, SHORT, SNAKE_CASE, TELLING, WORDLESS } from "../file_checks.ts";
import type { Check } from "../house.ts";
import { NO_UNUSED_EXPORTS } from "../unused_exports.ts";
import type { Planted } from "./planted.ts";

function plantedAs(check: Check): (name: string, files: Planted["files"], ...found: string[]) => Planted {
  return (name, files, ...found) => ({ name, check, files, found });
}

const CORE = "client/core/a.ts";

const circle = plantedAs(NO_CIRCLES);
const circleOfRooms = plantedAs(NO_CIRCLES_OF_ROOMS);
const exported = plantedAs(NO_UNUSED_EXPORTS);

const ACCOUNT = "server/core/accounts/account.ts";
const MESSAGE = "server/core/messages/message.ts";
const STATE_CIRCLE = {
  [ACCOUNT]: 'import type { Message } from "../messages/message.ts";',
  [MESSAGE]: 'import type { Account } from "../accounts/account.ts";',
};

const CIRCLES = [
  circle(
    "two files and their types",
    { "common/a.ts": 'import type { B } from "./b.ts";', "common/b.ts": 'import { type A } from "./a.ts";' },
    "common/a.ts -> common/b.ts -> common/a.ts",
  ),
  circle(
    "three files, one export from and one import()",
    {
      "common/a.ts": 'export * from "./b.ts";',
      "common/b.ts": 'const c = await import("./c.ts");',
      "common/c.ts": 'export type A = import("./a.ts").A;',
    },
    "common/a.ts -> common/b.ts -> common/c.ts -> common/a.ts",
  ),
  circle("a file and itself", { "common/a.ts": 'import "./a.ts";' }, "common/a.ts -> common/a.ts"),
  circle(
    "two circles in one house",
    {
      "common/a.ts": 'import "./b.ts";',
      "common/b.ts": 'import "./a.ts";',
      "server/x.ts": 'import "./y.ts";',
      "server/y.ts": 'import "./x.ts";',
    },
    "common/a.ts -> common/b.ts -> common/a.ts",
    "server/x.ts -> server/y.ts -> server/x.ts",
  ),
  circle(
    "a state type and a file that is none",
    {
      [ACCOUNT]: 'import type { Message } from "../messages/message.ts";',
      [MESSAGE]: 'import "../accounts/account.ts"; import "../fold.ts";',
      "server/core/fold.ts": 'import type { Account } from "./accounts/account.ts";',
    },
    `${ACCOUNT} -> ${MESSAGE} -> server/core/fold.ts -> ${ACCOUNT}`,
  ),
  circle(
    "an exception that nothing needs",
    { [ACCOUNT]: "export {};" },
    `${ACCOUNT} is in no circle and needs no exception`,
  ),
  circle("state types among themselves pass", STATE_CIRCLE),
  circle("two ways to one file pass", {
    "common/a.ts": 'import "./b.ts"; import "./c.ts";',
    "common/b.ts": 'import "./c.ts";',
    "common/c.ts": "export {};",
  }),
  circleOfRooms(
    "two rooms whose files form no circle",
    {
      "server/node/a.ts": 'import "../sessions/b.ts";',
      "server/sessions/b.ts": "export {};",
      "server/sessions/c.ts": 'import "../node/d.ts";',
      "server/node/d.ts": "export {};",
    },
    "server/node/ -> server/sessions/ -> server/node/",
  ),
  circleOfRooms("an arrow in one direction passes", {
    "server/node/a.ts": 'import "./b.ts";',
    "server/node/b.ts": 'import "./a.ts";',
    "server/sessions/c.ts": 'import "../node/a.ts";',
  }),
];

const A = "common/a.ts";

const UNUSED = [
  exported(
    "a value, a type, a class, a part of a value, a list, a default",
    {
      [A]: `
        export const value = 1;
        export type Kind = 1;
        export interface Shape { a: 1 }
        export class Thing {}
        export const { part } = { part: 1 };
        const inner = 1;
        export { inner as outer };
        export default 1;`,
    },
    ...["value", "Kind", "Shape", "Thing", "part", "outer", "default"].map((name) =>
      `${A} exports ${name}, which is imported nowhere`
    ),
  ),
  exported(
    "a name that is imported from another file",
    { [A]: "export const name = 1;", "common/b.ts": 'import { name } from "./c.ts";' },
    `${A} exports name, which is imported nowhere`,
  ),
  exported(
    "a function that tests alone use",
    { [A]: "export function f() { return f; }", "tests/a_test.ts": 'import { f } from "../common/a.ts";' },
    `${A} exports f, which tests alone use`,
  ),
  exported(
    "a default beside names that are imported",
    { [A]: "export default 1; export const a = 1;", "common/b.ts": 'import { a } from "./a.ts";' },
    `${A} exports default, which is imported nowhere`,
  ),
  exported(
    "an export from another file that tests alone use",
    {
      [A]: "export const a = 1;",
      "common/b.ts": 'export { a } from "./a.ts";',
      "tests/a_test.ts": 'import { a } from "../common/b.ts";',
    },
    "common/b.ts exports a, which tests alone use",
  ),
  exported(
    "a function beside a property of its name",
    {
      [A]: "export function f() {}\nexport const g = { f: 1 }.f;",
      "tests/a_test.ts": 'import { f } from "../common/a.ts";',
      "common/b.ts": 'import { g } from "./a.ts";',
    },
    `${A} exports f, which tests alone use`,
  ),
  exported("a function that a test reaches into passes", {
    [A]: "export function f() {}\nf();",
    "tests/a_test.ts": 'import { f } from "../common/a.ts";',
  }),
  exported("imports of every form pass", {
    [A]: "export const a = 1, b = 2, c = 3, d = 4;\nexport interface E {}\nexport default 5;",
    "common/b.ts": `
      import { a as first } from "./a.ts";
      export { b } from "./a.ts";
      const { c } = await import("./a.ts");
      type E = import("./a.ts").E;`,
    "common/c.ts": 'import * as all from "./b.ts";\nimport five, { d } from "./a.ts";',
  }),
  exported("the rest of import() passes", {
    [A]: "export const a = 1, b = 2;",
    "common/b.ts": 'const { a, ...rest } = await import("./a.ts");',
  }),
];

const HEADER = "/**\n * Numbers.\n *\n * @module\n */\n\n";

function file(check: Check, name: string, path: string, text: string, ...found: string[]): Planted {
  return { name, check, files: { [path]: text }, found: found.map((each) => `${path} ${each}`) };
}

const FILES = [
  file(SHORT, "301 lines", A, "\n".repeat(301), "has 301 lines"),
  file(SHORT, "300 lines pass", A, "\n".repeat(300)),
  file(SNAKE_CASE, "camel case", "common/keyCache.ts", "", "has a name that is not snake_case"),
  file(SNAKE_CASE, "kebab case", "common/key-cache.ts", "", "has a name that is not snake_case"),
  file(SNAKE_CASE, "snake case passes", "common/key_cache_2.ts", ""),
  file(MODULES, "no module docstring", A, "/** A number. */\nexport const a = 1;", "has no module docstring"),
  file(MODULES, "an empty module docstring", A, "/**\n * @module\n */\n", "has an empty module docstring"),
  file(MODULES, "a module docstring passes", A, HEADER),
  file(
    EXPORTS,
    "an export without a docstring",
    A,
    `${HEADER}import "./b.ts";\nexport const a = 1;`,
    "exports a without a docstring",
  ),
  file(
    EXPORTS,
    "an export behind the module docstring",
    A,
    `${HEADER}export function a() {}`,
    "exports a without a docstring",
  ),
  file(
    EXPORTS,
    "an empty docstring",
    A,
    `${HEADER}/** */\nexport type A = 1;`,
    "exports A without a docstring",
  ),
  file(
    EXPORTS,
    "a docstring behind an annotation passes",
    A,
    `${HEADER}/** One. */\n// Why.\nexport const a = 1;`,
  ),
  file(
    TELLING,
    "a docstring that says nothing",
    A,
    `${HEADER}/** See the module. */\nexport class A {}`,
    'says "See the module" of A',
  ),
  file(
    TELLING,
    "a docstring of a member",
    A,
    `${HEADER}class A {\n  /** See the module. */\n  b() {}\n}`,
    'says "See the module" of b',
  ),
  file(
    TELLING,
    "a docstring that says something passes",
    A,
    `${HEADER}/** Counts. See the module. */\nclass A {}`,
  ),
  file(WORDLESS, "a sentence", CORE, 'const a = "try again";', 'says "try again"'),
  file(
    WORDLESS,
    "a sentence with a value",
    CORE,
    "const a = `lost ${b}; looking for it`;",
    'says "; looking for it"',
  ),
  file(WORDLESS, "a command", CORE, 'const a = "/more";', 'says "/more"'),
  file(
    WORDLESS,
    "words, paths and places pass",
    CORE,
    'import "../a.ts"; const a = "unread"; `${b}:${c}/d`;',
  ),
  file(WORDLESS, "words of the console pass", "client/terminal/a.ts", 'const a = "try again";'),
];

/** Faults in the relations between files, and in single files. */
export const STRUCTURE: readonly Planted[] = [...CIRCLES, ...UNUSED, ...FILES];
