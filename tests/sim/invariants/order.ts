/**
 * Invariant 12: an answer stands behind everything that its sender had been shown by the node that took it, and
 * a message has the time of that node's clock unless something later was shown.
 *
 * @module
 */

import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { KnownMessage } from "../people.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Greatest distance of a message's time from what it must be, s: a stamp may stand for it. */
const TOLERANCE_S = 0.1;

/** A node has acknowledged a message for the first time: its time is not later than it need be. */
export function checkTime(
  { checks, knowledge }: World,
  connection: ClientConnection,
  { id, timestamp }: { readonly id: string; readonly timestamp: number },
): void {
  const { machine, state, loadedUntil } = connection.process;
  const known = knowledge.messages.get(id);
  // A repeated send is answered with the time of the first; and the clock may have been set since the request.
  if (known?.asked.length !== 1 || machine.clock.setMs >= connection.askedMs) return;
  const [message] = state.messages.withId(id);
  const conversation = message?.sender.conversations.get(message.recipient.id);
  if (conversation === undefined) return;
  const archived = machine.archive?.state.account(conversation.first.id).conversations.get(
    conversation.second.id,
  );
  const others = [conversation, archived].flatMap((each) => each ? [...each.messages, ...each.deleted] : [])
    .filter((other) => other.id !== message?.id);
  const newest = others.reduce((latest, { time }) => Math.max(latest, time), 0);
  // A start knows no times of single conversations, unless one of them is ahead of its clock then.
  const latest = Math.max(machine.clock.wallMs() / 1_000, newest / 1e6, loadedUntil / 1e6) + TOLERANCE_S;
  checks.check(
    12,
    timestamp <= latest,
    () => `${machine.name} gives ${id} the time ${timestamp} after ${latest}`,
  );
}

/** The messages of an account, conversation by conversation, as it sees them in the end. */
export function checkOrder(world: World, process: ServerProcess, view: readonly ChatMessage[]): void {
  const places = new Map(view.map((message, i) => [message.id, i]));
  for (const [i, message] of view.entries()) {
    const before = view[i - 1];
    if (before !== undefined && conversationOf(before) === conversationOf(message)) {
      const isLater = before.timestamp <= message.timestamp;
      world.checks.check(12, isLater, () => `${message.id} is listed after the later ${before.id}`);
    }
    const known = world.knowledge.messages.get(message.id);
    if (known !== undefined && !world.registry.isAmbiguous(message.id)) {
      checkAnswer(world, process, known, i, (id) => [places.get(id), view[places.get(id) ?? -1]]);
    }
  }
}

/** A message stands behind those that were shown before it was first sent to the node that took it. */
function checkAnswer(
  { checks, registry }: World,
  { state }: ServerProcess,
  { id, asked }: KnownMessage,
  place: number,
  find: (id: string) => readonly [number | undefined, ChatMessage | undefined],
): void {
  const [, message] = find(id);
  const origins = state.messages.withId(id).map(({ origin }) => origin);
  const first = asked.find(({ origin }) => origins.includes(origin));
  for (const [before, timestamp] of first?.shown ?? []) {
    const [beforePlace, question] = find(before);
    if (question === undefined || message === undefined || beforePlace === undefined) continue;
    if (before === id || conversationOf(question) !== conversationOf(message)) continue;
    // The question was lost with its disks and sent again, later than the answer.
    if (question.timestamp > timestamp || registry.isAmbiguous(before)) continue;
    checks.check(
      12,
      beforePlace < place,
      () => `${id} stands before ${before}, which its sender had been shown`,
    );
  }
}

function conversationOf({ sender, recipient }: ChatMessage): string {
  return [sender, recipient].sort().join(" ");
}
