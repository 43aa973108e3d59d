/**
 * Drains a node: its clients move to other nodes, a few at a time, and its peers get everything, before it ends.
 *
 * @module
 */

import type { State } from "../core/state.ts";
import { seqOf, type Version } from "../core/version.ts";
import type { DrainStatus, PeerStatus } from "../ports/node.ts";
import type { Audience, Subscriber } from "./audience.ts";
import type { NodePorts, NodeSettings } from "./node_settings.ts";

/** Share of the time within which all clients are moved. The rest is for slow ones, and for the peers. */
const MOVING_SHARE = 2 / 3;

/** Fewest sessions that are moved in a second: a few clients need not take all of the time. */
const SESSIONS_PER_SECOND_MIN = 20;

/** Longest time since the last look that counts, ms: after a pause, clients must not move in a crowd. */
const PAUSE_MS_MAX = 1_000;

/** The reason that clients get. */
const REASON = "this node is taken out of service; go on with another";

/** The parts of a node that its drain uses. */
interface DrainedNode {
  readonly settings: NodeSettings;
  readonly ports: NodePorts;
  readonly state: State;
  readonly audience: Audience;
  /** True once the node takes no more requests. */
  readonly closing: boolean;
}

/** The drain of one node, which begins once at most. */
export class Drain {
  #phase: DrainStatus["phase"] | undefined;
  #outcome: DrainStatus | undefined;
  #endMs = 0;
  #movedMs = 0;
  #perMs = 0;
  #lookedMs = 0;
  /** Sessions that may be moved at the next look; a part of one is kept. */
  #allowance = 0;
  #moved = 0;
  readonly #told = new WeakSet<Subscriber>();
  /** Everything that was here when the last session had ended, or when this node wrote something after that. */
  #version: Version | undefined;
  readonly #node: DrainedNode;

  constructor(node: DrainedNode) {
    this.#node = node;
  }

  /** The reason that nobody can log in; `undefined` while everybody can. */
  get refusal(): string | undefined {
    return this.#phase === undefined ? undefined : REASON;
  }

  /** Its state; `undefined` if it has not begun. */
  get status(): DrainStatus | undefined {
    if (this.#phase === undefined || this.#outcome !== undefined) return this.#outcome;
    const leftMs = Math.max(0, Math.round(this.#endMs - this.#nowMs));
    return {
      phase: this.#phase,
      leftMs,
      moved: this.#moved,
      here: this.#node.audience.size,
      lacking: this.#lacking,
    };
  }

  /**
   * Begins, or goes on with another time from now on.
   *
   * @param forMs time after which the node ends, whatever is not done by then
   * @returns the problem, if it cannot begin
   */
  begin(forMs: number): string | undefined {
    if (this.#phase === "over" || this.#node.closing) return `${this.#name} is being stopped already`;
    if (this.#phase === undefined) {
      const problem = this.#whyNowhereToGo();
      if (problem !== undefined) return problem;
      this.#phase = "moving";
    }
    const nowMs = this.#nowMs;
    this.#endMs = nowMs + forMs;
    this.#movedMs = nowMs + forMs * MOVING_SHARE;
    this.#lookedMs = nowMs;
    this.#perMs = Math.max(SESSIONS_PER_SECOND_MIN / 1_000, this.#untold.length / (forMs * MOVING_SHARE));
    return undefined;
  }

  /** Moves the sessions that are due, and looks at the peers after the last; called about ten times a second. */
  look(): void {
    if (this.#phase === undefined || this.#phase === "over" || this.#node.closing) return;
    const nowMs = this.#nowMs;
    this.#move(nowMs);
    const { audience } = this.#node;
    if (this.#phase === "waiting" && audience.isEmpty) {
      const version = this.#versionToHold();
      if (this.#isHeldByAll(version)) this.#phase = "over";
    }
    if (nowMs >= this.#endMs) this.#phase = "over";
    // Frozen: the end of the node takes sessions and peers away.
    if (this.#phase === "over") this.#outcome = this.status;
  }

  #move(nowMs: number): void {
    this.#allowance += Math.min(nowMs - this.#lookedMs, PAUSE_MS_MAX) * this.#perMs;
    this.#lookedMs = nowMs;
    const untold = this.#untold;
    const isLast = nowMs >= this.#movedMs || untold.length <= this.#allowance;
    const due = isLast ? untold : untold.slice(0, Math.floor(this.#allowance));
    this.#allowance -= Math.min(due.length, this.#allowance);
    this.#moved += due.length;
    this.#end(due);
    if (!isLast) return;
    this.#phase = "waiting";
    this.#allowance = 0;
    // Those of the original dialect cannot be told: they are served as long as anybody is.
    this.#end([...this.#node.audience.all()].filter((session) => !this.#told.has(session)));
  }

  #end(sessions: readonly Subscriber[]): void {
    for (const session of sessions) {
      this.#told.add(session);
      session.finished(REASON);
    }
  }

  /** Sessions that can be told to move, and were not. */
  get #untold(): readonly Subscriber[] {
    return [...this.#node.audience.all()].filter((each) => each.takesPushes && !this.#told.has(each));
  }

  /** What the peers must have: everything of this node, but not all that they still write, which would have no end. */
  #versionToHold(): Version {
    const { state: { version }, settings: { origin } } = this.#node;
    if (this.#version !== undefined && seqOf(this.#version, origin) >= seqOf(version, origin)) {
      return this.#version;
    }
    return this.#version = new Map(version);
  }

  #isHeldByAll(version: Version): boolean {
    const { ports: { replication }, settings: { origin } } = this.#node;
    return replication.copies({ seq: seqOf(version, origin), version }) >= this.#reachable.length;
  }

  /** Peers that can be reached and lack entries; nobody before the last session has ended. */
  get #lacking(): DrainStatus["lacking"] {
    if (this.#version === undefined || this.#isHeldByAll(this.#version)) return [];
    const behind = this.#reachable.filter(({ entriesBehind }) => entriesBehind > 0);
    return (behind.length > 0 ? behind : this.#reachable)
      .map(({ name, entriesBehind: entries }) => ({ name, entries }));
  }

  get #reachable(): readonly PeerStatus[] {
    return this.#node.ports.replication.status().filter(({ state }) =>
      state !== "unreachable" && state !== "refused"
    );
  }

  #whyNowhereToGo(): string | undefined {
    const { nodes } = this.#node.settings;
    const others = nodes.map(({ name }) => name).filter((name) => name !== this.#name);
    const wayOut =
      "its clients have nowhere to go. To stop it all the same, send SIGTERM, as systemctl stop does";
    if (others.length === 0) return `${this.#name} is the only node for clients: ${wayOut}`;
    if (this.#reachable.some(({ name }) => others.includes(name))) return undefined;
    return `${this.#name} reaches no other node for clients (${others.join(", ")}): ${wayOut}`;
  }

  get #name(): string {
    return this.#node.settings.name;
  }

  get #nowMs(): number {
    return this.#node.ports.clock.monotonicMs();
  }
}
