/**
 * The console of a person at a terminal.
 *
 * @module
 */

import type { Failure } from "../core/failures.ts";
import type { Input } from "../core/inputs.ts";
import type { Message } from "../core/message.ts";
import { inFocus, isUnread } from "../core/messages.ts";
import type { Question } from "../core/model.ts";
import type { TriedPlace } from "../core/node_list.ts";
import type { Notice } from "../core/notices.ts";
import type { LeaveReason } from "../core/step.ts";
import type { RunningClient } from "../link/running_client.ts";
import { Alerts } from "./alerts.ts";
import { Attention } from "./attention.ts";
import type { AlertOrder } from "./commands/command.ts";
import { complete } from "./commands/completion.ts";
import type { PromptArea } from "./display/screen.ts";
import { promptArea } from "./prompt_area.ts";
import type { ShownItem } from "./display/shown_item.ts";
import { errorLine, itemLines, noticeLine, unreadOutside } from "./display/view.ts";
import { type Action, edit, type Editor, EMPTY_EDITOR, withText } from "./keyboard/editor.ts";
import type { Key } from "./keyboard/keys.ts";
import { untilSent, waitingText } from "./farewell.ts";
import { FirstNode } from "./first_node.ts";
import { type ConsoleFace, enterLine } from "./line.ts";
import { Output } from "./output.ts";
import { PasswordAnswer } from "./password_answer.ts";
import { peopleTold } from "./people_told.ts";
import type { Terminal, TerminalListener } from "./terminal.ts";
import { TypedKeys } from "./typed_keys.ts";
import { type BadByte, badKeyText, type Decoded } from "./utf8.ts";
import { EXIT, type ExitStatus, leaveStatus } from "./words/exit_status.ts";
import { failureText } from "./words/failures.ts";
import { noticeText } from "./words/notices.ts";
import { untypableText } from "./words/questions.ts";

/** Time in which what was typed before the start is read, ms. */
const TYPED_BEFORE_MS = 50;

/** Keys that count during the start already. */
const KEYS_AT_START: ReadonlySet<Key["name"]> = new Set(["interrupt", "endOfInput", "suspend", "redraw"]);

/** The options of a client at a terminal. */
interface InteractiveOptions {
  /** True to show styles. */
  readonly colours: boolean;
  /** Time limit for finding a first node, and for sending what waits when the program is ended; ms. */
  readonly timeoutMs: number;
  /** Answer to the first question for a password. */
  readonly password: string | undefined;
}

