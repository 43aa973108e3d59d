/**
 * Messages of this client: sent, deleted, and left behind.
 *
 * @module
 */

import type { NewMessage } from "./inputs.ts";
import { chatWith, compose } from "./messages.ts";
import type { Step } from "./step.ts";

/** Sends a message, or queues it until there is a node. */
export function sendMessage(step: Step, { to, text, id, timestamp }: NewMessage): void {
  const { model } = step;
  const message = compose(model, chatWith(model, to).name, text, id, timestamp);
  // A script hears of a message once it is stored.
  if (!model.options.script) step.show({ kind: "message", message: { ...message } });
  step.ask({ name: "sendMessage", payload: { to, content: text, id } }, { kind: "send", id });
}

/** Deletes stored messages at the server, and drops those that no server has. */
export function deleteMessages(step: Step, ids: readonly string[]): void {
  const stored: string[] = [];
  for (const id of ids) {
    const message = step.model.messages.get(id);
    if (message?.status !== "queued" && message?.status !== "failed") {
      stored.push(id);
      continue;
    }
    if (message.status === "queued" && !step.model.pending.withdraw(id)) {
      return step.fail({ kind: "beingSent", number: message.number });
    }
    message.deleted = true;
    message.content = "";
    step.refresh(id);
  }
  if (stored.length === 0) return;
  step.ask({ name: "deleteMessages", payload: { ids: stored } }, { kind: "delete", ids: stored });
}

/** Ends the client; tells a person how many messages were not sent. */
export function quit(step: Step): void {
  const { model } = step;
  const unsent = model.pending.messageIds.length;
  if (unsent > 0 && !model.options.script) {
    step.fail({ kind: "unsent", count: unsent, account: undefined });
  }
  step.leave({ kind: "quit", unsent });
}
