/**
 * The console of a program, or of a person with a pipe: standard output is data, standard error is
 * diagnostics, and the exit status tells success from failure.
 *
 * @module
 */

import type { Failure } from "../core/failures.ts";
import type { Question } from "../core/model.ts";
import type { TriedPlace } from "../core/node_list.ts";
import type { Notice } from "../core/notices.ts";
import type { LeaveReason } from "../core/step.ts";
import { isSettled } from "../core/update.ts";
import type { RunningClient } from "../net/running_client.ts";
import { jsonLine } from "./display/json_line.ts";
import type { ShownItem } from "./display/shown_item.ts";
import { type Line, textOf } from "./display/spans.ts";
import { errorLine, itemLines, noticeLine } from "./display/view.ts";
import { untilSent, waitingText } from "./farewell.ts";
import type { ConsoleFace } from "./line.ts";
import {
  EXIT,
  type ExitStatus,
  type FailureStatus,
  failureStatus,
  leaveStatus,
} from "./words/exit_status.ts";
import { failureText } from "./words/failures.ts";
import { noticeText } from "./words/notices.ts";
import { unreachableText } from "./words/places.ts";
import { writeAll } from "./write_all.ts";

/** The options of a script. */
interface ScriptOptions {
  readonly json: boolean;
  /** Time limit for finding a node, ms. */
  readonly timeoutMs: number;
  /** True to look for a node without end, once there was one. */
  readonly patient: boolean;
  /** Answers a question, or gives the reason for which nobody can. */
  answer(question: Question): Promise<{ readonly text: string } | { readonly problem: string }>;
}

/** Thrown to end the script. */
export class ScriptEnd extends Error {
  override readonly name = "ScriptEnd";

  constructor(readonly status: ExitStatus) {
    super(`the script ends with status ${status}`);
  }
}

/** The face of the client for a script. */
export class Script implements ConsoleFace {
  /** Status of the first failure. */
  status: ExitStatus = EXIT.ok;
  /** True to print data as it comes. */
  printing = true;
  #waiting: { readonly condition: () => boolean; resolve(): void; reject(end: ScriptEnd): void }[] = [];
  #end: ScriptEnd | undefined;
  #question: Question | undefined;
  #tried: readonly TriedPlace[] = [];
  #searching: ReturnType<typeof setTimeout> | undefined;
  #connectedOnce = false;
  #isInterrupted = false;

  constructor(readonly client: RunningClient, readonly options: ScriptOptions) {
    this.#search();
  }

  /** Waits for all replies. */
  settled(): Promise<void> {
    const { model } = this.client;
    return this.until(() => isSettled(model) && model.node !== undefined);
  }

  /**
   * Waits for a condition.
   *
   * @throws {ScriptEnd} if the script ends before
   */
  until(condition: () => boolean): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ condition, resolve, reject }));
  }

  /** Prints data. */
  print(item: ShownItem): void {
    if (this.options.json) return writeAll(Deno.stdout, `${jsonLine(item)}\n`);
    for (const line of itemLines(this.client.model, item, false, Date.now())) writeLine(Deno.stdout, line);
  }

  show(item: ShownItem): void {
    if (this.printing) this.print(item);
  }

  notice(notice: Notice): void {
    this.say(noticeText(notice));
  }

  fail(failure: Failure): void {
    this.complain(failureText(failure), failureStatus(failure));
  }

  say(text: string): void {
    writeLine(Deno.stderr, noticeLine(text));
  }

  complain(text: string, status: FailureStatus): void {
    if (this.status === EXIT.ok) this.status = status;
    writeLine(Deno.stderr, errorLine(text));
  }

  refresh(): void {}

  ring(): void {}

  leave(reason: LeaveReason): void {
    this.end(leaveStatus(reason));
  }

  /** Ends the script with the status of the first failure, or with this one if there was none. */
  end(status: ExitStatus): void {
    if (this.status === EXIT.ok) this.status = status;
    this.#end ??= new ScriptEnd(this.status);
    this.#settle();
  }

  /** A signal asks the script to end: what waits is sent before, if that is possible in time. */
  async interrupted(status: ExitStatus): Promise<void> {
    const ms = this.#isInterrupted ? 0 : this.options.timeoutMs;
    this.#isInterrupted = true;
    const waiting = waitingText(this.client);
    if (waiting !== "" && ms > 0) {
      this.say(`${waiting}; the program ends once they are, or in ${ms / 1_000} s`);
    }
    await untilSent(this.client, ms);
    if (this.client.model.pending.messageIds.length === 0) this.end(status);
    else this.client.dispatch({ kind: "quit", sure: true });
  }

  searching(tried: readonly TriedPlace[]): void {
    this.#tried = tried;
  }

  updated(): void {
    const { node, question } = this.client.model;
    if (node === undefined) this.#search();
    else this.#found();
    if (question !== this.#question) this.#ask(question);
    this.#settle();
  }

  /** Stops all waiting. */
  close(): void {
    clearTimeout(this.#searching);
    this.client.close();
  }

  #settle(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      if (this.#end !== undefined) each.reject(this.#end);
      else if (each.condition()) each.resolve();
      else this.#waiting.push(each);
    }
  }

  async #ask(question: Question | undefined): Promise<void> {
    this.#question = question;
    if (question === undefined) return;
    const answer = await this.options.answer(question);
    if ("text" in answer) return this.client.dispatch({ kind: "answer", text: answer.text });
    this.complain(answer.problem, EXIT.login);
    this.end(EXIT.login);
  }

  #search(): void {
    if (this.#searching !== undefined || (this.#connectedOnce && this.options.patient)) return;
    this.#searching = setTimeout(() => {
      this.complain(unreachableText(this.#tried), EXIT.noNode);
      this.end(EXIT.noNode);
    }, this.options.timeoutMs);
  }

  #found(): void {
    this.#connectedOnce = true;
    clearTimeout(this.#searching);
    this.#searching = undefined;
  }
}

function writeLine(file: typeof Deno.stdout, line: Line): void {
  writeAll(file, `${textOf(line)}\n`);
}
