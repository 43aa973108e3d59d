/**
 * The console of a program, or of a person with a pipe: standard output is data, standard error is
 * diagnostics, and the exit status tells success from failure.
 *
 * @module
 */

import type { Failure } from "../core/failures.ts";
import type { Input } from "../core/inputs.ts";
import type { Message } from "../core/message.ts";
import type { Question } from "../core/model.ts";
import type { TriedPlace } from "../core/node_list.ts";
import type { Cause } from "../core/pending_requests.ts";
import type { Notice } from "../core/notices.ts";
import type { LeaveReason } from "../core/step.ts";
import { isSettled } from "../core/update.ts";
import type { RunningClient } from "../link/running_client.ts";
import { Attention } from "./attention.ts";
import { jsonLine } from "./display/json_line.ts";
import type { LineEvent, ShownItem } from "./display/shown_item.ts";
import { type Line, textOf } from "./display/spans.ts";
import { errorLine, itemLines, noticeLine } from "./display/view.ts";
import { untilSent, waitingText } from "./farewell.ts";
import { type ConsoleFace, enterLine } from "./line.ts";
import type { NamedLine } from "./named_line.ts";
import { ScriptEnd } from "./script_end.ts";
import {
  EXIT,
  type ExitStatus,
  type FailureStatus,
  failureStatus,
  leaveStatus,
} from "./words/exit_status.ts";
import { failureText } from "./words/failures.ts";
import { noticeText } from "./words/notices.ts";
import { searchText, unreachableText } from "./words/places.ts";
import { writeAll } from "./write_all.ts";

/** Time between two looks at a wait that a question prolongs, ms. */
const LOOK_MS = 50;

/** The options of a script. */
interface ScriptOptions {
  readonly json: boolean;
  /** Time limit for finding a node, and for each wait, ms. */
  readonly timeoutMs: number;
  /** True for a script that needs a login all the time: a node without one does not count as found. */
  readonly receives: boolean;
  /** True to look for a node without end, once there was one. */
  readonly patient: boolean;
  /** Answers a question, or gives the reason for which nobody can. */
  answer(question: Question): Promise<{ readonly text: string } | { readonly problem: string }>;
}

/** The face of the client for a script. */
export class Script implements ConsoleFace {
  /** Status of the first failure. */
  status: ExitStatus = EXIT.ok;
  /** True to print data as it comes. */
  printing = true;
  readonly #attention = new Attention((ids) => this.client.dispatch({ kind: "seen", ids }, this.#cause));
  #waiting: { readonly condition: () => boolean; resolve(): void; reject(end: ScriptEnd): void }[] = [];
  #end: ScriptEnd | undefined;
  #question: Question | undefined;
  #tried: readonly TriedPlace[] = [];
  #searching: ReturnType<typeof setTimeout> | undefined;
  #connectedOnce = false;
  /** True once this search has told of a silent node. */
  #hasToldOfSilence = false;
  #isInterrupted = false;
  #hasQuit = false;
  /** Name of the line under way, and the status of its first failure. */
  #cause: Cause;
  #lineStatus: ExitStatus = EXIT.ok;
  /** Time that time limits do not count, ms. */
  #pausedMs = 0;

  constructor(readonly client: RunningClient<Input>, readonly options: ScriptOptions) {
    this.#search();
  }

