/**
 * The subcommands.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { hasReached, type MessageStatus } from "../core/message.ts";
import { isSettled } from "../core/update.ts";
import type { Settings } from "./flags/settings.ts";
import { inputLines, inputText } from "./input.ts";
import { readNamedLine } from "./named_line.ts";
import type { Script } from "./script.ts";
import { ScriptEnd } from "./script_end.ts";
import { EXIT } from "./words/exit_status.ts";

const REACHED: Readonly<Record<Settings["wait"], MessageStatus>> = {
  stored: "unread",
  delivered: "delivered",
  read: "read",
};

/**
 * Sends one message, and waits for the status of `--wait`.
 *
 * @throws {ScriptEnd} with the exit status, if it did not work
 */
export async function send(script: Script, settings: Settings): Promise<void> {
  const { words: [to = "", ...words], wait, timeoutMs, id = crypto.randomUUID() } = settings;
  const text = await textToSend(words);
  await script.settled();
  script.printing = false;
  script.client.dispatch({ kind: "send", to, text, id, timestamp: Date.now() / 1_000 });
  await untilAnswered(script, id, timeoutMs);
  await script.settled();
  const message = script.client.model.messages.get(id);
  if (message?.status === "held") script.print({ kind: "message", message });
  if (message === undefined || message.status === "failed" || message.status === "held") {
    throw new ScriptEnd(script.status);
  }
  const reached = await script.inTime(() => hasReached(message, REACHED[wait]), timeoutMs);
  script.print({ kind: "message", message });
  if (reached) return;
  script.complain(`the message is stored, but was not ${wait} within ${timeoutMs / 1_000} s`, EXIT.timedOut);
}

async function textToSend(words: readonly string[]): Promise<string> {
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === "-");
  // The line break that ends the input of a pipe was never meant to be sent.
  return fromInput ? (await inputText()).replace(/\r?\n$/, "") : words.join(" ");
}

/**
 * Waits for the answer about a message.
 *
 * @throws {ScriptEnd} if none came; with a status of its own if the message may be stored all the same
 */
async function untilAnswered(script: Script, id: string, timeoutMs: number): Promise<void> {
  const { model } = script.client;
  const isAnswered = (): boolean => model.messages.get(id)?.status !== "queued";
  try {
    if (await script.inTime(isAnswered, timeoutMs)) return;
  } catch (end) {
    if (model.pending.mayBeStored.has(id)) throw notKnown(script, id);
    throw end;
  }
  if (model.pending.mayBeStored.has(id)) throw notKnown(script, id);
  const status = model.node === undefined ? EXIT.noNode : EXIT.timedOut;
  script.complain(`the message was not stored within ${timeoutMs / 1_000} s, and is given up`, status);
  throw new ScriptEnd(script.status);
}

function notKnown(script: Script, id: string): ScriptEnd {
  script.complain(
    `it is not known whether the message was stored: no answer came; with --id ${id} the same command can be ` +
      "repeated, and the message is stored once",
    EXIT.notKnown,
  );
  return new ScriptEnd(EXIT.notKnown);
}

/**
 * Prints the messages with one user.
 *
 * @throws {ScriptEnd} with the exit status, if it did not work
 */
export async function history(script: Script, settings: Settings): Promise<void> {
  const { words, count, since, before: until } = settings;
  await script.settled();
  script.client.dispatch({ kind: "history", with: words[0] ?? "", count, since, until });
  await script.settled();
}

/**
 * Prints the messages that are found, the newest last.
 *
 * @throws {ScriptEnd} with the exit status, if it did not work
 */
export async function search(script: Script, { words, from, count }: Settings): Promise<void> {
  await script.settled();
  script.client.dispatch({ kind: "search", words: words.join(" "), with: from, count });
  await script.settled();
}

/**
 * Prints all chats, then all messages of each, oldest first. They become delivered, and not read. The time limit is
 * for each answer, however many there are. The first failure is the end: an export has no holes.
 *
 * @throws {ScriptEnd} with the exit status, if it did not work
 */
export async function exportAll(script: Script, { timeoutMs }: Settings): Promise<void> {
  const { model } = script.client;
  await script.settled();
  script.client.dispatch({ kind: "listChats", unreadOnly: false });
  await untilSettled(script, timeoutMs, () => model.chats.all.length);
  const names = model.chats.all.filter(({ former }) => !former).map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    script.say(`chat ${index + 1} of ${names.length}: ${name}`);
    script.client.dispatch({ kind: "history", with: name, count: Infinity });
    await untilSettled(script, timeoutMs, () => model.messages.tellings);
  }
}

/**
 * Waits for all replies, as long as there is progress within each time limit.
 *
 * @throws {ScriptEnd} if there is none, or if anything failed
 */
async function untilSettled(script: Script, timeoutMs: number, progress: () => number): Promise<void> {
  for (let before = -1; before !== progress();) {
    before = progress();
    if (await script.inTime(() => isSettled(script.client.model), timeoutMs)) return endIfFailed(script);
  }
  await script.settled();
  endIfFailed(script);
}

function endIfFailed({ status }: Script): void {
  if (status !== EXIT.ok) throw new ScriptEnd(status);
}

/**
 * Prints messages as they come, until there are as many as wanted, the time is over, or the program is ended.
 *
 * @throws {ScriptEnd} with the exit status
 */
export async function tail(script: Script, { count, forMs }: Settings): Promise<void> {
  const { model } = script.client;
  const isComplete = (): boolean => model.taken >= count;
  if (forMs === undefined) await script.until(isComplete);
  else if (!await script.inTime(isComplete, forMs) && count !== Infinity) {
    const wanted = counted(count, "message");
    script.complain(`${model.taken} of ${wanted} came within ${forMs / 1_000} s`, EXIT.timedOut);
  }
  // What was printed is confirmed, so that it does not come again.
  if (model.node !== undefined) await script.settled();
}

/**
 * Runs lines as if they were typed, each after all replies to the one before.
 *
 * @param file its path, or `-` for the standard input
 * @throws {ScriptEnd} with the exit status, at `/quit` and with `--strict` at the first error
 */
export async function run(script: Script, { strict, json }: Settings, file: string): Promise<void> {
  await script.settled();
  for await (const line of inputLines(file)) {
    const read = json && "text" in line ? readNamedLine(line.text) : line;
    if ("problem" in read) script.complain(read.problem, EXIT.usage);
    else await script.enter(read);
    if (strict) endIfFailed(script);
  }
}
