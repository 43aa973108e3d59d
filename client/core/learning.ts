/**
 * Messages that a server tells of.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { advance, isMe, prune } from "./messages.ts";
import type { Message } from "./message.ts";
import { meet } from "./people.ts";
import type { Step } from "./step.ts";

/** Takes in a message that a server told of; undefined if it was deleted before. */
export function learn(step: Step, told: ChatMessage): Message | undefined {
  const { model } = step;
  if (model.deleted.has(told.id)) return undefined;
  const { senderAccount, recipientAccount, ...content } = told;
  const chat = isMe(model, told.sender)
    ? meet(step, told.recipient, recipientAccount)
    : meet(step, told.sender, senderAccount);
  const known = model.messages.get(told.id);
  if (known !== undefined) {
    model.messages.meet(known);
    model.messages.change(known, { timestamp: told.timestamp });
    advance(step, [told.id], told.status);
    return known;
  }
  const message = model.messages.add({ ...content, chat, deleted: false, shown: false });
  prune(model);
  return message;
}
