/**
 * PERSON: tells sessions the changes of the people that they watch (client protocol, WATCH).
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import type { Change } from "../core/change.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import type { Slices } from "../core/slices.ts";
import type { State } from "../core/state.ts";
import { type Watch, WatchedPeople, type WatchWish } from "../core/watching/watched_people.ts";
import { LateDepartures } from "./late_departures.ts";
import type { NodePorts, NodeSettings } from "./node_settings.ts";
import { createdPush, Departure, type PersonPush, presencePush } from "./person_changes.ts";
import { PresenceReceivers, WATCH_PACE } from "./presence_receivers.ts";
import { PushFrames } from "./push_frames.ts";
import type { Outlet, PushSource, Turn } from "./turn.ts";

/** Most pushes that waited and leave with one change, so that many changes let many of them go. */
const PUSHES_PER_CHANGE = 1_000;

/** The same for each look, of which there are about ten a second: they take a few milliseconds. */
const PUSHES_PER_LOOK = 2_000;

/** Work on ranges that lack people, with one change or look, units. */
const FILL_WORK = 5_000;

/** Wait of a client that cannot watch because too many people are watched, seconds. */
const RETRY_SECONDS = 60;

/** The node, as far as watching needs it. */
interface PeopleNode {
  readonly settings: Pick<NodeSettings, "limits">;
  readonly ports: Pick<NodePorts, "clock">;
  readonly state: Pick<State, "directory">;
  isOnline(account: Account): boolean;
  openTurn(): Turn;
}

/** A session that watches, and its account. */
interface Viewer {
  readonly outlet: Outlet;
  readonly account: Account;
}

/** A push of the present call, and its frames, which all sessions share. */
interface SharedPush {
  readonly source: PushSource;
  readonly frames: PushFrames;
}

/** A person in the present call: the state is the same for all sessions. */
interface Moment {
  /** Name in lower case. */
  readonly key: string;
  readonly isOnline: boolean;
  /** Coming and going, which most pushes are about. */
  readonly presence: SharedPush;
  /** The presence for those whom the person blocks. */
  readonly absence: SharedPush;
}

