/**
 * The form of a command, and the parts that all families share.
 *
 * @module
 */

import type { Input } from "../../core/inputs.ts";
import type { Chat } from "../../core/chats.ts";
import type { Message } from "../../core/message.ts";
import type { Model } from "../../core/model.ts";
import { EXIT, type FailureStatus } from "../words/exit_status.ts";

/** The rest of a line behind the name of its command. */
export interface Arguments {
  /** All of it, as it was typed. */
  readonly text: string;
  readonly words: readonly string[];
  /** A fresh UUID, for the message that this may become. */
  readonly id: string;
  /** The present, seconds since the Unix epoch. */
  readonly timestamp: number;
}

/** An order of the person about alerts. */
export type AlertOrder =
  | { readonly kind: "notify"; readonly isOn: boolean | undefined }
  | { readonly kind: "mute"; readonly chat: Chat; readonly isMuted: boolean }
  | { readonly kind: "muted" };

/** An outcome of a line: an input for the core, or something to print. */
export type Outcome =
  | { readonly kind: "input"; readonly input: Input }
  /** Lines of text as data. */
  | { readonly kind: "print"; readonly lines: readonly string[] }
  /** A message, however long it is. */
  | { readonly kind: "showWhole"; readonly message: Message }
  /** An order about alerts. */
  | { readonly kind: "alerts"; readonly order: AlertOrder }
  /** A line about the client itself. */
  | { readonly kind: "say"; readonly text: string }
  /** A line about something that does not work. */
  | { readonly kind: "complain"; readonly text: string; readonly status: FailureStatus };

/** The outcomes of a line, in order. */
export type Outcomes = readonly Outcome[];

/** The kind of word that Tab offers behind a command. */
type Completes = "user" | "searched" | "id" | "command" | "node" | "nothing";

/** A row of the table of commands. */
export interface Command {
  readonly name: string;
  readonly alias?: string;
  /** The arguments, as the help shows them. */
  readonly usage: string;
  readonly help: string;
  /** True if its effect cannot be undone, so that it must be typed in full. */
  readonly destructive?: boolean;
  /** True if it makes sense without an account. */
  readonly withoutLogin?: boolean;
  readonly completes?: Completes;
  run(model: Readonly<Model>, given: Arguments): Outcomes;
}

/** The outcome of a line that the core acts upon. */
export function act(input: Input): Outcomes {
  return [{ kind: "input", input }];
}

/** The outcome of a line that prints text. */
export function print(...lines: readonly string[]): Outcomes {
  return [{ kind: "print", lines }];
}

/** The outcome of a line that says something about the client. */
export function say(text: string): Outcomes {
  return [{ kind: "say", text }];
}

/** The outcome of a line that does not work. */
export function refuse(text: string, status: FailureStatus = EXIT.usage): Outcomes {
  return [{ kind: "complain", text, status }];
}

/** The outcome of a command that is misused: the problem, and its usage. */
export function misused(command: Pick<Command, "name" | "usage">, problem: string): Outcomes {
  return refuse(`${problem}; usage: ${usageOf(command)}`);
}

/** The usage of a command. */
export function usageOf({ name, usage }: Pick<Command, "name" | "usage">): string {
  return `/${name} ${usage}`.trimEnd();
}

/** The outcome of a command for a message that is not known. */
export function unknownId(word: string): Outcomes {
  return refuse(`there is no message ${word}; its short id is on its line, such as #a1`);
}
