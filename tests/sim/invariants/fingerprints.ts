/**
 * Invariant 6, for messages that were deleted: a repetition is recognised by its fingerprint, and nothing else is
 * taken for one.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { MessagesDeleted } from "../../../server/core/events.ts";
import { seqOf } from "../../../server/core/version.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";
import { START_MS } from "../machine_clock.ts";
import type { KnownMessage } from "../people.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Error from which on the clock of a node decides about fingerprints, ms: a day. */
const WRONG_MS = 86_400_000;

/** Checks every deleted message that a server knows and whose content the world knows. */
export function checkFingerprints(world: World, process: ServerProcess): void {
  const { checks, knowledge } = world;
  const { state, machine } = process;
  const recognition = { fingerprinter: standInFingerprinter, wallMs: machine.clock.wallMs() };
  for (const message of knowledge.messages.values()) {
    if (!isRecognisable(process, message)) continue;
    const { id, sender, content } = message;
    const found = state.messages.withId(id).find((each) => each.sender.id === sender);
    if (!found?.deleted) continue;
    const isKnown = found.repeats(found.recipient, content, recognition);
    checks.check(6, isKnown, () => `${machine.name} does not recognise the deleted message ${id}`);
    const isOther = !found.repeats(found.recipient, `${content}.`, recognition);
    checks.check(6, isOther, () => `${machine.name} takes another message for the deleted one, ${id}`);
  }
}

/**
 * True if a server has deletions of the message, all by nodes with right clocks, and no node with a wrong clock can
 * have erased their fingerprints: in a pass, or when they came from the node that made them.
 */
export function isRecognisable(
  { state, origin, machine: { world } }: ServerProcess,
  { id, sender }: KnownMessage,
): boolean {
  const { registry, settings } = world;
  const wasFarOff = world.machines.some(({ clock }) => clock.wasFarOff);
  if (registry.isAmbiguous(id) || (settings.isCompacting && wasFarOff)) return false;
  const deletions = (registry.deleted.get(id) ?? []).flatMap((place) => {
    const entry = registry.at(place);
    const isHere = seqOf(state.version, place.origin) >= place.seq;
    return isHere && entry?.type === "messagesDeleted" && entry.sender === sender ? [entry] : [];
  });
  const isUnspoiled = wasFarOff
    ? deletions.some((deletion) => deletion.origin === origin)
    : deletions.length > 0;
  return isUnspoiled && deletions.every(isTimely);
}

/** True if the clock of the node that made the deletion was right. A world lasts for minutes. */
export function isTimely({ at, stamp }: Entry & MessagesDeleted): boolean {
  return Math.abs((at ?? stamp) / 1_000 - START_MS) < WRONG_MS;
}