/** The watches of all sessions. */
export class PeopleNews {
  readonly #node: PeopleNode;
  readonly #watched: WatchedPeople;
  /** The sessions of the watches of which changes are told. */
  readonly #viewers = new Map<Watch, Viewer>();
  readonly #watches = new Map<Outlet, Watch>();
  /** Watches whose people are being looked for. */
  readonly #beginning = new Map<Outlet, Watch>();
  /** Departures that wait, by the account, and accounts that were made and not told of yet. */
  readonly #waiting = new Map<Watch, Map<Account, Departure | "made">>();
  readonly #departures = new LateDepartures();
  readonly #receivers = new PresenceReceivers<Watch, Account | Departure>(
    WATCH_PACE,
    (subjects, watches) => {
      for (const watch of watches) this.#tell(subjects, watch);
    },
  );
  readonly #moments = new Map<Account, Moment>();

  constructor(node: PeopleNode) {
    this.#node = node;
    this.#watched = new WatchedPeople({
      named: (name) => node.state.directory.named(name),
      names: (prefix, after) => node.state.directory.names(prefix, after),
    });
  }

  /** Number of sessions that watch somebody, and of the people that count against `watchedPeople`. */
  get size(): { readonly sessions: number; readonly people: number } {
    return { sessions: this.#watches.size, people: this.#watched.size };
  }

  /** Lets a session watch people in place of those before, or returns the refusal. */
  *watch(account: Account, outlet: Outlet, wish: WatchWish): Slices<Refusal | undefined> {
    const limit = this.#node.settings.limits.watchedPeople;
    const next = this.#watched.add(wish);
    const watched = this.#watched.size - (this.#watches.get(outlet)?.names.size ?? 0);
    if (watched > limit) {
      this.#watched.remove(next);
      return refusal("busy", tooMany(watched, limit), RETRY_SECONDS);
    }
    // The session may end between two slices.
    this.#beginning.set(outlet, next);
    while (next.range?.isUnfilled) yield this.#watched.fill(next.range);
    this.#beginning.delete(outlet);
    this.leave(outlet);
    this.#watches.set(outlet, next);
    this.#viewers.set(next, { outlet, account });
    return undefined;
  }

  /** Tells a session nothing more; nothing happens if it does not watch. */
  leave(outlet: Outlet): void {
    for (const watches of [this.#beginning, this.#watches]) {
      const watch = watches.get(outlet);
      if (watch === undefined) continue;
      watches.delete(outlet);
      this.#watched.remove(watch);
      this.#viewers.delete(watch);
      this.#waiting.delete(watch);
      this.#departures.leave(watch);
      this.#receivers.leave(watch);
    }
  }

  /** Tells the changes of people among these. */
  changed(changes: readonly Change[]): void {
    if (this.#watched.size === 0) return;
    for (const change of changes) this.#take(change);
    this.#look(PUSHES_PER_CHANGE);
  }

  /** Tells that an account has come online, or has gone. */
  presenceChanged(account: Account): void {
    const key = account.name.toLowerCase();
    if (this.#viewers.size === 0 || this.#node.state.directory.named(key) !== account) return;
    const watches = this.#watched.watchesOf(key);
    const told = account.decisions === undefined
      ? watches
      : watches.filter((watch) => !this.#isBlocked(account, watch));
    this.#changed(account, told, false);
    this.#look(PUSHES_PER_CHANGE);
  }

  /** Tells a person that an account blocks them from now on, or no longer, as the presence that they see now. */
  blockChanged(account: Account, person: Account): void {
    if (this.#viewers.size === 0) return;
    const watches = this.#watched.watchesOf(account.name.toLowerCase());
    this.#changed(account, watches.filter((watch) => this.#viewers.get(watch)?.account === person), false);
    this.#look(PUSHES_PER_CHANGE);
  }

  #isBlocked(account: Account, watch: Watch): boolean {
    const viewer = this.#viewers.get(watch);
    return viewer !== undefined && account.blocks(viewer.account);
  }

  /** Tells the changes that had to wait; to be called about ten times a second. */
  look(): void {
    if (this.#viewers.size > 0) this.#look(PUSHES_PER_LOOK);
  }

  #look(pushesMax: number): void {
    this.#watched.fillAll(FILL_WORK, (name, watch) => {
      const account = this.#node.state.directory.named(name);
      if (account !== undefined) this.#changed(account, [watch], true);
    });
    this.#receivers.look(this.#node.ports.clock.monotonicMs(), pushesMax);
    this.#departures.prune((watch) => !this.#receivers.isWaiting(watch));
    this.#moments.clear();
  }

  #take(change: Change): void {
    switch (change.type) {
      case "accountMade":
        return this.#made(change.account);
      case "accountRenamed": {
        const [from, to] = [change.from.toLowerCase(), change.to.toLowerCase()];
        const before = this.#knowing(from);
        this.#listed(from);
        this.#listed(to);
        this.#departed(new Departure(change.account, change.from), before);
        return this.#changed(change.account, this.#watched.watchesOf(to), true);
      }
      case "accountGone": {
        const key = change.name.toLowerCase();
        const before = this.#knowing(key);
        this.#listed(key);
        return this.#departed(new Departure(change.account, change.name), before);
      }
      default:
        return;
    }
  }

  /** The watches whose sessions know who has a name in lower case. */
  #knowing(name: string): ReadonlySet<Watch> {
    return new Set([...this.#watched.watchesOf(name), ...this.#departures.of(name)]);
  }

  #listed(name: string): void {
    this.#watched.listed(name, (left, watch) => this.#departures.add(left, watch));
  }

  #made(account: Account): void {
    const key = account.name.toLowerCase();
    this.#listed(key);
    const watches = this.#watched.watchesOf(key);
    for (const watch of watches) this.#waitingOf(watch)?.set(account, "made");
    this.#changed(account, watches, true);
  }

  /** Tells that somebody has a name no more. The first of several departures counts, in its place. */
  #departed(departure: Departure, watches: Iterable<Watch>): void {
    const { account } = departure;
    for (const watch of watches) {
      const waiting = this.#waitingOf(watch);
      if (waiting === undefined || waiting.has(account)) continue;
      waiting.set(account, departure);
      this.#receivers.changed(departure, [watch], this.#node.ports.clock.monotonicMs());
    }
  }

  #waitingOf(watch: Watch): Map<Account, Departure | "made"> | undefined {
    if (!this.#viewers.has(watch)) return undefined;
    const known = this.#waiting.get(watch);
    if (known) return known;
    const waiting = new Map<Account, Departure | "made">();
    this.#waiting.set(watch, waiting);
    return waiting;
  }

  #changed(account: Account, watches: readonly Watch[], isLast: boolean): void {
    const present = this.#beginning.size === 0
      ? watches
      : watches.filter((watch) => this.#viewers.has(watch));
    if (present.length === 0) return;
    this.#receivers.changed(account, present, this.#node.ports.clock.monotonicMs(), isLast);
  }

  #tell(subjects: readonly (Account | Departure)[], watch: Watch): void {
    const viewer = this.#viewers.get(watch);
    if (viewer === undefined) return;
    for (const subject of subjects) {
      if (subject instanceof Departure) this.#tellDeparture(subject, watch, viewer.outlet);
      else this.#tellAccount(subject, watch, viewer);
    }
  }

  #tellAccount(account: Account, watch: Watch, { outlet, account: viewer }: Viewer): void {
    const { key, isOnline, presence, absence } = this.#momentOf(account);
    const isBlocked = account.blocks(viewer);
    const isNew = this.#waiting.get(watch)?.get(account) === "made";
    if (isNew) this.#toldOf(account, watch);
    if (!account.alive || !this.#watched.includes(watch, key)) return;
    if (isNew) this.#push(outlet, shared(createdPush(account)));
    if (!isNew || isOnline && !isBlocked) this.#push(outlet, isBlocked ? absence : presence);
  }

  #tellDeparture(departure: Departure, watch: Watch, outlet: Outlet): void {
    this.#toldOf(departure.account, watch);
    const payload = departure.change();
    if (payload) this.#push(outlet, shared({ name: "person", payload }));
  }

  #toldOf(account: Account, watch: Watch): void {
    const waiting = this.#waiting.get(watch);
    if (waiting?.delete(account) && waiting.size === 0) this.#waiting.delete(watch);
  }

  #push(outlet: Outlet, { source, frames }: SharedPush): void {
    frames.add(this.#node.openTurn(), outlet, "push in order", source);
  }

  #momentOf(account: Account): Moment {
    const known = this.#moments.get(account);
    if (known) return known;
    const isOnline = this.#node.isOnline(account);
    const presence = shared(presencePush(account, isOnline));
    const absence = isOnline ? shared(presencePush(account, false)) : presence;
    const moment = { key: account.name.toLowerCase(), isOnline, presence, absence };
    this.#moments.set(account, moment);
    return moment;
  }
}

function shared(push: PersonPush): SharedPush {
  return { source: { push }, frames: new PushFrames() };
}

function tooMany(watched: number, limit: number): string {
  return `${watched} people would be watched at this node and the limit is ${limit}; watch fewer, or ask LIST_USERS`;
}
