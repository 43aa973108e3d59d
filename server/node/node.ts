/**
 * The node: the only writer. It does no I/O, reads no clock and awaits nothing; requests come in as calls,
 * what they change is logged and folded, and what they answer leaves once the log is durable.
 *
 * @module
 */

import { appendPush } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import { assert } from "../../common/errors.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { type Change, NO_CHANGE } from "../core/change.ts";
import { eraseEntry } from "../core/compaction.ts";
import { type Entry, entryOf } from "../core/entry.ts";
import type { Event } from "../core/events.ts";
import { evolve } from "../core/evolve.ts";
import type { Account } from "../core/accounts/account.ts";
import { aboutUser, type Notice, partnersOf, react } from "../core/react.ts";
import { ownStamp } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import type { ClientLink, ClientSession, CopiesNeeded } from "../ports/node.ts";
import { CatchingUp } from "./catching_up.ts";
import { LoginThrottle } from "../sessions/login_throttle.ts";
import type { NodePorts, NodeSettings } from "./node_settings.ts";
import { Session } from "../sessions/session.ts";
import type { SessionOutput } from "../sessions/session_output.ts";
import { SessionRegistry } from "./session_registry.ts";
import { TokenUses } from "./token_uses.ts";
import { Turn } from "./turn.ts";

/** One node of the cluster. */
export class Node {
  readonly sessions = new SessionRegistry();
  readonly throttle: LoginThrottle;
  readonly tokenUses = new TokenUses();
  readonly catchingUp = new CatchingUp();
  /** The connections with replies that wait for other nodes. */
  readonly holding = new Set<SessionOutput>();
  #turn = new Turn(new ByteWriter());
  /** The memory of the frames of the turn that was released last. */
  #spareFrames: ByteWriter | undefined;
  #turnRequested = false;
  /** The turn whose entries are being written and synced. */
  #committing: Turn | undefined;
  #onDrained: (() => void) | undefined;
  /** What waits for another disk. */
  readonly #copying: { readonly needed: CopiesNeeded; readonly then: () => void }[] = [];
  #isDrained = false;
  #settings: NodeSettings;

  /** @param state the fold of everything that is in the log */
  constructor(settings: NodeSettings, readonly ports: NodePorts, readonly state: State) {
    this.#settings = settings;
    this.throttle = new LoginThrottle(settings.limits);
  }

  /** What it is at this moment. */
  get settings(): NodeSettings {
    return this.#settings;
  }

  /** The cluster has other nodes from now on. */
  reconfigure(cluster: Pick<NodeSettings, "nodes" | "clusterSize">): void {
    this.#settings = { ...this.#settings, ...cluster };
  }

  /** Whether the node takes no more requests. */
  get closing(): boolean {
    return this.#onDrained !== undefined;
  }

  /** A client has connected. */
  openSession(link: ClientLink): ClientSession {
    return new Session(this, link);
  }

  /**
   * Makes the events of one request happen: in the log, in memory, and for everybody who hears of them.
   *
   * @returns what they changed
   */
  apply(events: readonly Event[], asker?: Session): readonly Change[] {
    if (events.length === 0) return NO_CHANGE;
    let changes: readonly Change[] = NO_CHANGE;
    const { origin } = this.settings;
    const wallMs = this.ports.clock.wallMs();
    for (const event of events) {
      const seq = seqOf(this.state.version, origin) + 1;
      const entry = entryOf(origin, seq, ownStamp(this.state, origin, wallMs), event);
      this.#turn.entries.push(entry);
      const made = evolve(this.state, entry);
      changes = changes.length === 0 ? made : [...changes, ...made];
    }
    this.#tell(changes, asker);
    this.#request();
    return changes;
  }

  /**
   * Makes happen here what has happened at other nodes. The entries of each origin follow the last one that is
   * here, in order.
   *
   * @param durable called once they are on the disk
   */
  absorb(entries: readonly Entry[], durable: () => void): void {
    for (const entry of entries) {
      const changes = evolve(this.state, entry);
      // What was deleted meanwhile does not come to this disk again.
      this.#turn.entries.push(eraseEntry(this.state, entry));
      this.#tell(changes, undefined);
    }
    this.whenDurable(durable);
  }

