/**
 * Lines that a person types or a script contains, acted upon.
 *
 * @module
 */

import type { Face, RunningClient } from "../net/running_client.ts";
import type { Outcome } from "./commands/command.ts";
import { runLine } from "./commands/commands.ts";
import type { ShownItem } from "./display/shown_item.ts";
import type { FailureStatus } from "./words/exit_status.ts";

/** A face that shows text as well. */
export interface ConsoleFace extends Face {
  readonly client: RunningClient;
  show(item: ShownItem): void;
  /** Prints a line about the client itself. */
  say(text: string): void;
  /** Prints a line about something that did not work. */
  complain(text: string, status: FailureStatus): void;
}

/** Acts upon a line. */
export function enterLine(face: ConsoleFace, text: string): void {
  const fresh = { id: crypto.randomUUID(), timestamp: Date.now() / 1_000 };
  for (const outcome of runLine(face.client.model, text, fresh)) perform(face, outcome);
}

function perform(face: ConsoleFace, outcome: Outcome): void {
  switch (outcome.kind) {
    case "input":
      return face.client.dispatch(outcome.input);
    case "print":
      return outcome.lines.forEach((text) => face.show({ kind: "text", text }));
    case "say":
      return face.say(outcome.text);
    case "complain":
      return face.complain(outcome.text, outcome.status);
  }
}
