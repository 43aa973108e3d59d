/**
 * Lines that a person types or a script contains, acted upon.
 *
 * @module
 */

import type { Face, RunningClient } from "../net/running_client.ts";
import type { Outcome } from "./commands/command.ts";
import { runLine } from "./commands/commands.ts";
import type { ShownItem } from "./display/shown_item.ts";

/** The interface of a client to its terminal, which shows text as well. */
export interface ConsoleFace extends Face {
  readonly client: RunningClient;
  show(item: ShownItem): void;
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
    case "text":
      return outcome.lines.forEach((text) => face.show({ kind: "text", text }));
    case "notice":
      return face.notice(outcome.text);
    case "error":
      return face.error(outcome.text, outcome.status);
  }
}
