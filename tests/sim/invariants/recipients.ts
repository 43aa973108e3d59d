/**
 * Invariant 7, for messages to an account: such a message reaches that account or nobody, and the node refuses it
 * with `recipient-changed` only if the account is gone.
 *
 * @module
 */

import type { Push } from "../../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { isUnheardOf } from "../../../server/core/accounts/meant.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { KnownMessage } from "../people.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Checks a push to a client. */
export function checkPushedRecipient(world: World, connection: ClientConnection, push: Push): void {
  if (push.name === "message") checkShown(world, connection, push.payload);
}

/** Checks a reply to a client. */
export function checkRepliedRecipient(
  world: World,
  connection: ClientConnection,
  reply: ConfirmedReply,
): void {
  if (reply.name === "messages" || reply.name === "found") {
    for (const message of reply.payload.messages) checkShown(world, connection, message);
  } else if (reply.name === "chats") {
    for (const { last } of reply.payload.chats) checkShown(world, connection, last);
  } else if (reply.name === "sent") {
    checkSent(world, connection, reply.payload);
  } else if (reply.name === "error" && reply.payload.code === "recipient-changed") {
    checkRefused(world, connection);
  }
}

function checkShown(
  { checks, knowledge }: World,
  connection: ClientConnection,
  { id }: ChatMessage,
): void {
  const message = knowledge.messages.get(id);
  if (message?.account === undefined) return;
  // Pushes can come before the reply to the login, and after the end of the account.
  const viewer = connection.session?.account?.id ?? connection.viewer;
  if (viewer === undefined) return;
  const { machine } = connection.process;
  const isTheirs = viewer === message.account || viewer === message.sender;
  checks.check(7, isTheirs, () => `${machine.name} shows ${inWords(message)} to ${viewer}`);
}

function checkSent(
  { checks, knowledge }: World,
  { process: { machine } }: ClientConnection,
  { id, account }: { readonly id: string; readonly account?: string | undefined },
): void {
  const message = knowledge.messages.get(id);
  if (message?.account === undefined) return;
  checks.check(
    7,
    account === message.account,
    () => `${machine.name} acknowledges ${inWords(message)} as one to ${account}`,
  );
}

function checkRefused(world: World, { process, asking }: ClientConnection): void {
  const account = asking?.account;
  const isGone = account !== undefined && (isGoneFrom(world, account) || isSureOf(process, account));
  world.checks.check(
    7,
    isGone,
    () => `${process.machine.name} refuses ${asking && inWords(asking)} as to an account that is gone`,
  );
}

/** True if a node has not heard of an account, takes all peers to be in sync, and notices a cut only seconds later. */
function isSureOf({ state, mesh }: ServerProcess, account: string): boolean {
  return isUnheardOf(state, account) && !mesh.isBehind &&
    mesh.status().every((peer) => peer.state === "in sync" || peer.state === "slow");
}

/** True if an account was deleted, or every disk that its creation was on is destroyed. */
function isGoneFrom({ registry, lives }: World, account: string): boolean {
  if (registry.ended.has(account)) return true;
  const created = registry.created.get(account);
  return !lives.some((life) => !life.isDestroyed && life.hasAny(created));
}

/** Checks the recipients of all messages that were ever on a disk. */
export function checkStoredRecipients({ checks, knowledge, registry }: World): void {
  for (const message of knowledge.messages.values()) {
    if (message.account === undefined) continue;
    for (const place of registry.sent.get(message.id) ?? []) {
      const entry = registry.at(place);
      const to = entry?.type === "messageSent" ? entry.to : undefined;
      checks.check(
        7,
        to === message.account,
        () => `${place.origin} stores ${inWords(message)} as one to ${to}`,
      );
    }
  }
}

function inWords({ id, to, account }: KnownMessage): string {
  return `the message ${id} to ${to}, account ${account}`;
}
