/**
 * Ways to load code past the imports: they are allowed in the forms that `importsOf` reads as imports.
 *
 * These are walls against mistakes, not against malice: a room with real files and processes can write code into a
 * file and start it, and every function leads to the constructor of functions.
 *
 * @module
 */

import ts from "typescript";
import { type Check, type HouseFile, walk } from "./house.ts";
import { isImportMeta } from "./imports.ts";
import { isGlobal, memberOf, textOf } from "./names.ts";
import { roomOf } from "./rooms.ts";

/** Names that load modules at run time, wherever they come from. */
const LOADERS = /^(createRequire|getBuiltinModule|require)$/;

/** Globals that load or make code. `Worker` is another, and has one form that is allowed. */
const CODE = ["eval", "Function", "importScripts", "WebAssembly"];

/** The members that are used of the names for all globals. */
const OF_ALL_GLOBALS = ["addEventListener", "onmessage", "postMessage"];

/** Comments that make the type checker load a module, or that name one where no wall is. */
const COMMENTS =
  /@(deno-types|ts-types|ts-self-types|jsxImportSource(Types)?|import)\b|\bimport\s*\(\s*["'`]/g;

/** Every module is loaded by an import, which the walls see. */
export const KNOWN_LOADING: Check = {
  name: "rooms load code by imports alone, and workers by the name of their file",
  run: ({ files, checker }) => {
    const looked = files.filter(({ path }) => roomOf(path) !== undefined);
    let checked = 0;
    const offences = looked.flatMap((file) => {
      const found = new Set<string>();
      walk(file.syntax, (node) => {
        checked++;
        const offence = loadingOffence(node, file, checker);
        if (offence !== undefined) found.add(`${file.path} ${offence}`);
      });
      return [...found];
    });
    return { offences, checked, unit: "nodes of syntax" };
  },
};

function loadingOffence(node: ts.Node, file: HouseFile, checker: ts.TypeChecker): string | undefined {
  if (isImportMeta(node)) return isKnownMeta(node) ? undefined : "uses import.meta in another form";
  if (ts.isStringLiteralLike(node) && LOADERS.test(node.text)) return `names ${node.text}`;
  if (ts.isElementAccessExpression(node)) {
    const key = textOf(node.argumentExpression, checker);
    return key && LOADERS.test(key) ? `names ${key}` : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  if (LOADERS.test(node.text)) return `names ${node.text}`;
  return isGlobal(node, file, checker) ? globalOffence(node, checker) : undefined;
}

function globalOffence(node: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  if (CODE.includes(node.text)) return `uses ${node.text}`;
  if (/^(globalThis|self|window)$/.test(node.text)) {
    const member = memberOf(node, checker) ?? "as a value";
    return OF_ALL_GLOBALS.includes(member) ? undefined : `uses ${node.text} ${member}`;
  }
  if (node.text !== "Worker" || ts.isPartOfTypeNode(node) || isWorkerOfFile(node)) return undefined;
  return "uses Worker in another form than new Worker(new URL(file, import.meta.url))";
}

/** True for `new Worker(new URL("./file.ts", import.meta.url))`. */
function isWorkerOfFile(worker: ts.Identifier): boolean {
  const { parent } = worker;
  const isMade = ts.isNewExpression(parent) && parent.expression === worker;
  const file = isMade ? parent.arguments?.[0] : undefined;
  const base = file && ts.isNewExpression(file) ? file.arguments?.[1] : undefined;
  return base !== undefined && ts.isPropertyAccessExpression(base) && isImportMeta(base.expression);
}

/** True in `import.meta.main`, `import.meta.resolve(file)` and `new URL(file, import.meta.url)`. */
function isKnownMeta({ parent }: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(parent)) return false;
  const { name: { text }, parent: outer } = parent;
  if (text === "main") return true;
  if (text === "resolve") return ts.isCallExpression(outer) && outer.expression === parent;
  return text === "url" && ts.isNewExpression(outer) && ts.isIdentifier(outer.expression) &&
    outer.expression.text === "URL" && outer.arguments?.[1] === parent;
}

/** The type checker follows such comments; no wall does. */
export const NO_LOADING_COMMENTS: Check = {
  name: "comments import nothing",
  run: ({ files }) => {
    const looked = files.filter(({ path }) => roomOf(path) !== undefined);
    const offences = looked.flatMap(({ path, text, syntax }) =>
      [...text.matchAll(COMMENTS)].filter(({ index }) => isInComment(index, syntax))
        .map(([found]) => `${path} has ${found} in a comment`)
    );
    return { offences, checked: looked.length, unit: "files" };
  },
};

/** True for a position before the code of its token: in the spaces and comments that the token begins with. */
function isInComment(position: number, file: ts.SourceFile): boolean {
  let node: ts.Node | undefined = file;
  while (node !== undefined && !ts.isJSDoc(node) && node.getChildCount(file) > 0) {
    node = node.getChildren(file).find(({ pos, end }) => pos <= position && position < end);
  }
  return node === undefined || ts.isJSDoc(node) || position < node.getStart(file);
}
