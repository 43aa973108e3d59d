/**
 * A node's state into which a test imports files of the original server.
 *
 * @module
 */

import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import { hashDamage } from "../../server/core/accounts/bcrypt_hash.ts";
import { entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { OriginalImport } from "../../server/import/original_import.ts";
import { OriginalNames } from "../../server/import/original_names.ts";

/** A bcrypt hash of the cost that the original takes. */
export const HASH = `$2b$12$${"a".repeat(53)}`;

/** A node's state and the events applied to it, import after import. */
export class ImportTarget {
  readonly state = new State();
  /** Those of the last import. */
  events: Event[] = [];
  #seq = 0;

  /** Folds an event. */
  apply(event: Event): void {
    this.events.push(event);
    this.#seq++;
    evolve(this.state, entryOf("node1#000000000001", this.#seq, 2_000_000_000_000_000 + this.#seq, event));
  }

  /** Imports lines as the command does: two passes over them, then the end. */
  import(
    lines: readonly string[],
    limits: Partial<Limits> = {},
    renames: Readonly<Record<string, string>> = {},
  ): { result: OriginalImport; problems: string[]; warnings: string[]; names: OriginalNames } {
    this.events = [];
    const names = new OriginalNames(this.state, new Map(Object.entries(renames)));
    const result = new OriginalImport({
      state: this.state,
      names,
      limits: { ...DEFAULT_LIMITS, ...limits },
      accountId: (name) => `${name.toLowerCase()}.000000000000`,
      hashDamage,
      apply: (event) => this.apply(event),
    });
    const findings = [...lines.flatMap((line) => result.takeAccounts(line))];
    findings.push(...lines.flatMap((line) => result.takeMessages(line)));
    result.finish();
    const texts = (areProblems: boolean): string[] =>
      findings.filter(({ isProblem }) => isProblem === areProblems).map(({ text }) => text);
    return { result, problems: texts(true), warnings: texts(false), names };
  }

  /** Types of the events. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

/** A line with accounts of one password. */
export function accounts(...names: string[]): string {
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, HASH])));
}

/** A line with a message of ada to Bob. */
export function message(id: string, changes: Record<string, unknown> = {}): string {
  const plain = { id, timestamp: 1_700_000_000.5, sender: "ada", recipient: "Bob", content: `text ${id}` };
  return JSON.stringify({ ...plain, status: "unread", ...changes });
}
