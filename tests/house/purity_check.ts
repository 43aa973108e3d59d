/**
 * The pure rooms: no name of the outside, no waiting.
 *
 * This is a wall against mistakes, not against malice. The check reads the syntax of one file at a time, without
 * types, and does not see
 * - in `x[name]`, a name that comes from a parameter, a property or the result of a function, or that statements
 *   put together: it may be `constructor`;
 * - in `new Date(value)`, a text in a parameter or a property: it is read in the time zone of the machine;
 * - a date, or any other value of the outside, that an argument brings in;
 * - the time and the memory that the code takes;
 * - the inside of a package that the table of rooms allows.
 *
 * @module
 */

import ts from "typescript";
import { dateOffence } from "./dates.ts";
import { type Check, type HouseFile, walk } from "./house.ts";
import { isImportMeta } from "./imports.ts";
import { isGlobal, type KnownText, memberAt, memberOf, textOf } from "./names.ts";
import { isAllowedMember, namesConstructor, refusedMember, usesOf } from "./pure_globals.ts";
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
  const localTime = ROOMS[roomOf(file.path) ?? ""]?.localTime ?? false;
  if (ts.isIdentifier(node)) {
    const outside = isGlobal(node, file, checker) ? globalOffence(node, checker, localTime) : undefined;
    const offence = outside ?? dateOffence(node, checker, localTime);
    if (offence !== undefined) return offence;
  }
  const text = isText(node) ? textOf(node, checker) : undefined;
  const name = text && namesConstructor(text) ? text : memberAt(node, checker);
  const member = memberOffence(name, localTime);
  if (member !== undefined) return member;
  if (isImportMeta(node)) return "uses import.meta";
  if (node.kind === ts.SyntaxKind.DeclareKeyword) return "declares names without their code";
  return waits(node) ? "waits" : undefined;
}

/** True for expressions that texts are written as. */
function isText(node: ts.Node): node is ts.Expression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
}

function memberOffence(member: KnownText, localTime: boolean): string | undefined {
  if (member === null) return "uses a member whose name is made at run time";
  const outside = member === undefined ? undefined : refusedMember(member, localTime);
  return outside === undefined ? undefined : `uses the member ${member}: ${outside}`;
}

function globalOffence(
  node: ts.Identifier,
  checker: ts.TypeChecker,
  localTime: boolean,
): string | undefined {
  const name = node.text;
  const member = memberOf(node, checker);
  if (member !== undefined) {
    return isAllowedMember(name, member, localTime) ? undefined : `uses ${name}.${member}`;
  }
  const uses = usesOf(name);
  if (uses === "any" || (uses !== undefined && ts.isPartOfTypeNode(node))) return undefined;
  if ((uses === "class" || uses === "error") && isUsedAsClass(node, uses === "error")) return undefined;
  return name === "Date" && ts.isNewExpression(node.parent) ? undefined : `uses ${name}`;
}

/** True in `C()`, `new C()` and `x instanceof C`, and in `extends C` where that is allowed. */
function isUsedAsClass(node: ts.Identifier, hasSubclasses: boolean): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression === node;
  if (ts.isExpressionWithTypeArguments(parent)) return hasSubclasses;
  return ts.isBinaryExpression(parent) && parent.right === node &&
    parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
}

function waits(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.AsyncKeyword || node.kind === ts.SyntaxKind.AwaitKeyword ||
    ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword);
}
