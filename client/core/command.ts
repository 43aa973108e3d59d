/**
 * What a command is, and what its families share.
 *
 * @module
 */

import type { Step } from "./step.ts";

/** What was typed behind the name of a command. */
export interface Arguments {
  /** All of it, as it was typed. */
  readonly text: string;
  readonly words: readonly string[];
  /** A fresh UUID, for the message that this may become. */
  readonly id: string;
  /** The present, seconds since the Unix epoch. */
  readonly timestamp: number;
}

/** What Tab offers behind a command. */
export type Completes = "user" | "id" | "command" | "node" | "nothing";

/** A row of the table of commands. */
export interface Command {
  readonly name: string;
  readonly alias?: string;
  /** What follows the name, as the help shows it. */
  readonly usage: string;
  readonly help: string;
  /** What it does cannot be undone, so that it must be typed in full. */
  readonly destructive?: boolean;
  /** Whether it makes sense without an account. */
  readonly withoutLogin?: boolean;
  readonly completes?: Completes;
  run(step: Step, given: Arguments): void;
}

/** Says how a command is to be used. */
export function misused(step: Step, command: Pick<Command, "name" | "usage">, problem: string): void {
  step.error(`${problem}; usage: ${usageOf(command)}`);
}

/** How a command is typed. */
export function usageOf({ name, usage }: Pick<Command, "name" | "usage">): string {
  return `/${name} ${usage}`.trimEnd();
}
