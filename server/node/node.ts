/**
 * The node: the only writer. It does no I/O, reads no clock and awaits nothing; requests come in as calls,
 * what they change is logged and folded, and what they answer leaves once the log is durable.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { appendPush } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import { assert } from "../../common/errors.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { type Change, NO_CHANGE } from "../core/change.ts";
import { entryOf } from "../core/entry.ts";
import type { Event } from "../core/events.ts";
import { evolve } from "../core/evolve.ts";
import { type Notice, react } from "../core/react.ts";
import { nextStamp } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import type {
  ClientLink,
  ClientSession,
  Clock,
  Digest,
  EntryLog,
  Logger,
  PasswordHasher,
  Random,
} from "../ports.ts";
import { LoginThrottle } from "./login_throttle.ts";
import { Session } from "./session.ts";
import { SessionRegistry } from "./session_registry.ts";
import { TokenUses } from "./token_uses.ts";
import { Turn } from "./turn.ts";

/** What a node is. */
export interface NodeSettings {
  readonly name: string;
  readonly cluster: string;
  /** Of the program, as WELCOME says it. */
  readonly version: string;
  /** Node name, `#`, incarnation. */
  readonly origin: string;
  /** Every configured node, this one included: what clients are told. */
  readonly nodes: readonly NodeAddress[];
  readonly limits: Limits;
  /** bcrypt cost of new hashes. */
  readonly hashCost: number;
}

/** What a node touches the outside through. */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EntryLog;
  readonly hasher: PasswordHasher;
  readonly digest: Digest;
  readonly logger: Logger;
  /** Asks for `endTurn` to be called once what has arrived together was taken. */
  requestTurn(): void;
}

/** One node of the cluster. */
export class Node {
  readonly sessions = new SessionRegistry();
  readonly throttle: LoginThrottle;
  readonly tokenUses = new TokenUses();
  #turn = new Turn(new ByteWriter());
  /** The memory of the frames of the turn that was released last. */
  #spareFrames: ByteWriter | undefined;
  #turnRequested = false;
  /** The turn whose entries are being written and synced. */
  #committing: Turn | undefined;
  #onDrained: (() => void) | undefined;

  /** @param state the fold of everything that is in the log */
  constructor(readonly settings: NodeSettings, readonly ports: NodePorts, readonly state: State) {
    this.throttle = new LoginThrottle(settings.limits);
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
      const stamp = nextStamp(this.state.stamp, wallMs);
      const entry = entryOf(origin, seq, stamp, event);
      this.#turn.entries.push(entry);
      const made = evolve(this.state, entry);
      changes = changes.length === 0 ? made : [...changes, ...made];
    }
    this.notify(react(changes, this.settings.limits.idsPerPush), asker);
    for (const change of changes) this.#endSessions(change, asker);
    this.#request();
    return changes;
  }

  /** The turn that what is said now belongs to: it leaves once everything before it is durable. */
  get turn(): Turn {
    this.#request();
    return this.#turn;
  }

  /** Calls back once everything that has happened so far is durable. */
  whenDurable(then: () => void): void {
    this.turn.add({ leaves: then }, "end", 0, 0);
  }

  /** Pushes to the sessions of the confirmed dialect that a notice is for. */
  notify(notices: readonly Notice[], asker?: Session): void {
    let encoded: { readonly push: Push; readonly start: number; readonly end: number } | undefined;
    for (const { to, push, exceptAsker } of notices) {
      for (const session of this.sessions.of(to)) {
        if (session.dialect !== "confirmed" || (exceptAsker && session === asker)) continue;
        if (encoded?.push !== push) encoded = this.#encode(push);
        this.turn.add(session, "push", encoded.start, encoded.end);
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
    this.#spareFrames = turn.release();
    this.endTurn();
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
      if (session.dialect === "confirmed") this.turn.add(session, "push", start, end);
    }
    this.#request();
  }

  #drained(): void {
    if (this.#committing === undefined && this.#turn.empty) this.#onDrained?.();
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
