/**
 * One step of the client: what it does to the model, and what must happen outside because of it.
 *
 * @module
 */

import type { Request } from "../../common/protocol/requests.ts";
import type { Item } from "./items.ts";
import type { Model } from "./model.ts";
import type { Ask } from "./requests.ts";

/** How a program ends (sysexits are not used: few statuses are easier to remember). */
export const EXIT = {
  ok: 0,
  usage: 1,
  internal: 2,
  noNode: 3,
  login: 4,
  rateLimited: 5,
  timedOut: 6,
} as const;

/** See `EXIT`. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** An exit status that says that something did not work. */
export type Failure = Exclude<ExitStatus, 0>;

/** What must happen outside. */
export type Effect =
  | { readonly kind: "ask"; readonly serial: number; readonly request: Request }
  | { readonly kind: "show"; readonly item: Item }
  /** The lines of these messages have changed. */
  | { readonly kind: "refresh"; readonly ids: readonly string[] }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "error"; readonly text: string; readonly status: Failure }
  | { readonly kind: "ring" }
  /** `wakeUp` is to come after that many milliseconds. */
  | { readonly kind: "wakeUpAfter"; readonly ms: number }
  /** Leave the node, for that reason, and go on with that one, or with any other. */
  | { readonly kind: "moveOn"; readonly node: string | undefined; readonly reason: string }
  | { readonly kind: "leave"; readonly status: ExitStatus };

/** See the module. */
export class Step {
  readonly effects: Effect[] = [];

  constructor(readonly model: Model) {}

  /** Asks a node: now, or as soon as one is there that knows who asks. */
  ask(...asked: Ask): void {
    this.model.pending.add(...asked);
    this.flush();
  }

  /** Sends what can be sent. */
  flush(): void {
    const { model } = this;
    if (model.node === undefined) return;
    for (const { serial, request } of model.pending.takeUnsent(model.loggedIn)) {
      this.effects.push({ kind: "ask", serial, request });
    }
  }

  /** Sends what was delayed. */
  wakeUp(): void {
    this.model.pending.wakeUp();
    this.flush();
  }

  /** Data: what the program is there for. */
  show(item: Item): void {
    this.effects.push({ kind: "show", item });
  }

  /** Something worth knowing. */
  notice(text: string): void {
    this.effects.push({ kind: "notice", text });
  }

  /** Something that did not work, and the exit status it means for a script. */
  error(text: string, status: Failure = EXIT.usage): void {
    this.effects.push({ kind: "error", text, status });
  }

  /** The lines of these messages have changed. */
  refresh(...ids: readonly string[]): void {
    if (ids.length > 0) this.effects.push({ kind: "refresh", ids });
  }

  /** Ends the program. */
  leave(status: ExitStatus): void {
    this.effects.push({ kind: "leave", status });
  }
}
