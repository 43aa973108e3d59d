/**
 * Exports without a user.
 *
 * @module
 */

import ts from "typescript";
import { type Export, exportsOf, importerKey, importersOf } from "./exports.ts";
import { type Check, type HouseFile, walk } from "./house.ts";

/**
 * Every export of a program is imported by another file. A test is enough if the file itself uses the export
 * too: then the test reaches into a part of the program. An export that tests alone use is test code in the
 * program.
 */
export const NO_UNUSED_EXPORTS: Check = {
  name: "every export is imported, and by more than tests or used beside it",
  run: (house) => {
    const importers = importersOf(house);
    const programs = house.files.filter(({ path }) => !isTest(path));
    const exports = programs.flatMap((file) => exportsOf(file).map((exported) => ({ file, exported })));
    const offences = exports.flatMap(({ file, exported: { name, declaration } }) => {
      const users = [name, "*"].flatMap((each) => [...importers.get(importerKey(file.path, each)) ?? []]);
      if (users.length === 0) return [`${file.path} exports ${name}, which is imported nowhere`];
      const isNeeded = users.some((user) => !isTest(user)) ||
        isUsedBeside(name, declaration, file, house.checker);
      return isNeeded ? [] : [`${file.path} exports ${name}, which tests alone use`];
    });
    return { offences, checked: exports.length, unit: "exports" };
  },
};

function isTest(path: string): boolean {
  return path.startsWith("tests/");
}

/** True if the file itself uses an export outside of its declaration. */
function isUsedBeside(
  name: string,
  declaration: Export["declaration"],
  file: HouseFile,
  checker: ts.TypeChecker,
): boolean {
  const own = declaration && ts.getNameOfDeclaration(declaration as ts.Declaration);
  const symbol = own && checker.getSymbolAtLocation(own);
  if (!declaration || !symbol) return false;
  let isUsed = false;
  walk(file.syntax, (node) => {
    if (!ts.isIdentifier(node) || node.text !== name || isUsed) return;
    const isInside = node.pos >= declaration.pos && node.end <= declaration.end;
    const used = isInside ? undefined : checker.getSymbolAtLocation(node);
    isUsed = used !== undefined && checker.getExportSymbolOfSymbol(used) === symbol;
  });
  return isUsed;
}
