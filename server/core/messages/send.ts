/**
 * The rules for sending a message (client protocol, SEND_MSG).
 *
 * @module
 */

import { assert } from "../../../common/errors.ts";
import type { Limits } from "../../../common/limits.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Account } from "../accounts/account.ts";
import { accountMeant } from "../accounts/meant.ts";
import { answer, type Decision, isRefusal, type Refusal, refusal, unknownUser } from "../decision.ts";
import { boundProblem } from "./bounds.ts";
import type { Recognition } from "./fingerprint.ts";
import type { Message } from "./message.ts";
import { messageTime } from "./message_time.ts";
import { stampSeconds } from "../stamp.ts";
import type { State } from "../state.ts";

/** A message to send; the id comes from the client or is made for it. */
interface SendCommand extends Recognition {
  readonly sender: Account;
  readonly to: string;
  readonly content: string;
  readonly id: string;
  /** The wall clock of the node, ms since the Unix epoch. */
  readonly wallMs: number;
  /** Id of the account that is meant; `undefined` if whoever has the name is. */
  readonly account?: string | undefined;
}

/**
 * Stores a message. A repetition is answered like the first send and changes nothing.
 *
 * @param nodes number of configured nodes
 * @param elsewhere messages with this id that have left memory
 * @returns a refusal if the content is invalid, the recipient is unknown or not the one that is meant, the id belongs
 * to another message, the recipient blocks the sender, or a bound of the recipient's inbox or of the sender's day would be passed
 */
export function decideSend(
  state: State,
  command: SendCommand,
  limits: Limits,
  nodes: number,
  elsewhere: readonly Message[] = [],
): Decision | Refusal {
  const { sender, content, id } = command;
  const wrong = contentProblem(content, limits);
  if (wrong) return wrong;
  const recipient = recipientOf(state, command);
  if (isRefusal(recipient)) return recipient;
  const known = elsewhere.length === 0
    ? state.messages.withId(id)
    : [...state.messages.withId(id), ...elsewhere];
  if (known.length === 0) {
    // Before the bounds, which would say something about the recipient.
    if (recipient.blocks(sender)) return notAccepted(recipient);
    const problem = boundProblem({ sender, recipient, content, wallMs: command.wallMs }, limits);
    if (problem) return problem;
    const at = messageTime(sender.conversations.get(recipient.id), command.wallMs);
    return {
      events: [{ type: "messageSent", id, from: sender.id, to: recipient.id, content, at }],
      reply: () => sentReply(stored(state, sender, recipient, id), nodes),
      restsOn: [sender, recipient].flatMap(({ created }) => created ?? []),
    };
  }
  const repeated = known.find((message) =>
    message.sender === sender && message.repeats(recipient, content, command)
  );
  if (repeated) return answer(sentReply(repeated, nodes));
  return refusal("id-conflict", `the id ${id} belongs to another message; make a new UUID for each message`);
}

function recipientOf(state: State, { to, account }: SendCommand): Account | Refusal {
  if (account !== undefined) return accountMeant(state, account, to);
  return state.directory.find(to) ?? unknownUser(to);
}

function notAccepted({ name }: Account): Refusal {
  return refusal("not-accepted", `${name} does not accept your messages; nothing was sent`);
}

/** The message just sent. It is deleted already if its deletion arrived before it. */
function stored(state: State, sender: Account, recipient: Account, id: string): Message {
  const message = state.messages.find(sender, recipient, id);
  assert(message !== undefined, "a message that was sent is stored");
  return message;
}

function contentProblem(content: string, limits: Limits): Refusal | undefined {
  if (content === "") {
    return refusal("content-empty", "a message has at least 1 byte of content; this one has none");
  }
  // A UTF-16 unit takes at most three bytes, so that short contents need no measuring.
  if (content.length * 3 <= limits.contentBytes) return undefined;
  const bytes = utf8Bytes(content);
  if (bytes <= limits.contentBytes) return undefined;
  return refusal(
    "content-too-long",
    `the content has ${bytes} bytes and the limit is ${limits.contentBytes}; send it in several messages`,
  );
}

function sentReply(message: Message, nodes: number): ReturnType<Decision["reply"]> {
  const { id, time, recipient } = message;
  const payload = { id, timestamp: stampSeconds(time), copies: 1, nodes, account: recipient.id };
  return { name: "sent", payload };
}
