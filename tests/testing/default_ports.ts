/**
 * The search for default ports in the text of a test.
 *
 * @module
 */

import { DEFAULT_PORTS } from "./own_network.ts";

/** Ports from which tests used to count the default ones up. */
const BASES = [50_050];

const FORBIDDEN: ReadonlySet<number> = new Set([...DEFAULT_PORTS, ...BASES]);

/** The one default port that is also a usual duration, ms. */
const DURATION = 5_000;

/** Words of a line that speaks of a port and not of a duration. */
const ADDRESS = /(?<![xm])port|host|tcp|grpc|listen|connect|127\.|--\w+=/i;

/**
 * Finds default ports.
 *
 * @returns the line number and the port of each
 */
export function defaultPortsIn(text: string): { readonly line: number; readonly port: number }[] {
  return text.split("\n").flatMap((content, index) => {
    const numbers = [...content.matchAll(/(?<![\w.])\d[\d_]*(?![\w.]*\w)/g)].map(([digits]) =>
      Number(digits.replaceAll("_", ""))
    );
    return numbers.filter((number) => FORBIDDEN.has(number) && (number !== DURATION || ADDRESS.test(content)))
      .map((port) => ({ line: index + 1, port }));
  });
}
