/**
 * Messages that a server tells of.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { advance, isMe, isUnread, prune } from "./messages.ts";
import { markAgain } from "./marks.ts";
import type { Message } from "./message.ts";
import { meet } from "./people.ts";
import type { Step } from "./step.ts";

/**
 * Takes in a message that a server told of.
 *
 * @param met false if it was told only as the last one of its chat
 * @returns undefined if it was deleted before
 */
export function learn(step: Step, told: ChatMessage, met = true): Message | undefined {
  const { model } = step;
  if (model.deleted.has(told.id)) return deleteAgain(step, told.id);
  const { senderAccount, recipientAccount, ...content } = told;
  const chat = isMe(model, told.sender)
    ? meet(step, told.recipient, recipientAccount)
    : meet(step, told.sender, senderAccount);
  const known = model.messages.get(told.id);
  if (known !== undefined) {
    if (met) model.messages.meet(known);
    model.messages.change(known, { timestamp: told.timestamp, absent: false });
    model.messages.noteTold(known);
    advance(step, [told.id], told.status);
    if (isUnread(model, known)) markAgain(step, known);
    return known;
  }
  const message = model.messages.add({ ...content, chat, deleted: false, shown: false }, met);
  model.messages.noteTold(message);
  prune(model);
  return message;
}

/** A message that was deleted at a node which did not have it yet is deleted once more. */
function deleteAgain(step: Step, id: string): undefined {
  if (!step.model.unconfirmed.delete(id)) return;
  step.ask({ name: "deleteMessages", payload: { ids: [id] } }, { kind: "deleteAgain" });
}
