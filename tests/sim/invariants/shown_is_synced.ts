/**
 * Invariant 2: everything shown to a client or sent to a peer is durable on the sender's disk.
 *
 * @module
 */

import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import type { Entry, Place } from "../../../server/core/entry.ts";
import { linesOf } from "../../testing/encoded_entries.ts";
import { isErased } from "../disk_ledger.ts";
import { headOf, type LineHead } from "../entry_registry.ts";
import type { Machine } from "../machine.ts";
import type { World } from "../world.ts";

const RANKS = { unread: 0, delivered: 1, read: 2 } as const;

/** Checks a message from a server to a peer. */
export function checkPeerMessage(world: World, machine: Machine, to: string, message: PeerMessage): void {
  if (message.type === "entries") checkEntries(world, machine, to, linesOf(message.lines));
  else if (message.type === "hello" || message.type === "ack") {
    checkVersion(world, machine, message.type, message.version);
  }
}

function checkEntries(world: World, machine: Machine, to: string, lines: readonly string[]): void {
  const { checks, registry } = world;
  for (const line of lines) {
    const head = headOf(line);
    const isThere = head !== undefined && machine.disk.life.has(head);
    checks.check(2, isThere, () => `${machine.name} sends ${head?.identity} to ${to} before it is synced`);
    if (head === undefined) continue;
    registry.add(head, line, `what ${machine.name} sends`);
    if (isErased(head, line)) checkErased(world, machine, head, line);
  }
}

/** An erased entry discloses a deletion: its sender has that deletion, or the erased entry, on its disk. */
function checkErased({ checks, registry }: World, machine: Machine, head: LineHead, line: string): void {
  const { life } = machine.disk;
  const entry = JSON.parse(line) as Entry;
  const deletions = entry.type === "messageSent"
    ? [registry.deleted.get(entry.id), registry.ended.get(entry.from), registry.ended.get(entry.to)]
    : accountsOf(registry.at(head) ?? entry).map((id) => registry.ended.get(id));
  // The same message may exist twice, and the other one erased.
  const others = entry.type === "messageSent" ? registry.sent.get(entry.id) ?? [] : [];
  const before = registry.at(head);
  const wasErased = before?.type === "messageSent" && before.digest !== undefined;
  const isKnown = wasErased || [head, ...others].some((place) => life.isErased(place)) ||
    deletions.some((each) => life.hasAny(each));
  checks.check(
    2,
    isKnown,
    () => `${machine.name} sends ${head.identity} erased before the deletion is synced`,
  );
}

function accountsOf(entry: Entry): readonly string[] {
  if ("person" in entry) return [entry.account, entry.person];
  return "account" in entry ? [entry.account] : [];
}

/** A version that a server announces counts as copies at its peers. */
function checkVersion(
  { checks }: World,
  machine: Machine,
  type: string,
  version: readonly Place[],
): void {
  for (const { origin, seq } of version) {
    const isThere = machine.disk.life.has({ origin, seq });
    checks.check(2, isThere, () => `${machine.name} says in ${type} that it has ${origin}/${seq}`);
  }
}

/** Checks a reply to a client. */
export function checkReply(world: World, machine: Machine, reply: ConfirmedReply): void {
  if (reply.name === "messages" || reply.name === "found") {
    checkShownMessages(world, machine, reply.payload.messages);
  } else if (reply.name === "chats") {
    checkShownMessages(world, machine, reply.payload.chats.map((chat) => chat.last));
  } else if (reply.name === "users") {
    for (const { name } of reply.payload.users) checkName(world, machine, name);
  } else if (reply.name === "loginSuccess") checkName(world, machine, reply.payload.name);
}

function checkName({ checks, registry }: World, machine: Machine, name: string): void {
  const registered = name.toLowerCase().split("~")[0] ?? "";
  const isThere = machine.disk.life.hasAny(registry.named.get(registered));
  checks.check(2, isThere, () => `${machine.name} shows ${name} before the account is synced`);
}

/** Checks a push to a client. */
export function checkPush(world: World, machine: Machine, push: Push): void {
  const { checks, registry } = world;
  const { life } = machine.disk;
  if (push.name === "message") return checkShownMessages(world, machine, [push.payload]);
  if (push.name === "status") {
    for (const id of push.payload.ids) checkStatus(world, machine, id, RANKS[push.payload.status]);
  } else if (push.name === "deleted") {
    for (const id of push.payload.ids) {
      // An erased entry proves by itself that the message is deleted.
      const isWithout = registry.sent.get(id)?.some((place) => life.isErased(place)) ?? false;
      const isThere = isWithout || life.hasAny(registry.deleted.get(id)) ||
        life.hasAny(registry.hidden.get(id));
      checks.check(2, isThere, () => `${machine.name} tells of the deletion of ${id} before it is synced`);
    }
  }
}

function checkStatus({ checks, registry }: World, machine: Machine, id: string, rank: number): void {
  const marks = registry.marked.get(id) ?? [];
  const isMarked = marks.some((mark) => mark.rank >= rank && machine.disk.life.has(mark));
  checks.check(2, isMarked, () => `${machine.name} shows ${id} with rank ${rank} before that is synced`);
}

/** Checks messages shown to a client, and their status. */
export function checkShownMessages(world: World, machine: Machine, messages: readonly ChatMessage[]): void {
  const { checks, registry } = world;
  const { life } = machine.disk;
  for (const { id, status, sender, recipient } of messages) {
    const isThere = life.hasAny(registry.sent.get(id));
    checks.check(2, isThere, () => `${machine.name} shows the message ${id} before it is synced`);
    // A message to oneself counts as read without a mark.
    if (status !== "unread" && sender !== recipient) checkStatus(world, machine, id, RANKS[status]);
  }
}
