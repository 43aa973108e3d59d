/**
 * The source files of the project, parsed by the TypeScript compiler: it tells comments, strings, templates
 * and regular expressions apart as the language does, and resolves names in their scopes.
 *
 * @module
 */

import ts from "typescript";
import { type Import, importsOf } from "./imports.ts";
import { BUILT_PAGE } from "./rooms.ts";

/** One source file. */
export interface HouseFile {
  /** Path from the root of the project. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** All source files, and the scopes of their names. */
export interface House {
  readonly files: readonly HouseFile[];
  /** Paths of the other files in the folders of the sources. */
  readonly others: readonly string[];
  readonly checker: ts.TypeChecker;
}

/** The offences that a check found, and the size of its work: a check of nothing finds nothing. */
export interface Outcome {
  /** One line each: the file, and the offence. */
  readonly offences: readonly string[];
  readonly checked: number;
  /** The noun that `checked` counts. */
  readonly unit: string;
}

/** A rule of the house. */
export interface Check {
  readonly name: string;
  readonly run: (house: House) => Outcome;
}

const OPTIONS: ts.CompilerOptions = {
  // Imports are resolved by `importsOf`; without a library, a name that no file declares is a global.
  noResolve: true,
  noLib: true,
  types: [],
  noEmit: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
};

/** Folders whose files may have elements of the page in them. */
const WITH_ELEMENTS = /^(client\/web|tests)\//;

/** True for the path of a source file. */
export function isSource(path: string): boolean {
  return path.endsWith(".ts") || (path.endsWith(".tsx") && WITH_ELEMENTS.test(path));
}

/**
 * Parses source files.
 *
 * @param texts by path from the root of the project
 * @param others paths of files that are no sources
 * @throws Error if a text is no TypeScript
 */
export function houseOf(texts: ReadonlyMap<string, string>, others: readonly string[] = []): House {
  const program = ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host: hostOf(texts) });
  const files = [...texts].map(([path, text]) => {
    const syntax = program.getSourceFile(path);
    if (syntax === undefined) throw new Error(`${path} was not parsed`);
    const [problem] = program.getSyntacticDiagnostics(syntax);
    if (problem) throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`);
    return { path, text, syntax, imports: importsOf(path, syntax) };
  });
  return { files, others, checker: program.getTypeChecker() };
}

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  return {
    getSourceFile: (path, options) => {
      const text = texts.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, options, true);
    },
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    writeFile: () => {},
    getDefaultLibFileName: () => "none.d.ts",
    getCurrentDirectory: () => "",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
}

/** Folders with source files. */
const FOLDERS = ["bench/", "client/", "common/", "demo/", "packaging/", "server/", "tests/"];

/** How the paths of folders begin that are pages being built. */
const UNFINISHED_PAGE = "client/web/.";

/** Reads the source files of the project. */
export async function readHouse(): Promise<House> {
  const root = new URL("../../", import.meta.url);
  const texts = new Map<string, string>();
  const others: string[] = [];
  const folders = [...FOLDERS];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (folder === BUILT_PAGE || folder.startsWith(UNFINISHED_PAGE)) continue;
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      const path = folder + name;
      if (isDirectory) folders.push(`${path}/`);
      else if (isSource(path)) texts.set(path, await Deno.readTextFile(new URL(path, root)));
      else others.push(path);
    }
  }
  return houseOf(texts, others);
}

/** Calls back for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
