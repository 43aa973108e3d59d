/**
 * The pure rooms: no name of the outside, no waiting.
 *
 * @module
 */

import ts from "typescript";
import { type Check, type HouseFile, walk } from "./house.ts";
import { isImportMeta } from "./imports.ts";
import { allowedMembers, refusedMember } from "./pure_globals.ts";
import { roomOf, ROOMS } from "./rooms.ts";

/** Pure rooms use the globals of the allow-list only, resolve names in their own file and await nothing. */
export const PURITY: Check = {
  name: "pure rooms touch nothing outside",
  run: ({ files, checker }) => {
    const pure = files.filter(({ path }) => ROOMS[roomOf(path) ?? ""]?.pure);
    let checked = 0;
    const offences = pure.flatMap((file) => {
      const found = new Set<string>();
      walk(file.syntax, (node) => {
        checked++;
        const offence = offenceAt(node, file, checker);
        if (offence !== undefined) found.add(`${file.path} ${offence}`);
      });
      return [...found];
    });
    return { offences, checked, unit: "nodes of syntax" };
  },
};

function offenceAt(node: ts.Node, file: HouseFile, checker: ts.TypeChecker): string | undefined {
  if (ts.isIdentifier(node) && isReference(node)) return globalOffence(node, file, checker);
  const member = memberName(node);
  const outside = member === undefined ? undefined : refusedMember(member, showsLocalTime(file.path));
  if (outside !== undefined) return `uses the member ${member}: ${outside}`;
  if (isImportMeta(node)) return "uses import.meta";
  if (node.kind === ts.SyntaxKind.DeclareKeyword) return "declares names without their code";
  return waits(node) ? "waits" : undefined;
}

function showsLocalTime(path: string): boolean {
  return ROOMS[roomOf(path) ?? ""]?.localTime ?? false;
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
  return !(ts.isTypeReferenceNode(parent) && ts.isConstTypeReference(parent));
}

/** True for `b` of `export { a as b }`. */
function isSecond(node: ts.Identifier, specifier: ts.ExportSpecifier): boolean {
  return specifier.propertyName !== undefined && specifier.name === node;
}

function globalOffence(node: ts.Identifier, file: HouseFile, checker: ts.TypeChecker): string | undefined {
  const symbol = symbolOf(node, checker);
  if (symbol?.declarations?.some((each) => each.getSourceFile() === file.syntax)) return undefined;
  const members = allowedMembers(node.text, ts.isPartOfTypeNode(node));
  if (members === "any") return undefined;
  const member = memberOf(node);
  if (member !== undefined) return members.includes(member) ? undefined : `uses ${node.text}.${member}`;
  return node.text === "Date" && isDateOfTime(node) ? undefined : `uses ${node.text}`;
}

function symbolOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent)) {
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  }
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return checker.getSymbolAtLocation(node);
}

/** The name behind an identifier: in `x.name` and `x["name"]`, of values and of types. */
function memberOf({ parent }: ts.Identifier): string | undefined {
  if (ts.isQualifiedName(parent)) return parent.right.text;
  return ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)
    ? memberName(parent)
    : undefined;
}

/** True for the class in `new Date(ms)`, and for the type. */
function isDateOfTime({ parent }: ts.Identifier): boolean {
  if (ts.isTypeReferenceNode(parent)) return true;
  const first = ts.isNewExpression(parent) ? parent.arguments?.[0] : undefined;
  return first !== undefined && !ts.isSpreadElement(first);
}

/** The name in `x.name`, `x["name"]` and `{ name } = x`; a literal `{ name: 1 }` looks like the last one. */
function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node)) {
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
  }
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) return propertyText(node.name);
  const isPart = ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent);
  return isPart ? propertyText(node.propertyName ?? node.name) : undefined;
}

function propertyText(name: ts.Node): string | undefined {
  const written = ts.isComputedPropertyName(name) ? name.expression : name;
  return ts.isIdentifier(written) && written === name || ts.isStringLiteralLike(written)
    ? written.text
    : undefined;
}

function waits(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.AsyncKeyword || node.kind === ts.SyntaxKind.AwaitKeyword ||
    ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword);
}
