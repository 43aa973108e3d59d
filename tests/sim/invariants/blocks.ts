/**
 * Invariant 17: a node that knows of a block accepts no message of the blocked person, and tells them neither presence
 * nor marks; and in the end an account blocks whom it was last acknowledged to block.
 *
 * @module
 */

import type { Push } from "../../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { blockKey, type BlockPlace, holdingOf, isKnownBlock } from "../blocks.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/**
 * The versions of the disk between which something was decided that leaves now. Of a push, the first is that before the
 * last batch; a reply, and what does not overtake it, may have waited for other disks since the request came.
 */
type Between = Parameters<typeof isKnownBlock>[1];

function betweenOf({ process: { machine }, before }: ClientConnection, isInOrder: boolean): Between {
  const { life } = machine.disk;
  return [isInOrder ? before : life.before, life.version];
}

/** Checks a push to a client. */
export function checkBlockedPush(world: World, connection: ClientConnection, push: Push): void {
  if (!world.settings.hasBlocks) return;
  const between = betweenOf(connection, push.name === "person");
  if (push.name === "user" || push.name === "person") {
    const { account, change } = push.payload;
    if (change === "online") checkHidden(world, connection, between, account, "is online");
  } else if (push.name === "status") {
    for (const id of push.payload.ids) checkMarks(world, connection, between, id);
  } else if (push.name === "message") checkShown(world, connection, between, [push.payload]);
}

/** Checks a reply to a client. */
export function checkBlockedReply(world: World, connection: ClientConnection, reply: ConfirmedReply): void {
  if (!world.settings.hasBlocks) return;
  const between = betweenOf(connection, true);
  switch (reply.name) {
    case "messages":
    case "found":
      return checkShown(world, connection, between, reply.payload.messages);
    case "chats":
      return checkShown(world, connection, between, reply.payload.chats.map(({ last }) => last));
    case "users":
      for (const { online, account } of reply.payload.users) {
        if (online) checkHidden(world, connection, between, account, "is online");
      }
      return;
    case "error":
      if (reply.payload.code === "not-accepted") checkRefused(world, connection);
      return;
  }
}

function viewerOf({ session, viewer }: ClientConnection): string | undefined {
  return session?.account?.id ?? viewer;
}

function checkHidden(
  world: World,
  connection: ClientConnection,
  between: Between,
  account: string | undefined,
  fact: string,
): void {
  const viewer = viewerOf(connection);
  if (account === undefined || viewer === undefined) return;
  const { machine } = connection.process;
  const isKnown = isKnownBlock(world, between, account, viewer);
  world.checks.check(17, !isKnown, () => `${machine.name} tells ${viewer} that ${account} ${fact}`);
}

/** The marks of a message are hidden from its sender. */
function checkMarks(world: World, connection: ClientConnection, between: Between, id: string): void {
  const { registry } = world;
  if (registry.isAmbiguous(id)) return;
  for (const place of registry.sent.get(id) ?? []) {
    const entry = registry.at(place);
    if (entry?.type !== "messageSent" || entry.from !== viewerOf(connection)) continue;
    checkHidden(world, connection, between, entry.to, `has got or read ${id}`);
  }
}

function checkShown(
  world: World,
  connection: ClientConnection,
  between: Between,
  messages: readonly ChatMessage[],
): void {
  for (const { id, status } of messages) if (status !== "unread") checkMarks(world, connection, between, id);
}

/** Nobody is refused whom nobody blocks. */
function checkRefused({ checks, registry }: World, connection: ClientConnection): void {
  const viewer = viewerOf(connection);
  const { machine } = connection.process;
  const isBlocked = [...registry.blocks].some(([key, places]) =>
    key.endsWith(` ${viewer}`) &&
    places.some((place) => place.isBlocked && machine.disk.life.has(place))
  );
  checks.check(17, isBlocked, () => `${machine.name} accepts nothing of ${viewer}, whom nobody blocks`);
}

/** Reads the logs of all nodes: what a node has accepted stands behind no block of which it knew. */
export function checkAccepted(world: World): void {
  if (!world.settings.hasBlocks) return;
  for (const { process } of world.machines) if (process !== undefined) checkLog(world, process);
}

function checkLog({ checks }: World, { origin, machine }: ServerProcess): void {
  const decisions = new Map<string, Omit<BlockPlace, "origin" | "seq">>();
  showLog(machine.disk.files, ({ record }) => {
    if (!isEntry(record)) return;
    if (record.type === "personBlocked" || record.type === "personUnblocked") {
      const key = blockKey(record.account, record.person);
      const made = { isBlocked: record.type === "personBlocked", generation: record.generation };
      decisions.set(
        key,
        holdingOf([made, ...decisions.has(key) ? [decisions.get(key) ?? made] : []]) ?? made,
      );
    } else if (record.type === "messageSent" && record.origin === origin) {
      const isBlocked = decisions.get(blockKey(record.to, record.from))?.isBlocked === true;
      const message = (): string =>
        `${machine.name} accepted ${record.id} of ${record.from} for ${record.to}`;
      checks.check(17, !isBlocked, message);
    }
  });
}

/** Compares the decisions of people at the end with those that were acknowledged. */
export function checkBlocks({ checks, knowledge }: World, { state }: ServerProcess): void {
  for (const { account, person, made, assurance } of knowledge.blocks) {
    if (!assurance.binds) continue;
    const ends = [account, person].map((id) => knowledge.accounts.get(id)?.deletion.certainty);
    if (ends.some((certainty) => certainty !== "no")) continue;
    const decision = state.accounts.get(account)?.decisions?.get(person);
    const holding = holdingOf([made, ...decision === undefined ? [] : [decision]]);
    checks.check(
      17,
      decision !== undefined && holding !== undefined && decision.generation === holding.generation &&
        decision.isBlocked === holding.isBlocked,
      () =>
        `${account} has decided ${JSON.stringify(decision)} about ${person}, and ${
          JSON.stringify(made)
        } was acknowledged`,
    );
  }
}
