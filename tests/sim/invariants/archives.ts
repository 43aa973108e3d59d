/**
 * The archives at the end: each finds what its node has, without the node's filter.
 *
 * @module
 */

import type { ArchivedMessage } from "../../../server/core/messages/archived.ts";
import type { State } from "../../../server/core/state.ts";
import { answerOf } from "../../testing/memory_archive.ts";
import type { Machine } from "../machine.ts";
import type { World } from "../world.ts";
import { wholeState } from "./residency.ts";

/** Most messages of one account in a schedule, and more. */
const LIMIT = 10_000;

/** Compares the archive of every node that has come up with its log. */
export function checkArchives({ machines }: World): void {
  for (const machine of machines) checkArchive(machine);
}

function checkArchive({ world: { checks }, name, process, archive }: Machine): void {
  const status = process?.archive?.status();
  if (process === undefined || status === undefined) return;
  const { lag, problem } = status;
  const follows = archive !== undefined && lag === 0 && problem === undefined;
  checks.check(
    10,
    follows,
    () => `the archive of ${name} is ${lag} entries behind; ${problem ?? "no problem"}`,
  );
  if (!follows) return;
  const whole = wholeState(process);
  for (const id of whole.accounts.keys()) {
    const [found, there] = [archive.state, whole].map((state) => placesOf(state, id));
    const message = (): string =>
      `the archive of ${name} finds ${found?.length} of ${id}, not ${there?.length}`;
    checks.check(1, there?.every((each) => found?.includes(each)) ?? false, message);
    checks.check(4, found?.every((each) => there?.includes(each)) ?? false, message);
  }
}

function placesOf(state: State, account: string): string[] {
  const all = { account, terms: [""], other: undefined, before: undefined, limit: LIMIT };
  return answerOf(state, { type: "search", ...all }).messages.map(placeOf);
}

function placeOf({ time, origin, sender, recipient, id }: ArchivedMessage): string {
  return [time, origin, sender, recipient, id].join(" ");
}
