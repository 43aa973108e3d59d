/**
 * Invariants 4, 5 and 6: the view of an account at one node never goes back. Across nodes a client must
 * merge, because another node may lag behind.
 *
 * @module
 */

import type { Push } from "../../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { ChatMessage, Status } from "../../../common/protocol/shapes.ts";
import { blockKey } from "../blocks.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { DiskLife } from "../disk_ledger.ts";
import type { World } from "../world.ts";

const RANKS: Readonly<Record<Status, number>> = { unread: 0, delivered: 1, read: 2 };

/** The view of one account at one node, for as long as the node has its disk. */
class View {
  readonly ranks = new Map<string, number>();
  readonly gone = new Set<string>();
  /** Ids of accounts whose deletion was shown. */
  readonly accountsGone = new Set<string>();
}

/** The views of all accounts, at every disk. */
export class Views {
  readonly #views = new Map<DiskLife, Map<string, View>>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** A client gets a push. */
  pushed(connection: ClientConnection, push: Push): void {
    if (push.name === "message") {
      this.#messagePushed(connection, push.payload);
      this.#seen(connection, [push.payload]);
    } else if (push.name === "status") {
      for (const id of push.payload.ids) this.#ranked(connection, id, RANKS[push.payload.status]);
    } else if (push.name === "deleted") this.deleted(connection, push.payload.ids);
    else if (push.name === "user" && push.payload.change === "deleted") {
      this.#accountGone(connection, push.payload.name);
    }
  }

  /** A client gets a reply. */
  replied(connection: ClientConnection, reply: ConfirmedReply): void {
    if (reply.name === "messages" || reply.name === "found") this.#seen(connection, reply.payload.messages);
    else if (reply.name === "chats") this.#seen(connection, reply.payload.chats.map(({ last }) => last));
    else if (reply.name === "users") {
      for (const { name } of reply.payload.users) this.#userSeen(connection, name);
    }
  }

  /** A client has been shown that messages are deleted. */
  deleted(connection: ClientConnection, ids: readonly string[]): void {
    for (const id of ids) this.#viewOf(connection)?.gone.add(id);
  }

  #viewOf({ process, viewer }: ClientConnection): View | undefined {
    if (viewer === undefined) return undefined;
    const { life } = process;
    let views = this.#views.get(life);
    if (views === undefined) this.#views.set(life, views = new Map());
    let view = views.get(viewer);
    if (view === undefined) views.set(viewer, view = new View());
    return view;
  }

  #messagePushed(connection: ClientConnection, { id }: ChatMessage): void {
    const isFirst = !connection.pushed.has(id) || this.#world.registry.isAmbiguous(id);
    connection.pushed.add(id);
    this.#world.checks.check(6, isFirst, () => `${connection.name} is pushed the message ${id} twice`);
  }

  #seen(connection: ClientConnection, messages: readonly ChatMessage[]): void {
    const view = this.#viewOf(connection);
    if (view === undefined) return;
    const { checks, registry } = this.#world;
    const { machine } = connection.process;
    const ids = new Set<string>();
    const clear = messages.filter(({ id }) => !registry.isAmbiguous(id));
    for (const { id, status } of clear) {
      const isGone = view.gone.has(id);
      checks.check(4, !isGone, () => `${machine.name} shows ${id} to ${connection.name} after its deletion`);
      if (status !== "unread" || !this.#mayBeHidden(connection, id)) {
        this.#ranked(connection, id, RANKS[status]);
      }
      ids.add(id);
    }
    checks.check(6, ids.size === clear.length, () => `${machine.name} lists a message twice`);
  }

  /** True if the marks of a message may be hidden from its sender, whom the recipient has blocked at some time. */
  #mayBeHidden({ viewer }: ClientConnection, id: string): boolean {
    const { registry } = this.#world;
    return registry.sent.get(id)?.some((place) => {
      const entry = registry.at(place);
      return entry?.type === "messageSent" && entry.from === viewer &&
        registry.blocks.has(blockKey(entry.to, entry.from));
    }) ?? false;
  }

  #ranked(connection: ClientConnection, id: string, rank: number): void {
    const view = this.#viewOf(connection);
    if (view === undefined || this.#world.registry.isAmbiguous(id)) return;
    const before = view.ranks.get(id) ?? 0;
    const { name } = connection.process.machine;
    const message = (): string =>
      `${name} shows ${id} to ${connection.name} with rank ${rank} after ${before}`;
    this.#world.checks.check(5, rank >= before, message);
    view.ranks.set(id, Math.max(rank, before));
  }

  /** Clients are shown a name; the account's id is looked up in the state of the server. */
  #accountGone(connection: ClientConnection, name: string): void {
    const view = this.#viewOf(connection);
    for (const account of connection.process.state.accounts.values()) {
      if (account.deleted !== undefined && account.name === name) view?.accountsGone.add(account.id);
    }
  }

  #userSeen(connection: ClientConnection, name: string): void {
    const { process, name: client } = connection;
    const id = process.state.directory.find(name)?.id ?? "";
    const isThere = !this.#viewOf(connection)?.accountsGone.has(id);
    this.#world.checks.check(4, isThere, () => `${client} is shown ${name} again after its deletion`);
  }
}
