/**
 * Messages of this client: sent, deleted, and left behind.
 *
 * @module
 */

import type { Input, NewMessage } from "./inputs.ts";
import { tellMarks } from "./marks.ts";
import { compose, heldCount, tellUnsent } from "./messages.ts";
import { canBeDraft, joinDrafts } from "./outbox.ts";
import { withName } from "./people.ts";
import { isUnsent } from "./message.ts";
import type { Step } from "./step.ts";

/** Sends a message, or queues it until there is a node. */
export function sendMessage(step: Step, { to, chat, text, id, timestamp }: NewMessage): void {
  const { model } = step;
  const message = compose(model, chat ?? withName(model, to), text, id, timestamp);
  if (message.chat.draft === text) model.chats.change(message.chat, { draft: "" });
  // A script hears of a message once it is stored.
  if (!model.options.script) step.show({ kind: "message", message: { ...message } });
  if (message.chat.former) return step.hold(message);
  step.send(message);
}

/** Sends the text of a held message, as a new message, to the present holder of the name; drops the held one. */
export function sendAnyway(
  step: Step,
  { id, newId, timestamp }: Extract<Input, { kind: "sendAnyway" }>,
): void {
  const held = step.model.messages.get(id);
  if (held === undefined) return;
  if (held.status !== "held" || held.deleted) return step.fail({ kind: "notHeld", id, number: held.number });
  const { recipient: to, content: text } = held;
  deleteMessages(step, [id], 1);
  sendMessage(step, { to, text, id: newId, timestamp });
}

/** Sends a message that failed once more. */
export function retry(step: Step, id: string): void {
  const message = step.model.messages.get(id);
  if (message?.status !== "failed" || message.deleted) return;
  step.model.messages.change(message, { status: "queued", refusal: undefined });
  step.refresh(id);
  if (message.chat.former) step.hold(message);
  else step.send(message);
}

/** Takes a message that was not sent back into the draft of its chat, before what is there, if there is room. */
export function edit(step: Step, id: string): void {
  const { messages, chats } = step.model;
  const { content, chat } = messages.get(id) ?? {};
  if (content === undefined || chat === undefined) return;
  const draft = joinDrafts(content, chat.draft);
  if (canBeDraft(step, draft) && drop(step, id)) chats.change(chat, { draft });
}

/** Drops a message that was not sent; false if a server has it, or may have it. */
export function drop(step: Step, id: string): boolean {
  const { messages, pending } = step.model;
  const message = messages.get(id);
  if (message === undefined || message.deleted || !isUnsent(message)) return false;
  if (message.status === "queued" && !pending.withdraw(id)) {
    step.fail({ kind: "beingSent", id, number: message.number });
    return false;
  }
  messages.change(message, { deleted: true, content: "" });
  step.refresh(id);
  return true;
}

/**
 * Deletes stored messages at the server, and drops those that no server has.
 *
 * @param count of the messages that the ids may name
 */
export function deleteMessages(step: Step, ids: readonly string[], count: number): void {
  const stored: string[] = [];
  for (const id of ids) {
    const message = step.model.messages.get(id);
    if (message === undefined || !isUnsent(message)) stored.push(id);
    else if (!message.deleted && !drop(step, id)) return;
  }
  if (stored.length === 0) return;
  step.ask({ name: "deleteMessages", payload: { ids: stored } }, {
    kind: "delete",
    ids: stored,
    count: count - (ids.length - stored.length),
  });
}

/** Ends the client. Unless it is sure, a person with messages that were not sent is asked before. */
export function quit(step: Step, isSure: boolean): void {
  const { model } = step;
  const unsent = model.pending.messageIds.length + heldCount(model);
  if (unsent > 0 && !isSure && !model.options.script) {
    model.question = { kind: "quitAnyway", unsent };
    return;
  }
  tellMarks(step);
  tellUnsent(step, undefined);
  step.leave({ kind: "quit", unsent });
}
