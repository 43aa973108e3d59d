/**
 * The imports of a source file, in every form that the language and the runtime have.
 *
 * @module
 */

import ts from "typescript";

/** One import of another module or file. */
export interface Import {
  /**
   * Path from the root of the project, as the runtime asks for it: with its escapes and its query; or the bare
   * specifier; `undefined` if it is computed at run time.
   */
  readonly target: string | undefined;
  /** True for a bare specifier: the target is a package, a module of the runtime or an address. */
  readonly bare: boolean;
  /** The names that are taken from the target; all of them where that cannot be told. */
  readonly names: readonly string[] | "all";
  /** The attributes as they are written, such as `type: "json"`. */
  readonly attributes?: string;
}

/** Target of an import of the project's own folder. */
const ROOT = "./";

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
  return written.map(({ specifier, ...rest }) => ({ ...resolved(specifier, path), ...rest }));
}

/** An import as it is written. */
type Written = Pick<Import, "names" | "attributes"> & { readonly specifier: string | undefined };

function resolved(specifier: string | undefined, path: string): Pick<Import, "target" | "bare"> {
  if (specifier === undefined || !/^\.\.?(\/|$)/.test(specifier)) return { target: specifier, bare: true };
  const { pathname, search, hash } = new URL(specifier, `file:///${path}`);
  return { target: pathname.slice(1) + search + hash || ROOT, bare: false };
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
  if (ts.isImportDeclaration(node)) {
    return to(node.moduleSpecifier, importedNames(node.importClause), node.attributes?.elements);
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return to(node.moduleSpecifier, specifierNames(node.exportClause), node.attributes?.elements);
  }
  if (ts.isExternalModuleReference(node)) return to(node.expression, "all");
  if (ts.isImportTypeNode(node)) return importType(node);
  if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) return to(node.name, []);
  if (ts.isCallExpression(node)) return importCall(node);
  if (ts.isNewExpression(node)) return urlOfFile(node);
  return undefined;
}

function to(
  specifier: ts.Node | undefined,
  names: Import["names"],
  attributes: readonly ts.Node[] = [],
): Written {
  return {
    specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined,
    names,
    ...attributes.length > 0 && { attributes: attributes.map((each) => each.getText()).join(", ") },
  };
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

function importType({ argument, qualifier, attributes }: ts.ImportTypeNode): Written {
  let first = qualifier;
  while (first && ts.isQualifiedName(first)) first = first.left;
  const specifier = ts.isLiteralTypeNode(argument) ? argument.literal : undefined;
  return to(specifier, first ? [first.text] : "all", attributes?.elements);
}

function importCall(call: ts.CallExpression): Written | undefined {
  const { expression, arguments: [specifier, ...options] } = call;
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return to(specifier, destructuredNames(call), options);
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

function urlOfFile(made: ts.NewExpression): Written | undefined {
  const { expression, arguments: [file, base] = [] as never } = made;
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
