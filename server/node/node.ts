/**
 * The node: the only writer. It does no I/O, reads no clock and awaits nothing; requests come in as calls,
 * their events are logged and folded, and replies and pushes leave once the log is durable.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { type Change, NO_CHANGE } from "../core/change.ts";
import { eraseEntry } from "../core/compaction.ts";
import { detached, type EncodedEntry, encodeEntry, EntryEncoder } from "../core/encoded_entry.ts";
import type { Event } from "../core/events.ts";
import { evolve } from "../core/evolve.ts";
import type { Account } from "../core/accounts/account.ts";
import { endingOf } from "../core/accounts/endings.ts";
import { decideTokensUsed, forgetRevoked } from "../core/accounts/tokens.ts";
import { type Notice, react } from "../core/react.ts";
import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import { Audience, type Subscriber } from "./audience.ts";
import { CatchingUp } from "./catching_up.ts";
import { CopyWaits } from "./copy_waits.ts";
import { Drain } from "./drain.ts";
import { closingPush, sendAway } from "./farewell.ts";
import { News } from "./news.ts";
import type { ChangedSettings, NodePorts, NodeSettings } from "./node_settings.ts";
import { ClientPresence } from "./client_presence.ts";
import { OwnEntries } from "./own_entries.ts";
import { PeopleNews } from "./people_news.ts";
import { PushFrames } from "./push_frames.ts";
import { TokenUses } from "./token_uses.ts";
import { type Outlet, Turn } from "./turn.ts";

/** One node of the cluster. */
export class Node {
  readonly audience = new Audience();
  readonly tokenUses = new TokenUses();
  readonly catchingUp = new CatchingUp();
  readonly news = new News(this);
  readonly presence = new ClientPresence(this);
  readonly people = new PeopleNews(this);
  readonly drain = new Drain(this);
  /** Outlets that hold replies which wait for other nodes. */
  readonly holding = new Set<Outlet>();
  /** Number of messages that clients have sent to this node since its start. */
  messagesSent = 0;
  readonly #ownEntries: OwnEntries;
  readonly #encoder = new EntryEncoder();
  readonly #pushFrames = new PushFrames();
  #turn = new Turn(new ByteWriter());
  /** Memory of the frames of the turn that was released last. */
  #spareFrames: ByteWriter | undefined;
  #turnRequested = false;
  /** The turn whose entries are being written and synced. */
  #committing: Turn | undefined;
  #onDrained: (() => void) | undefined;
  readonly #copyWaits = new CopyWaits();
  #isDrained = false;
  #isForsaken = false;
  #settings: NodeSettings;

  /** @param state the fold of everything in the log */
  constructor(settings: NodeSettings, readonly ports: NodePorts, readonly state: State) {
    this.#settings = settings;
    this.#ownEntries = new OwnEntries(settings.firstLead);
  }

  /** The settings at this moment. */
  get settings(): NodeSettings {
    return this.#settings;
  }

  /** Takes over a changed list of nodes, and who can register, if that is given. */
  reconfigure(changed: ChangedSettings): void {
    const isSame = JSON.stringify(changed.nodes) === JSON.stringify(this.#settings.nodes);
    this.#settings = { ...this.#settings, ...changed };
    this.news.clusterChanged();
    if (!isSame) this.news.nodesChanged(changed.nodes);
  }

  /** True once the node takes no more requests. */
  get closing(): boolean {
    return this.#onDrained !== undefined || this.#isForsaken;
  }

  /**
   * Logs and folds the events of one request, and pushes to everybody whom their changes concern.
   *
   * @returns the changes
   */
  apply(events: readonly Event[], asker?: Subscriber): readonly Change[] {
    if (events.length === 0) return NO_CHANGE;
    let changes: readonly Change[] = NO_CHANGE;
    const { origin } = this.settings;
    const wallMs = this.ports.clock.wallMs();
    const turn = this.openTurn();
    for (const event of events) {
      if (event.type === "messageSent") this.messagesSent++;
      const entry = this.#ownEntries.next(this.state, origin, event, wallMs);
      const encoded = this.#encoder.encode(entry);
      turn.entries.push(encoded);
      const made = evolve(this.state, entry);
      this.ports.memory.took(encoded.json.length);
      changes = changes.length === 0 ? made : [...changes, ...made];
    }
    this.#tell(changes, asker);
    return changes;
  }

  /**
   * Logs and folds entries of other nodes, those of each origin in order after the last one that is here.
   *
   * @param durable called once they are on the disk
   */
  absorb(entries: readonly EncodedEntry[], durable: () => void): void {
    const turn = this.openTurn();
    const wallMs = this.ports.clock.wallMs();
    const kept = entries.map((encoded) => {
      const { entry } = encoded;
      this.#tell(evolve(this.state, entry), undefined);
      this.ports.memory.took(encoded.json.length);
      // Content that was deleted meanwhile does not come to this disk again.
      const left = eraseEntry(this.state, entry, wallMs);
      return left === entry ? encoded : encodeEntry(left);
    });
    const isWhole = kept.every((each, i) => each === entries[i]);
    for (const each of kept) turn.entries.push(isWhole ? each : detached(each));
    turn.addCall(durable);
  }

  #tell(changes: readonly Change[], asker: Subscriber | undefined): void {
    this.people.changed(changes);
    if (this.audience.isEmpty) return;
    this.presence.changed(changes);
    this.notify(react(changes, this.settings.limits.idsPerPush), asker);
    for (const change of changes) this.#endSessions(change, asker);
  }

  /** Adds a session that has logged in; an account with its first session comes online. */
  enter(account: Account, subscriber: Subscriber): void {
    const isFirst = this.audience.of(account).length === 0;
    this.audience.add(account, subscriber, this.ports.clock.wallMs());
    if (isFirst) this.presence.changedHere(account);
  }

