/**
 * Dates in pure rooms: made of one number, and asked at once or through one variable.
 *
 * @module
 */

import ts from "typescript";
import { memberOf, textOf, valueOf } from "./names.ts";
import { isDateMember, refusedMember } from "./pure_globals.ts";

const ZONE = "the time zone of the machine";

/**
 * The offence at the name `Date` in `new Date(ms)`, or at a variable that holds such a date.
 *
 * @param localTime true in a room that shows or reads the time of day
 */
export function dateOffence(
  node: ts.Identifier,
  checker: ts.TypeChecker,
  localTime: boolean,
): string | undefined {
  if (isNewDate(node.parent) && node.parent.expression === node) {
    return makingOffence(node.parent, checker) ?? usingOffence(node.parent, checker, localTime);
  }
  const value = valueOf(node, checker);
  const isItself = ts.isVariableDeclaration(node.parent) && node.parent.name === node;
  return value && isNewDate(value) && !isItself ? usingOffence(node, checker, localTime) : undefined;
}

function isNewDate(node: ts.Node): node is ts.NewExpression {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "Date";
}

function makingOffence(
  { arguments: [first, ...more] = [] as never }: ts.NewExpression,
  checker: ts.TypeChecker,
): string | undefined {
  if (first === undefined || ts.isSpreadElement(first)) return "uses Date";
  const branches = ts.isConditionalExpression(first) ? [first.whenTrue, first.whenFalse] : [first];
  return more.length > 0 || branches.some((each) => textOf(each, checker) !== undefined)
    ? `makes a date of years or a text: ${ZONE}`
    : undefined;
}

/** A date that leaves its expression may become a text anywhere. */
function usingOffence(
  date: ts.Expression,
  checker: ts.TypeChecker,
  localTime: boolean,
): string | undefined {
  const { parent } = date;
  if (isKept(date) || ts.isExpressionStatement(parent)) return undefined;
  const member = memberOf(date, checker);
  if (member === undefined) return `gives a date away, which can become a text: ${ZONE}`;
  if (isDateMember(member, localTime)) return undefined;
  return `uses the member ${member}: ${refusedMember(member, localTime) ?? ZONE}`;
}

/** True for the date in `const date = new Date(ms)`, unless other files see the variable. */
function isKept(date: ts.Expression): boolean {
  const { parent } = date;
  return isNewDate(date) && ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) &&
    (ts.getCombinedModifierFlags(parent) & ts.ModifierFlags.Export) === 0;
}
