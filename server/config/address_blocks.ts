/**
 * Lists of addresses and blocks of them in a configuration file.
 *
 * @module
 */

import { blockText, parseBlock } from "../core/address_block.ts";
import { type Fields, shown } from "./fields.ts";

/** Reads an optional list of blocks of addresses, each in its canonical text. */
export function readBlocks(fields: Fields, key: string): string[] {
  return fields.list(key).flatMap((value, index) => {
    const block = typeof value === "string" ? parseBlock(value) : undefined;
    if (block !== undefined) return [blockText(block)];
    fields.problems.push(
      `${fields.pathOf(key)}[${index}] is ${
        shown(value)
      } and must be an IP address or a block of them, as in ` +
        '"10.0.0.5", "10.1.0.0/16" or "2001:db8::/64"',
    );
    return [];
  });
}
