/**
 * The imports of a source file, in every form that the language and the runtime have.
 *
 * @module
 */

import ts from "typescript";

/** One import of another module or file. */
export interface Import {
  /** Path from the root of the project, or the bare specifier; `undefined` if it is computed at run time. */
  readonly target: string | undefined;
  /** True for a bare specifier: the target is a package, a module of the runtime or an address. */
  readonly bare: boolean;
  /** The names that are taken from the target; all of them where that cannot be told. */
  readonly names: readonly string[] | "all";
}

/**
 * All imports: static ones, those for their side effects or types alone, `export from`, `import()` as an
 * expression and as a type, `import = require()`, `new URL(file, import.meta.url)`, `import.meta.resolve()`,
 * augmented modules and triple-slash references.
 *
 * @param path of the file, from the root of the project
 */
export function importsOf(path: string, file: ts.SourceFile): Import[] {
  const written = referencesOf(file);
  const visit = (node: ts.Node): void => {
    const found = importAt(node);
    if (found) written.push(found);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return written.map(({ specifier, names }) => ({ ...resolved(specifier, path), names }));
}

/** An import as it is written. */
interface Written {
  readonly specifier: string | undefined;
  readonly names: Import["names"];
}

function resolved(specifier: string | undefined, path: string): Pick<Import, "target" | "bare"> {
  if (specifier === undefined || !/^\.\.?(\/|$)/.test(specifier)) return { target: specifier, bare: true };
  return { target: new URL(specifier, `file:///${path}`).pathname.slice(1), bare: false };
}

function referencesOf(file: ts.SourceFile): Written[] {
  const targets = [
    ...file.referencedFiles.map(({ fileName }) => fileName.startsWith(".") ? fileName : `./${fileName}`),
    ...file.typeReferenceDirectives.map(({ fileName }) => `types:${fileName}`),
    ...file.libReferenceDirectives.map(({ fileName }) => `lib:${fileName}`),
  ];
  return targets.map((specifier) => ({ specifier, names: [] }));
}

function importAt(node: ts.Node): Written | undefined {
  if (ts.isImportDeclaration(node)) return to(node.moduleSpecifier, importedNames(node.importClause));
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return to(node.moduleSpecifier, specifierNames(node.exportClause));
  }
  if (ts.isExternalModuleReference(node)) return to(node.expression, "all");
  if (ts.isImportTypeNode(node)) return importType(node);
  if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) return to(node.name, []);
  if (ts.isCallExpression(node)) return importCall(node);
  if (ts.isNewExpression(node)) return urlOfFile(node);
  return undefined;
}

function to(specifier: ts.Node | undefined, names: Import["names"]): Written {
  return { specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined, names };
}

function importedNames(clause: ts.ImportClause | undefined): Import["names"] {
  const bindings = specifierNames(clause?.namedBindings);
  return clause?.name && bindings !== "all" ? ["default", ...bindings] : bindings;
}

function specifierNames(
  bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined,
): Import["names"] {
  if (bindings === undefined) return [];
  if (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings)) return "all";
  return bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
}

function importType({ argument, qualifier }: ts.ImportTypeNode): Written {
  let first = qualifier;
  while (first && ts.isQualifiedName(first)) first = first.left;
  return to(ts.isLiteralTypeNode(argument) ? argument.literal : undefined, first ? [first.text] : "all");
}

function importCall(call: ts.CallExpression): Written | undefined {
  const { expression, arguments: [specifier] } = call;
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return to(specifier, destructuredNames(call));
  const resolves = ts.isPropertyAccessExpression(expression) && isImportMeta(expression.expression) &&
    expression.name.text === "resolve";
  return resolves ? to(specifier, []) : undefined;
}

/** The names of `const { name } = await import(...)`. */
function destructuredNames(call: ts.CallExpression): Import["names"] {
  const declaration = ts.isAwaitExpression(call.parent) ? call.parent.parent : undefined;
  if (
    !declaration || !ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)
  ) {
    return "all";
  }
  const names = declaration.name.elements.map(({ propertyName, name, dotDotDotToken }) => {
    const taken = propertyName ?? name;
    return !dotDotDotToken && ts.isIdentifier(taken) ? taken.text : undefined;
  });
  return names.every((name) => name !== undefined) ? names : "all";
}

function urlOfFile(
  { expression, arguments: [file, base] = [] as never }: ts.NewExpression,
): Written | undefined {
  const isUrl = ts.isIdentifier(expression) && expression.text === "URL";
  const isBeside = base && ts.isPropertyAccessExpression(base) && isImportMeta(base.expression);
  if (!isUrl || !isBeside) return undefined;
  const { specifier } = to(file, []);
  return { specifier: specifier?.replace(/^(?!\.)/, "./"), names: [] };
}

/** True for `import.meta`. */
export function isImportMeta(node: ts.Node): boolean {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
}