  /**
   * Waits for all replies.
   *
   * @param cause name of the line that they answer
   * @throws {ScriptEnd} if the time limit is over before
   */
  async settled(cause?: Cause): Promise<void> {
    const { model } = this.client;
    const { timeoutMs } = this.options;
    if (await this.inTime(() => isSettled(model) && model.node !== undefined, timeoutMs)) return;
    const { node } = model;
    if (node === undefined) this.complain(unreachableText(this.#tried), EXIT.noNode, cause);
    else {
      const text = `no complete answer of ${node.name} within ${
        timeoutMs / 1_000
      } s; --timeout sets the limit`;
      this.complain(text, EXIT.timedOut, cause);
    }
    throw new ScriptEnd(this.status);
  }

  /**
   * Waits for a condition within a time limit, ms. The limit counts neither the time of a person who is asked nor
   * that of a reader of the output; true once the condition holds.
   */
  async inTime(condition: () => boolean, ms: number): Promise<boolean> {
    const endMs = performance.now() - this.#pausedMs + ms;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let holds = false;
    const look = (): void => {
      const leftMs = endMs - (performance.now() - this.#pausedMs);
      isOver = leftMs <= 0 && this.#question === undefined;
      if (isOver) this.#settle();
      else timer = setTimeout(look, Math.max(leftMs, LOOK_MS));
    };
    timer = setTimeout(look, ms);
    try {
      await this.until(() => (holds = condition()) || isOver);
    } finally {
      clearTimeout(timer);
    }
    // It may have come true for a moment only.
    return holds;
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
  print(item: ShownItem, cause?: Cause): void {
    const startMs = performance.now();
    if (this.options.json) writeAll(Deno.stdout, `${jsonLine(item, cause)}\n`);
    else {
      for (const line of itemLines(this.client.model, item, false, Date.now())) writeLine(Deno.stdout, line);
    }
    this.#pausedMs += performance.now() - startMs;
  }

  show(item: ShownItem, cause?: Cause): void {
    if (item.kind === "message") this.#attention.shown(this.client.model, item.message);
    if (this.printing) this.print(item, cause);
  }

  showWhole(message: Message, cause?: Cause): void {
    this.print({ kind: "message", message }, cause);
  }

  notice(notice: Notice, cause?: Cause): void {
    this.say(noticeText(notice), cause);
  }

  fail(failure: Failure, cause?: Cause): void {
    this.complain(failureText(failure), failureStatus(failure), cause);
  }

  say(text: string, cause?: Cause): void {
    this.#report({ kind: "notice", text }, cause);
    writeLine(Deno.stderr, noticeLine(text));
  }

  complain(text: string, status: FailureStatus, cause?: Cause): void {
    if (this.status === EXIT.ok) this.status = status;
    if (cause !== undefined && this.#lineStatus === EXIT.ok) this.#lineStatus = status;
    this.#report({ kind: "error", text, status }, cause);
    writeLine(Deno.stderr, errorLine(text));
  }

  /** Acts upon a line, and waits for all replies to it. */
  async enter({ text, name }: NamedLine): Promise<void> {
    this.#cause = name;
    this.#lineStatus = EXIT.ok;
    enterLine(this, text, name);
    await this.settled(name);
    this.#report({ kind: "done", status: this.#lineStatus }, name);
    this.#cause = undefined;
  }

  /** Tells a program about a line that it has named. */
  #report(event: LineEvent, cause: Cause): void {
    if (cause !== undefined) writeAll(Deno.stdout, `${jsonLine(event, cause)}\n`);
  }

  leave(reason: LeaveReason): void {
    const status = leaveStatus(reason);
    // Messages that were left behind say more than what went wrong before.
    if (reason.kind === "quit" && reason.unsent > 0) this.status = status;
    this.end(status);
  }

  /** Leaves, and says how many messages were not sent; does so once. */
  quit(): void {
    if (this.#hasQuit) return;
    this.#hasQuit = true;
    this.client.dispatch({ kind: "quit", sure: true });
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
    else this.quit();
  }

  searching(tried: readonly TriedPlace[], allTried: boolean): void {
    this.#tried = tried;
    if (this.#hasToldOfSilence || !allTried || !tried.some(({ isSilent }) => isSilent)) return;
    this.#hasToldOfSilence = true;
    this.say(`${searchText(tried)}; still trying`);
  }

  updated(): void {
    if (this.#attention.tell(this.client.model)) return;
    const { node, question, loggedIn } = this.client.model;
    const isReady = loggedIn || question !== undefined || !this.options.receives;
    if (node === undefined || !isReady) this.#search();
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
    const cause = this.#cause;
    const askedMs = performance.now();
    const answer = await this.options.answer(question);
    this.#pausedMs += performance.now() - askedMs;
    if ("text" in answer) return this.client.dispatch({ kind: "answer", text: answer.text }, cause);
    this.complain(answer.problem, EXIT.login, cause);
    this.end(EXIT.login);
  }

  #search(): void {
    if (this.#searching !== undefined || (this.#connectedOnce && this.options.patient)) return;
    this.#searching = setTimeout(() => {
      const { node } = this.client.model;
      const text = node === undefined ? unreachableText(this.#tried) : `${node.name} lets nobody log in`;
      this.complain(text, EXIT.noNode, this.#cause);
      this.end(EXIT.noNode);
    }, this.options.timeoutMs);
  }

  #found(): void {
    this.#connectedOnce = true;
    this.#hasToldOfSilence = false;
    clearTimeout(this.#searching);
    this.#searching = undefined;
  }
}

function writeLine(file: typeof Deno.stdout, line: Line): void {
  writeAll(file, `${textOf(line)}\n`);
}
