/**
 * Memory and archive together: what has left the memory of a node is in its archive, with every mark.
 *
 * @module
 */

import { evolve } from "../../../server/core/evolve.ts";
import { detachedMessage } from "../../../server/core/messages/detached_message.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { archived } from "../../testing/memory_archive.ts";
import type { Machine } from "../machine.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Lines about messages, of which a part may have left memory. */
const MESSAGE_LINE = /^(message|shown|deleted|early) /;

/** The fold of everything in the log of a process: its state, unless messages may have left its memory. */
export function wholeState({ residents, state, machine }: ServerProcess): State {
  return residents === undefined ? state : foldOf(machine);
}

/** The fold of everything in the log of a machine. */
export function foldOf({ disk }: Machine): State {
  const whole = new State();
  showLog(disk.files, ({ record }) => {
    if (isEntry(record)) evolve(whole, record);
  });
  return whole;
}

/** Compares memory and archive of every node that evicts with the fold of its log. */
export function checkResidency({ machines, checks }: World): void {
  for (const { process } of machines) {
    if (process?.residents === undefined) continue;
    const whole = wholeState(process);
    compareMemory(process, whole);
    checks.evicted += whole.messages.size - process.state.messages.size;
  }
}

/** Compares memory and archive of a node, which must have come up, with the fold of its log. */
export function compareMemory(process: ServerProcess, whole: State): void {
  const { state, machine: { archive, name, world: { checks } } } = process;
  for (const message of whole.messages.all()) {
    const { id, sender, recipient } = message;
    const [from, to] = [state.account(sender.id), state.account(recipient.id)];
    const elsewhere = archive?.state.messages.withId(id).find((each) =>
      each.sender.id === sender.id && each.recipient.id === recipient.id
    );
    const here = state.messages.find(from, to, id) ??
      (elsewhere && detachedMessage(state, archived(elsewhere)));
    const [expected, found] = [message, here].map((each) => each && textOf(each));
    const what = (): string => `${name} has ${found ?? "nothing"} in place of ${expected}`;
    checks.check(message.deleted ? 4 : 1, found === expected, what);
  }
  for (const { id, sender, recipient } of state.messages.all()) {
    const isThere =
      whole.messages.find(whole.account(sender.id), whole.account(recipient.id), id) !== undefined;
    checks.check(1, isThere, () => `${name} has ${id}, which its log does not have`);
  }
  for (const [key, mark] of whole.earlyMarks) {
    const isKept = JSON.stringify(state.earlyMarks.get(key)) === JSON.stringify(mark);
    checks.check(9, isKept, () => `${name} has lost or changed the early mark on ${key}`);
  }
  const [here, there] = [state, whole].map((each) =>
    [...stateLines(each)].filter((line) => !MESSAGE_LINE.test(line)).join("\n")
  );
  checks.check(3, here === there, () => `${name} counts otherwise than its log: ${here} / ${there}`);
}

function textOf(message: Message): string {
  const { id, sender, recipient, time, origin, content, progress, hidden, deleted } = message;
  return JSON.stringify([sender.id, recipient.id, id, time, origin, content, progress, hidden, deleted]);
}