/** The face of the client at a terminal. */
export class Interactive implements ConsoleFace, TerminalListener {
  readonly #output: Output;
  #editor: Editor = EMPTY_EDITOR;
  /** The line that was being typed when a question came up. */
  #stashed: Editor | undefined;
  #question: Question | undefined;
  readonly #password: PasswordAnswer;
  readonly #attention = new Attention((ids) => this.client.dispatch({ kind: "seen", ids }));
  readonly #alerts = new Alerts();
  readonly #keys = new TypedKeys((key) => this.#press(key), (key) => {
    this.#press(key);
    this.#output.flush();
  });
  readonly #firstNode: FirstNode;
  /** True once there is a question or a login: what is typed before may be meant for another program. */
  #hasStarted = false;
  /** True once the program ends: no key counts any more. */
  #isEnding = false;

  constructor(
    readonly client: RunningClient<Input>,
    readonly terminal: Terminal,
    readonly options: InteractiveOptions,
  ) {
    this.#password = new PasswordAnswer(options.password);
    const { model } = client;
    const area = (): PromptArea => promptArea(model, this.#editor);
    const isWatched = (): boolean => this.#attention.isThere;
    this.#output = new Output({ terminal, model, colours: options.colours, isWatched, area });
    this.#firstNode = new FirstNode(options.timeoutMs, (text) => {
      this.complain(text);
      void this.#end(EXIT.noNode);
    });
  }

  /**
   * Runs until the person leaves.
   *
   * @param token of a login that was kept
   */
  async run(user: string | undefined, token: string | undefined): Promise<void> {
    this.terminal.start(this, () => this.#output.leave());
    await new Promise((resolve) => setTimeout(resolve, TYPED_BEFORE_MS));
    const running = this.client.run(this);
    this.client.dispatch({ kind: "start", user, token });
    await running;
  }

  // Calls of the client.

  show(item: ShownItem): void {
    if (item.kind === "message") return this.#showMessage(item.message);
    this.#output.print(...itemLines(this.client.model, item, true, Date.now()));
  }

  showWhole(message: Message): void {
    this.#output.wholeMessage(message);
  }

  refresh(ids: readonly string[]): void {
    this.#output.refresh(ids);
  }

  notice(notice: Notice): void {
    this.say(noticeText(notice));
  }

  fail(failure: Failure): void {
    this.complain(failureText(failure));
  }

  say(text: string): void {
    this.#output.print(noticeLine(text));
  }

  complain(text: string): void {
    this.#output.print(errorLine(text));
  }

  arrived(messages: readonly Message[]): void {
    const { isThere } = this.#attention;
    const { model } = this.client;
    const unseen = messages.filter((each) => isUnread(model, each) && !(isThere && inFocus(model, each)));
    const due = this.#alerts.due(unseen.map(({ chat }) => chat), performance.now());
    if (due.length === 0) return;
    this.#output.ring();
    if (!isThere) this.#output.notify(due.map(({ name }) => name));
  }

  alert(order: AlertOrder): void {
    this.say(this.#alerts.obey(order));
  }

  leave(reason: LeaveReason): void {
    void this.#end(leaveStatus(reason));
  }

  async #end(status: ExitStatus): Promise<void> {
    this.#isEnding = true;
    this.#output.flush();
    await this.client.logOut();
    this.client.close();
    this.terminal.exit(status);
  }

  searching(tried: readonly TriedPlace[], allTried: boolean): void {
    const text = this.#firstNode.missed(tried, allTried);
    if (text === undefined) return;
    this.say(text);
    this.#output.flush();
  }

  updated(): void {
    const { model } = this.client;
    if (model.node !== undefined) this.#firstNode.found();
    if (this.#attention.tell(model)) return;
    const look = peopleTold(model);
    if (look !== undefined) return this.client.dispatch(look);
    const answer = this.#password.to(model.question);
    if (answer !== undefined) return this.client.dispatch({ kind: "answer", text: answer });
    this.#followQuestion(model.question);
    this.#hasStarted ||= model.question !== undefined || model.loggedIn || model.loginRefusal !== undefined;
    this.#output.flush();
  }

  // Calls of the terminal.

  typed(piece: Decoded): void {
    if (this.#isEnding) return;
    this.#keys.take(piece);
    this.#output.flush();
  }

  resized(): void {
    this.#output.repaint();
    this.#output.flush();
  }

  resumed(): void {
    this.#output.repaint();
    this.#output.retitle();
    this.#output.flush();
  }

  ended(): void {
    const isFirst = !this.#isEnding;
    this.#isEnding = true;
    void this.#sendRest(isFirst ? this.options.timeoutMs : 0);
  }

  /** Nobody can be asked: what waits is sent if that is possible in time. */
  async #sendRest(ms: number): Promise<void> {
    const waiting = waitingText(this.client);
    if (waiting !== "" && ms > 0) {
      this.say(`${waiting}; the program ends once they are, or in ${ms / 1_000} s`);
    }
    this.#output.flush();
    await untilSent(this.client, ms);
    this.client.dispatch({ kind: "quit", sure: true });
  }

  #press(key: Key): void {
    this.#attention.turn(this.client.model, key.name !== "focusOut");
    if (key.name === "focusIn" || key.name === "focusOut") return;
    if (!this.#hasStarted && !KEYS_AT_START.has(key.name)) return;
    const asked = this.client.model.question !== undefined;
    const { editor, action, submitted } = edit(this.#editor, key, asked);
    this.#editor = editor;
    const bad = submitted === undefined ? undefined : this.#keys.takeBad();
    if (submitted !== undefined && bad !== undefined) this.#giveBack(submitted, bad);
    else if (submitted !== undefined) this.#submit(submitted);
    else if (action !== undefined) this.#act(action);
  }

  /** The line is not what was typed: it is sent once the person has seen that. */
  #giveBack(text: string, bad: BadByte): void {
    const asked = this.client.model.question !== undefined;
    this.#editor = asked ? EMPTY_EDITOR : withText(this.#editor, text, text.length);
    this.complain(badKeyText(bad, asked));
  }

  #submit(text: string): void {
    const { question } = this.client.model;
    if (question === undefined) return enterLine(this, text);
    const problem = untypableText(question, text);
    if (problem !== undefined) return this.complain(problem);
    this.client.dispatch({ kind: "answer", text });
  }

  #act(action: Action): void {
    const asked = this.client.model.question !== undefined;
    switch (action) {
      case "complete":
        return this.#complete();
      case "redraw":
        return this.#output.repaint();
      case "nextUnread":
        return asked ? undefined : this.#openNextUnread();
      case "suspend":
        return this.terminal.suspend();
      case "interrupted":
        return asked ? this.client.dispatch({ kind: "cancel" }) : undefined;
      case "quit":
        return this.client.dispatch({ kind: asked ? "cancel" : "quit" });
      case "submit":
        return;
    }
  }

  #openNextUnread(): void {
    const [next] = unreadOutside(this.client.model);
    if (next === undefined) return this.say("nothing else is unread");
    this.client.dispatch({ kind: "openChat", with: next.name });
  }

  #complete(): void {
    const { model } = this.client;
    if (model.question !== undefined) return;
    const { text, cursor } = this.#editor;
    const completed = complete(model, text.slice(0, cursor));
    const unchanged = completed.text === text.slice(0, cursor);
    if (unchanged && completed.candidates.length > 0) this.say(completed.candidates.join("  "));
    this.#editor = withText(this.#editor, completed.text + text.slice(cursor), completed.text.length);
  }

  /** A question takes the place of the line being typed, which comes back after it. */
  #followQuestion(question: Question | undefined): void {
    if (question === this.#question) return;
    if (this.#question === undefined) this.#stashed = this.#editor;
    const { history } = this.#editor;
    const kept = question === undefined ? this.#stashed ?? EMPTY_EDITOR : EMPTY_EDITOR;
    this.#editor = { ...kept, history, position: history.length };
    this.#question = question;
  }

  #showMessage(message: Message): void {
    this.#attention.shown(this.client.model, message);
    this.#output.message(message);
  }
}
