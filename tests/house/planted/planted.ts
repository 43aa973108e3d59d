/**
 * Offences that are planted in small source trees, to test the checks.
 *
 * @module
 */

import type { Check } from "../house.ts";

/** A source tree, and the offences that a check finds in it. */
export interface Planted {
  readonly name: string;
  readonly check: Check;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The offences as the check words them; none in a neighbour of an offence. */
  readonly found: readonly string[];
}

/** The file of the pure core that most offences are planted in. */
const CORE = "server/core/planted.ts";

/** Code in a file of the pure core. */
export function inCore(
  check: Check,
  code: string,
  found: readonly string[],
): Planted {
  const name = code.replaceAll("\n", " ");
  return { name, check, files: { [CORE]: code }, found: found.map((each) => `${CORE} ${each}`) };
}
