/**
 * The people whom the account blocks.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { sameName } from "./messages.ts";
import type { Model } from "./model.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";

/** Blocks a person, or accepts them again. */
export function askToBlock(step: Step, name: string, blocked: boolean): void {
  step.ask({ name: "blockPerson", payload: { user: name, blocked } }, { kind: "block", name, blocked });
}

/** The node has blocked a person, or accepted them again. */
export function tookBlock(step: Step, { name, blocked }: Extract<Purpose, { kind: "block" }>): void {
  const others = step.model.blocked.filter((each) => !sameName(each, name));
  step.model.blocked = blocked ? [...others, name] : others;
  step.notice({ kind: "blockChanged", name, blocked });
}

/** Asks for the people whom the account blocks; the names are those of the pages before. */
export function askBlocked(step: Step, names: readonly string[] = []): void {
  const after = names.at(-1);
  const payload = after === undefined ? {} : { after };
  step.ask({ name: "listBlocked", payload }, { kind: "blocked", names });
}

/** Takes a page of the people whom the account blocks, and shows all of them once they are there. */
export function takeBlocked(
  step: Step,
  names: readonly string[],
  page: Extract<ConfirmedReply, { name: "blocked" }>["payload"],
): void {
  const all = [...names, ...page.names];
  if (page.more && page.names.length > 0) return askBlocked(step, all);
  step.model.blocked = all;
  step.show({ kind: "blocked", names: all });
}

/** True if the account blocks a person, as far as a node has told. */
export function isBlocked({ blocked }: Model, name: string): boolean {
  return blocked.some((each) => sameName(each, name));
}
