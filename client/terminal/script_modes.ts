/**
 * The subcommands.
 *
 * @module
 */

import { hasReached } from "../core/messages.ts";
import type { MessageStatus } from "../core/model.ts";
import type { Settings } from "./flags/settings.ts";
import { inputLines, inputText } from "./input.ts";
import { enterLine } from "./line.ts";
import { type Script, ScriptEnd } from "./script.ts";
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
export async function send(script: Script, { words, wait, timeoutMs }: Settings): Promise<void> {
  const { client } = script;
  const [to = "", ...rest] = words;
  const fromInput = rest.length === 0 || (rest.length === 1 && rest[0] === "-");
  // The line break that ends the input of a pipe was never meant to be sent.
  const text = fromInput ? (await inputText()).replace(/\r?\n$/, "") : rest.join(" ");
  await script.settled();
  const id = crypto.randomUUID();
  script.printing = false;
  client.dispatch({ kind: "send", to, text, id, timestamp: Date.now() / 1_000 });
  const isAnswered = (): boolean => client.model.messages.get(id)?.status !== "queued";
  if (!await inTime(script, isAnswered, timeoutMs)) {
    const status = client.model.node === undefined ? EXIT.noNode : EXIT.timedOut;
    script.complain(`the message was not stored within ${timeoutMs / 1_000} s, and is given up`, status);
    throw new ScriptEnd(script.status);
  }
  await script.settled();
  const message = client.model.messages.get(id);
  if (message?.status === "held") script.print({ kind: "message", message });
  if (message === undefined || message.status === "failed" || message.status === "held") {
    throw new ScriptEnd(script.status);
  }
  const reached = await inTime(script, () => hasReached(message, REACHED[wait]), timeoutMs);
  script.print({ kind: "message", message });
  if (reached) return;
  script.complain(`the message is stored, but was not ${wait} within ${timeoutMs / 1_000} s`, EXIT.timedOut);
}

/** True if a condition comes true in time. */
async function inTime(script: Script, condition: () => boolean, ms: number): Promise<boolean> {
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    script.updated();
  }, ms);
  try {
    await script.until(() => condition() || expired);
  } finally {
    clearTimeout(timer);
  }
  return condition();
}

/**
 * Prints the messages with one user.
 *
 * @throws {ScriptEnd} with the exit status, if it did not work
 */
export async function history(script: Script, { words, count }: Settings): Promise<void> {
  await script.settled();
  script.client.dispatch({ kind: "history", with: words[0] ?? "", count });
  await script.settled();
}

/**
 * Prints messages as they come, until the program is ended.
 *
 * @throws {ScriptEnd} with the exit status
 */
export async function tail(script: Script): Promise<void> {
  await script.until(() => false);
}

/**
 * Runs lines as if they were typed, each after all replies to the one before.
 *
 * @param file its path, or `-` for the standard input
 * @throws {ScriptEnd} with the exit status, at `/quit` and with `--strict` at the first error
 */
export async function run(script: Script, { strict }: Settings, file: string): Promise<void> {
  await script.settled();
  for await (const text of inputLines(file)) {
    enterLine(script, text);
    await script.settled();
    if (strict && script.status !== EXIT.ok) throw new ScriptEnd(script.status);
  }
}
