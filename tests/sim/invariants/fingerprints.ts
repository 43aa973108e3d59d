/**
 * Invariant 6, for messages that were deleted: a repetition is recognised by its fingerprint, and nothing else is
 * taken for one.
 *
 * @module
 */

import { areFingerprintsExpired } from "../../../server/core/messages/fingerprint.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { seqOf } from "../../../server/core/version.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Checks every deleted message that a server knows and whose content the world knows. */
export function checkFingerprints(world: World, process: ServerProcess): void {
  const { checks, knowledge, registry } = world;
  const { state, machine } = process;
  const recognition = { fingerprinter: standInFingerprinter, wallMs: machine.clock.wallMs() };
  // A clock that was days ahead may have erased any fingerprint, or have made some that count as expired.
  const isTimely = !world.machines.some(({ clock }) => clock.wasFarOff);
  for (const { id, sender, content } of knowledge.messages.values()) {
    const found = state.messages.withId(id).find((each) => each.sender.id === sender);
    if (!found?.deleted || registry.isAmbiguous(id) || !hasDeletion(process, found)) continue;
    const isKnown = found.repeats(found.recipient, content, recognition);
    checks.check(
      6,
      isKnown || !isTimely,
      () => `${machine.name} does not recognise the deleted message ${id}`,
    );
    const isOther = !found.repeats(found.recipient, `${content}.`, recognition);
    checks.check(6, isOther, () => `${machine.name} takes another message for the deleted one, ${id}`);
  }
}

/** True if the server has a deletion of the message with fingerprints that are still kept. */
function hasDeletion({ state, machine: { world, clock } }: ServerProcess, message: Message): boolean {
  const places = world.registry.deleted.get(message.id) ?? [];
  return places.some((place) => {
    const entry = world.registry.at(place);
    return entry?.type === "messagesDeleted" && entry.sender === message.sender.id &&
      seqOf(state.version, place.origin) >= place.seq && !areFingerprintsExpired(entry.stamp, clock.wallMs());
  });
}