  /** Removes a session that has logged out; an account without another session goes offline. */
  leave(account: Account, subscriber: Subscriber): void {
    this.audience.remove(account, subscriber);
    this.people.leave(subscriber.outlet);
    if (this.audience.of(account).length === 0) this.presence.changedHere(account);
  }

  /** True if an account is logged in anywhere in the cluster, as far as this node knows. */
  isOnline(account: Account): boolean {
    return this.audience.of(account).length > 0 || this.ports.replication.isOnline(account.id);
  }

  /** Returns the open turn and asks for its end; output added to it leaves with it. */
  openTurn(): Turn {
    if (!this.#turnRequested) {
      this.#turnRequested = true;
      this.ports.requestTurn();
    }
    return this.#turn;
  }

  /** Calls back once everything that has happened so far is durable. */
  whenDurable(then: () => void): void {
    this.openTurn().addCall(then);
  }

  /**
   * Calls back once everything that has happened so far is durable here and, in a cluster, on another disk: only
   * then can nothing of it be lost with this node.
   */
  whenCopied(then: () => void): void {
    this.whenDurable(() => {
      const seq = seqOf(this.state.version, this.settings.origin);
      this.#copyWaits.wait({ seq, version: new Map(this.state.version) }, then);
      this.#lookAtCopies();
    });
  }

  #lookAtCopies(): void {
    this.#copyWaits.look(this.ports.replication, this.settings.clusterSize);
  }

  /** Pushes notices to the sessions they are for, as far as these take pushes. */
  notify(notices: readonly Notice[], asker?: Subscriber): void {
    this.#pushFrames.clear();
    for (const notice of notices) {
      for (const subscriber of this.audience.of(notice.to)) {
        if (!subscriber.takesPushes || (notice.exceptAsker && subscriber === asker)) continue;
        this.#pushFrames.add(this.openTurn(), subscriber.outlet, "push", notice);
      }
    }
  }

  #endSessions(change: Change, asker: Subscriber | undefined): void {
    for (const subscriber of this.audience.endedBy(change)) {
      // The session that asked still gets its reply; its handler ends it.
      if (subscriber !== asker) subscriber.end(endingOf(change));
    }
  }

  /** Ends the turn: writes it, or, if it wrote nothing, lets it go. Waits while another is being written. */
  endTurn(): void {
    this.#turnRequested = false;
    if (this.#committing) return;
    const turn = this.#turn;
    if (this.#isForsaken) turn.dropOutputs();
    if (turn.empty) return this.#drained();
    this.#turn = new Turn(this.#spareFrames ?? new ByteWriter());
    this.#spareFrames = undefined;
    if (turn.entries.length === 0) {
      this.#spareFrames = turn.release();
      return this.#drained();
    }
    this.#committing = turn;
    this.ports.log.commit(turn.entries);
  }

  /** The turn that was written is durable: its output leaves, and the next turn is written. */
  logSynced(): void {
    const turn = this.#committing;
    assert(turn !== undefined, "a sync came back and no turn was being written");
    this.#committing = undefined;
    this.ports.replication.synced();
    this.#spareFrames = turn.release();
    this.endTurn();
  }

  /** Lets held replies leave; called when peers have acknowledged entries, and about ten times a second. */
  replicated(): void {
    for (const outlet of this.holding) {
      if (outlet.releaseHeld()) this.holding.delete(outlet);
    }
    this.#lookAtCopies();
    this.news.look();
    this.presence.look();
    this.people.look();
    this.catchingUp.look(this.ports.replication, this.ports.clock.monotonicMs());
    this.#drained();
  }

  /** Logs the use of tokens when that is due, and forgets old revocations; called about once a second. */
  tick(): void {
    forgetRevoked(this.state, this.ports.clock.wallMs(), this.settings.limits);
    if (this.tokenUses.isDue(this.ports.clock.monotonicMs())) this.#logTokenUses();
  }

  #logTokenUses(): void {
    if (this.ports.log.readOnly) return;
    const inUse = this.tokenUses.take(this.audience.all());
    this.apply(decideTokensUsed(this.state, inUse, this.ports.clock.wallMs()));
  }

  /** Tells the clients that this node closes; calls back once everything decided is durable and sent. */
  close(reason: string, onDrained: () => void): void {
    this.#onDrained = onDrained;
    this.#logTokenUses();
    this.sendAway(reason);
  }

  /** Tells the clients that this node serves nobody any more, and ends their sessions. */
  dismissClients(reason: string): void {
    this.sendAway(reason);
    for (const subscriber of [...this.audience.all()]) subscriber.end();
  }

  /** Tells sessions, all unless given, to go on with other nodes: behind held replies, as clients leave at once. */
  sendAway(reason: string, sessions: Iterable<Subscriber> = this.audience.all()): void {
    const turn = this.openTurn();
    const source = { push: closingPush(this.settings, reason) };
    for (const { takesPushes, outlet } of sessions) {
      if (takesPushes) this.#pushFrames.add(turn, outlet, "push in order", source);
    }
  }

  /**
   * Tells the clients to go on with other nodes, and ends their sessions. No reply leaves any more, not even one
   * whose entries are durable: they are of a branch that other nodes do not have.
   */
  forsake(reason: string): void {
    this.#isForsaken = true;
    this.#turn.dropOutputs();
    this.#committing?.dropOutputs();
    sendAway(this, reason);
  }

  #drained(): void {
    if (this.#isDrained || !this.closing || this.#committing || !this.#turn.empty || this.holding.size > 0) {
      return;
    }
    this.#isDrained = true;
    this.#onDrained?.();
  }
}
