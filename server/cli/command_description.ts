/**
 * The shape of a row in the table of commands.
 *
 * @module
 */

import type { Command } from "./command.ts";
import type { FlagName } from "./flags.ts";
import type { NodeChoice } from "./people_command.ts";

/** The flags of a command line, each checked by itself. */
export interface GivenFlags {
  /** True if a flag without a value is given. */
  given(name: FlagName): boolean;
  /** The value of a flag. */
  value(name: FlagName): string | undefined;
  /** All values of a flag that may be given several times. */
  values(name: FlagName): readonly string[];
}

/** One command. */
export interface CommandDescription<Name extends Command["name"] = Command["name"]> {
  readonly name: Name;
  /** One line for the overview. */
  readonly summary: string;
  /** Further lines of the command's own help. */
  readonly details: readonly string[];
  /** Name of its operands; absent if it takes none. */
  readonly operands?: string;
  /** Its flags besides those of every command. */
  readonly flags: readonly FlagName[];
  /** Command lines without the program, each with its effect. */
  readonly examples: readonly (readonly [string, string])[];
  /** Builds the command, or returns the problem of the flags together. */
  readonly build: (flags: GivenFlags, operands: readonly string[]) => Command & { name: Name } | string;
}

/** The problem of a command line that names the data folder twice. */
export const NODE_OR_DATA = "give either --node NAME or --data FOLDER, not both";

/** Builds a command that asks a running node; returns the problem of the flags that name it. */
export function chooseNode<C>(flags: GivenFlags, build: (choice: NodeChoice) => C | string): C | string {
  const [node, data] = [flags.value("node"), flags.value("data")];
  if (node !== undefined && data !== undefined) return NODE_OR_DATA;
  return build({ node, data, config: flags.value("config") });
}
