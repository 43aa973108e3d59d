/**
 * The people whom the account blocks.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";

/** Blocks a person, or accepts them again. */
export function askToBlock(step: Step, name: string, blocked: boolean): void {
  step.ask({ name: "blockPerson", payload: { user: name, blocked } }, { kind: "block", name, blocked });
}

/** Asks for the people whom the account blocks, behind those of a page if there was one. */
export function askBlocked(step: Step, after?: string): void {
  const payload = after === undefined ? {} : { after };
  step.ask({ name: "listBlocked", payload }, { kind: "blocked", isFirst: after === undefined });
}

/** Shows a page of the people whom the account blocks, and asks for the next one. */
export function takeBlocked(
  step: Step,
  purpose: Purpose,
  { names, more }: Extract<ConfirmedReply, { name: "blocked" }>["payload"],
): void {
  for (const name of names) step.show({ kind: "blocked", name });
  const last = names.at(-1);
  if (more && last !== undefined) askBlocked(step, last);
  else if (last === undefined && purpose.kind === "blocked" && purpose.isFirst) {
    step.notice({ kind: "nobodyBlocked" });
  }
}