  #tell(changes: readonly Change[], asker: Session | undefined): void {
    if (this.sessions.isEmpty) return;
    this.notify(react(changes, this.settings.limits.idsPerPush), asker);
    for (const change of changes) this.#endSessions(change, asker);
  }

  /** An account has its first session at this node. */
  cameOnline(account: Account): void {
    this.ports.replication.announce(account.id, true);
    if (!this.ports.replication.isOnline(account.id)) this.#tellPresence(account, "online");
  }

  /** An account has no session at this node any more. */
  wentOffline(account: Account): void {
    this.ports.replication.announce(account.id, false);
    if (!this.ports.replication.isOnline(account.id)) this.#tellPresence(account, "offline");
  }

  /** An account (by id) has come online at other nodes, or is at none of them any more. */
  presenceChanged(account: string, online: boolean): void {
    const known = this.state.accounts.get(account);
    if (known === undefined || this.sessions.of(known).length > 0) return;
    this.#tellPresence(known, online ? "online" : "offline");
  }

  #tellPresence(account: Account, change: "online" | "offline"): void {
    if (account.alive) this.notify(aboutUser(account, partnersOf(account), change));
  }

  /** Whether an account is logged in anywhere in the cluster, as far as is known. */
  isOnline(account: Account): boolean {
    return this.sessions.of(account).length > 0 || this.ports.replication.isOnline(account.id);
  }

  /** The turn that what is said now belongs to: it leaves once everything before it is durable. */
  get turn(): Turn {
    this.#request();
    return this.#turn;
  }

  /** Calls back once everything that has happened so far is durable. */
  whenDurable(then: () => void): void {
    this.turn.addCall(then);
  }

  /**
   * Calls back once everything that has happened so far is durable, and on another disk too where there are
   * others: only then can nothing of it be lost with this one.
   */
  whenCopied(then: () => void): void {
    this.whenDurable(() => {
      const seq = seqOf(this.state.version, this.settings.origin);
      this.#copying.push({ needed: { seq, version: new Map(this.state.version) }, then });
      this.#lookAtCopies();
    });
  }

  #lookAtCopies(): void {
    const { clusterSize } = this.settings;
    while (
      this.#copying[0] && (clusterSize === 1 || this.ports.replication.copies(this.#copying[0].needed) > 0)
    ) {
      this.#copying.shift()?.then();
    }
  }

  /** Pushes to the sessions of the confirmed dialect that a notice is for. */
  notify(notices: readonly Notice[], asker?: Session): void {
    let encoded: { readonly push: Push; readonly start: number; readonly end: number } | undefined;
    for (const { to, push, exceptAsker } of notices) {
      for (const session of this.sessions.of(to)) {
        if (session.dialect !== "confirmed" || (exceptAsker && session === asker)) continue;
        if (encoded?.push !== push) encoded = this.#encode(push);
        this.turn.add(session.output, "push", encoded.start, encoded.end);
      }
    }
  }

  #encode(push: Push): { readonly push: Push; readonly start: number; readonly end: number } {
    const { frames } = this.turn;
    const start = frames.length;
    appendPush(frames, push);
    return { push, start, end: frames.length };
  }

  #endSessions(change: Change, asker: Session | undefined): void {
    for (const session of sessionsEndedBy(change, this.sessions)) {
      // The session that asked still gets its reply; its handler ends it.
      if (session !== asker) session.end();
    }
  }

  #request(): void {
    if (this.#turnRequested) return;
    this.#turnRequested = true;
    this.ports.requestTurn();
  }

  /** Ends the turn: writes it, or, if it wrote nothing, lets it go. Waits while another is being written. */
  endTurn(): void {
    this.#turnRequested = false;
    if (this.#committing) return;
    const turn = this.#turn;
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

  /** The turn that was written is durable: what it has to say may leave, and the next one be written. */
  logSynced(): void {
    const turn = this.#committing;
    assert(turn !== undefined, "a sync came back and no turn was being written");
    this.#committing = undefined;
    this.ports.replication.synced();
    this.#spareFrames = turn.release();
    this.endTurn();
  }

  /** Other nodes have said what they have, or time has passed: replies that waited for that may leave. */
  replicated(): void {
    for (const output of this.holding) {
      if (output.releaseHeld()) this.holding.delete(output);
    }
    this.#lookAtCopies();
    this.catchingUp.look(this.ports.replication, this.ports.clock.monotonicMs());
    this.#drained();
  }

  /** Time has passed; called about once a second. */
  tick(): void {
    const nowMs = this.ports.clock.monotonicMs();
    if (!this.tokenUses.isDue(nowMs)) return;
    this.throttle.prune(nowMs);
    this.#logTokenUses();
  }

  #logTokenUses(): void {
    if (this.ports.log.readOnly) return;
    this.apply(this.tokenUses.events(this.state, this.sessions.all(), this.ports.clock.wallMs()));
  }

  /** Tells the clients that this node goes, and calls back once everything decided is durable and sent. */
  close(reason: string, onDrained: () => void): void {
    this.#onDrained = onDrained;
    this.#logTokenUses();
    const { name, nodes } = this.settings;
    const others = nodes.filter((node) => node.name !== name);
    const { start, end } = this.#encode({ name: "closing", payload: { reason, nodes: others } });
    for (const session of this.sessions.all()) {
      if (session.dialect === "confirmed") this.turn.add(session.output, "push", start, end);
    }
    this.#request();
  }

  #drained(): void {
    if (this.#isDrained || !this.closing || this.#committing || !this.#turn.empty || this.holding.size > 0) {
      return;
    }
    this.#isDrained = true;
    this.#onDrained?.();
  }
}

/** The sessions that a change leaves without a right to be there. */
function sessionsEndedBy(change: Change, sessions: SessionRegistry): readonly Session[] {
  switch (change.type) {
    case "accountGone":
    case "passwordSet":
      return sessions.of(change.account);
    case "tokenVoid":
      return sessions.of(change.token.account).filter((session) => session.token === change.token);
    default:
      return [];
  }
}
