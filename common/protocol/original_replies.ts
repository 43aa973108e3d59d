/**
 * The table of replies of the original dialect (client protocol, section 3).
 *
 * @module
 */

import type { ReplyOf } from "./replies.ts";
import { dictionaryOf, integer, listOf, nothing, text } from "./shape.ts";
import { chatMessage } from "./shapes.ts";

/** Rows of the original dialect, by reply. */
export const ORIGINAL_REPLIES = {
  error: { type: 100, shape: text },
  userExisting: { type: 101, shape: nothing },
  userNotExisting: { type: 102, shape: nothing },
  loginSuccess: { type: 103, shape: listOf(text) },
  loginFailed: { type: 104, shape: nothing },
  messages: { type: 105, shape: listOf(chatMessage) },
  users: { type: 106, shape: dictionaryOf(integer) },
};

/** Any reply of the original dialect. */
export type OriginalReply = ReplyOf<typeof ORIGINAL_REPLIES>;
