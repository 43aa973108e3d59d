/**
 * The output of the console at a terminal: gathered while one thing happens, and then written at once, so that the
 * screen changes once for it.
 *
 * @module
 */

import type { Message } from "../core/message.ts";
import type { Model } from "../core/model.ts";
import { notification } from "./display/notification.ts";
import { type Block, type PromptArea, Screen } from "./display/screen.ts";
import type { Line } from "./display/spans.ts";
import { dayOf } from "./display/times.ts";
import { dayLine, messageBlock, messageBlocks, titleOf, wholeMessageBlock } from "./display/view.ts";
import type { Terminal } from "./terminal.ts";

const BELL = "\x07";

/** The parts of a console that its output needs. */
interface Shown {
  readonly terminal: Terminal;
  readonly model: Model;
  /** True to show styles. */
  readonly colours: boolean;
  /** True while somebody looks, as far as it is known. */
  isWatched(): boolean;
  /** The prompt with the line being typed. */
  area(): PromptArea;
}

/** The output to one terminal. */
export class Output {
  readonly #screen: Screen;
  /** Output and blocks that wait for `flush`. */
  #output = "";
  #blocks: Block[] = [];
  #lastDay = "";
  #title = "";

  constructor(readonly shown: Shown) {
    const { columns, rows } = shown.terminal.size;
    this.#screen = new Screen(columns, rows, shown.colours);
  }

  /** Prints lines that belong together. */
  print(...lines: readonly Line[]): void {
    if (lines.length > 0) this.#blocks.push({ lines });
  }

  /** Prints a message, below its day if that is another one than before. */
  message(message: Message): void {
    const day = dayOf(message.timestamp);
    if (day !== this.#lastDay) this.print(dayLine(message.timestamp));
    this.#lastDay = day;
    this.#blocks.push(messageBlock(this.shown.model, message));
  }

  /** Prints all of a message, however long it is. */
  wholeMessage(message: Message): void {
    this.#blocks.push(wholeMessageBlock(this.shown.model, message));
  }

  /** Rewrites the lines of messages that have changed. */
  refresh(ids: readonly string[]): void {
    const { model } = this.shown;
    this.#flushBlocks();
    for (const id of ids) {
      const message = model.messages.get(id);
      if (message === undefined) continue;
      for (const block of messageBlocks(model, message)) {
        this.#output += this.#screen.replace(block.key, block);
      }
    }
  }

  /** Rings the bell. */
  ring(): void {
    this.#output += BELL;
  }

  /** Shows a notification about new messages from these people. */
  notify(names: readonly string[]): void {
    this.#output += notification(this.shown.terminal.name, names);
  }

  /** Paints everything anew, in the size that the terminal has now. */
  repaint(): void {
    const { columns, rows } = this.shown.terminal.size;
    this.#flushBlocks();
    this.#output += this.#screen.repaint(columns, rows);
  }

  /** Names the window anew, as another program may have named it. */
  retitle(): void {
    this.#title = "";
  }

  /** The last output, which leaves the screen in order. */
  leave(): string {
    return this.#screen.leave();
  }

  /** Writes what was gathered, and the prompt. */
  flush(): void {
    this.#flushBlocks();
    const title = titleOf(this.shown.model, this.shown.isWatched());
    if (title !== this.#title) this.#output += `\x1b]0;${title}\x1b\\`;
    this.#title = title;
    this.shown.terminal.write(this.#output + this.#screen.setPrompt(this.shown.area()));
    this.#output = "";
  }

  #flushBlocks(): void {
    if (this.#blocks.length > 0) this.#output += this.#screen.print(this.#blocks, this.shown.area());
    this.#blocks = [];
  }
}
