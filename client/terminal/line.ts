/**
 * Lines that a person types or a script contains, acted upon.
 *
 * @module
 */

import { UUID_PATTERN } from "../../common/protocol/shapes.ts";
import type { Input } from "../core/inputs.ts";
import type { Message } from "../core/message.ts";
import type { Cause } from "../core/pending_requests.ts";
import type { Face, RunningClient } from "../link/running_client.ts";
import type { AlertOrder, Outcome } from "./commands/command.ts";
import { runLine } from "./commands/commands.ts";
import type { ShownItem } from "./display/shown_item.ts";
import { EXIT, type FailureStatus } from "./words/exit_status.ts";

/** A face that shows text as well. */
export interface ConsoleFace extends Face {
  readonly client: RunningClient<Input>;
  show(item: ShownItem, cause?: Cause): void;
  /** Shows all of a message, however long it is. */
  showWhole(message: Message, cause?: Cause): void;
  /** Obeys an order about alerts. Without it, nothing rings. */
  alert?(order: AlertOrder): void;
  /** Prints a line about the client itself. */
  say(text: string, cause?: Cause): void;
  /** Prints a line about something that did not work. */
  complain(text: string, status: FailureStatus, cause?: Cause): void;
}

/**
 * Acts upon a line.
 *
 * @param cause the name that a program gave it; if it is a UUID, a message that the line sends has it as its id
 */
export function enterLine(face: ConsoleFace, text: string, cause?: Cause): void {
  const id = cause !== undefined && UUID_PATTERN.test(cause) ? cause : crypto.randomUUID();
  const fresh = { id, timestamp: Date.now() / 1_000 };
  for (const outcome of runLine(face.client.model, text, fresh)) perform(face, outcome, cause);
}

function perform(face: ConsoleFace, outcome: Outcome, cause: Cause): void {
  switch (outcome.kind) {
    case "input":
      return face.client.dispatch(outcome.input, cause);
    case "print":
      return outcome.lines.forEach((text) => face.show({ kind: "text", text }, cause));
    case "showWhole":
      return face.showWhole(outcome.message, cause);
    case "alerts":
      if (face.alert !== undefined) return face.alert(outcome.order);
      return face.complain("nothing rings without a terminal", EXIT.usage, cause);
    case "say":
      return face.say(outcome.text, cause);
    case "complain":
      return face.complain(outcome.text, outcome.status, cause);
  }
}
