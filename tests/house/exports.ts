/**
 * The exports of a source file, and the files that import them.
 *
 * @module
 */

import ts from "typescript";
import type { House, HouseFile } from "./house.ts";

/** One export. */
export interface Export {
  readonly name: string;
  /** The declaration; `undefined` for an export from another module. */
  readonly declaration: ts.Node | undefined;
  /** The statement that carries the docstring. */
  readonly statement: ts.Statement;
}

/** All exports of a file. */
export function exportsOf({ syntax }: HouseFile): Export[] {
  return syntax.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement)
      ? listedExports(statement)
      : ts.isExportAssignment(statement)
      ? [{ name: "default", declaration: statement, statement }]
      : isExported(statement)
      ? declaredExports(statement)
      : []
  );
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);
}

/** `export { a, b }` and `export * as a`. */
function listedExports(statement: ts.ExportDeclaration): Export[] {
  const { exportClause } = statement;
  if (exportClause === undefined) return [];
  const specifiers = ts.isNamespaceExport(exportClause) ? [exportClause] : [...exportClause.elements];
  return specifiers.map(({ name }) => ({ name: name.text, declaration: undefined, statement }));
}

function declaredExports(statement: ts.Statement): Export[] {
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
    return names.map((name) => ({ name: name.text, declaration: name.parent, statement }));
  }
  const isDefault = ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  const { name } = statement as ts.DeclarationStatement;
  const text = isDefault ? "default" : name?.text ?? "";
  return [{ name: text, declaration: statement, statement }];
}

function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => ts.isOmittedExpression(element) ? [] : boundNames(element.name));
}

/** The importers of every export, by path and name of the export as `importerKey` joins them. */
export function importersOf({ files }: House): ReadonlyMap<string, ReadonlySet<string>> {
  const importers = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    for (const { target, names } of imports) {
      if (target === undefined) continue;
      for (const name of names === "all" ? ["*"] : names) {
        const key = importerKey(target, name);
        const known = importers.get(key) ?? new Set();
        importers.set(key, known.add(path));
      }
    }
  }
  return importers;
}

/** @param name the export, or `*` for all of them */
export function importerKey(path: string, name: string): string {
  return `${path}#${name}`;
}
