/**
 * Checks of what another process says of a node.
 *
 * @module
 */

/** A check of every field. */
export type Checks<T> = { readonly [Name in keyof T]-?: (value: unknown) => boolean };

/** Parses JSON whose fields pass the checks; `undefined` if it is none. Unknown fields are kept. */
export function parseChecked<T>(json: string, checks: Checks<T>): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return fits(value, checks) ? value as T : undefined;
}

/** True for an object whose fields pass the checks. */
export function fits<T>(value: unknown, checks: Checks<T>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries<(value: unknown) => boolean>(checks).every(([name, check]) => check(fields[name]));
}

/** True for a text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** True for a number of things, bytes or milliseconds. */
export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
