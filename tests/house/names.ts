/**
 * Names in source files: globals, members, and the texts that members are reached by.
 *
 * @module
 */

import ts from "typescript";
import type { HouseFile } from "./house.ts";

/** True for an identifier that its own file does not declare: it comes from outside of the module. */
export function isGlobal(node: ts.Identifier, file: HouseFile, checker: ts.TypeChecker): boolean {
  if (!isReference(node)) return false;
  const declarations = symbolOf(node, checker)?.declarations ?? [];
  return !declarations.some((each) =>
    each.getSourceFile() === file.syntax && (isTypeOnly(node) || hasValue(each))
  );
}

/** True for an identifier that stands for a variable, function, class or type. */
function isReference(node: ts.Identifier): boolean {
  const parent: ts.Node & { readonly name?: ts.Node; readonly propertyName?: ts.Node } = node.parent;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isExportSpecifier(parent)) return !parent.parent.parent.moduleSpecifier && !isSecond(node, parent);
  if (parent.name === node || parent.propertyName === node) return false;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent)) return false;
  if (ts.isImportTypeNode(parent)) return false;
  if (ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent)) return !isElementName(node.text);
  return !(ts.isTypeReferenceNode(parent) && ts.isConstTypeReference(parent));
}

/** True for `div` of `<div>`, and false for `App` of `<App>`. */
function isElementName(name: string): boolean {
  return /^[a-z]/.test(name);
}

/** True for `b` of `export { a as b }`. */
function isSecond(node: ts.Identifier, specifier: ts.ExportSpecifier): boolean {
  return specifier.propertyName !== undefined && specifier.name === node;
}

function symbolOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent)) {
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  }
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return checker.getSymbolAtLocation(node);
}

/** True for a name that is gone once the code runs. */
function isTypeOnly(node: ts.Identifier): boolean {
  let outer: ts.Node = node.parent;
  while (ts.isQualifiedName(outer)) outer = outer.parent;
  return ts.isPartOfTypeNode(node) || ts.isTypeQueryNode(outer) || ts.isExportSpecifier(outer);
}

/** False for types, and for imports and namespaces of types alone: a value of that name is another thing. */
function hasValue(declaration: ts.Declaration): boolean {
  return !ts.isTypeOnlyImportOrExportDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration) &&
    !ts.isTypeAliasDeclaration(declaration) && !ts.isTypeParameterDeclaration(declaration) &&
    !(ts.isModuleDeclaration(declaration) && !namespaceRuns(declaration));
}

function namespaceRuns({ body }: ts.ModuleDeclaration): boolean {
  if (body === undefined || !ts.isModuleBlock(body)) return body !== undefined;
  return !body.statements.every((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each));
}

/** The name behind an identifier: in `x.name` and `x["name"]`, of values and of types. */
export function memberOf(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) return parent.right.text;
  const isObject = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node;
  const member = isObject ? memberAt(parent, checker) : undefined;
  return typeof member === "string" ? member : undefined;
}

/**
 * A text as far as a file shows it: `null` if it is put together while the code runs; `undefined` if nothing
 * shows that it is a text, as with an index.
 */
export type KnownText = string | null | undefined;

/** The member in `x.name`, `x["name"]` and `{ name } = x`; a literal `{ name: 1 }` looks like the last one. */
export function memberAt(node: ts.Node, checker: ts.TypeChecker): KnownText {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node)) return textOf(node.argumentExpression, checker);
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
    return keyText(node.name, checker);
  }
  const isPart = ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent);
  return isPart ? keyText(node.propertyName ?? node.name, checker) : undefined;
}

function keyText(name: ts.Node, checker: ts.TypeChecker): KnownText {
  if (ts.isComputedPropertyName(name)) return textOf(name.expression, checker);
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** Methods that make a text of other texts. */
const TEXT_MAKERS =
  /^(concat|from(CharCode|CodePoint)|join|pad(End|Start)|raw|repeat|replace(All)?|to(Lower|Upper)Case)$/;

/** Steps from constant to constant that are followed. */
const STEPS_MAX = 8;

/** The text of an expression, through constants and `+`; `null` where a part is unknown. */
export function textOf(node: ts.Expression, checker: ts.TypeChecker, steps = 0): KnownText {
  const inner = (part: ts.Expression): KnownText =>
    steps < STEPS_MAX ? textOf(part, checker, steps + 1) : null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (isWrapped(node)) return inner(node.expression);
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.flatMap(({ expression, literal }) => [inner(expression), literal.text]);
    return joined([node.head.text, ...spans]);
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [inner(node.left), inner(node.right)];
    return sides.some((side) => side !== undefined) ? joined(sides) : undefined;
  }
  if (makesText(node)) return null;
  const value = ts.isIdentifier(node) ? valueOf(node, checker) : undefined;
  return value && inner(value);
}

function isWrapped(
  node: ts.Expression,
): node is ts.ParenthesizedExpression | ts.AssertionExpression | ts.NonNullExpression {
  return ts.isParenthesizedExpression(node) || ts.isAssertionExpression(node) ||
    ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node);
}

function makesText(node: ts.Expression): boolean {
  if (ts.isTaggedTemplateExpression(node)) return true;
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) &&
    TEXT_MAKERS.test(node.expression.name.text);
}

function joined(parts: readonly KnownText[]): KnownText {
  return parts.every((part) => typeof part === "string") ? parts.join("") : null;
}

/** The expression that a variable begins with. */
export function valueOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Expression | undefined {
  const declaration = symbolOf(node, checker)?.valueDeclaration;
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}
