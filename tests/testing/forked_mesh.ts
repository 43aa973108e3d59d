/**
 * A mesh of four: node n1 twice, on two copies of one data folder, and n2 and n3, each of which reaches one n1.
 *
 * @module
 */

import { type Entry, entryOf } from "../../server/core/entry.ts";
import { MeshHarness } from "./mesh_harness.ts";
import { MeshMember } from "./mesh_member.ts";

/** The origin of which both copies write. */
export const ORIGIN = "n1#aaaaaaaaaaaa";

/** The origin that the entries of the copy get by a repair. */
export const NEW_ORIGIN = "n1#bbbbbbbbbbbb";

/** Pairs of members that may be cut: the copies never talk with each other. */
export const PAIRS = [["n1", "n2"], ["n1", "n3"], ["copy", "n2"], ["copy", "n3"], ["n2", "n3"]] as const;

/** The four members. */
export class ForkedMesh {
  readonly mesh = new MeshHarness(["n1", "n2", "n3"]);
  readonly #cut = new Set<string>();

  /** @param shared number of entries that n1 writes before it is copied */
  constructor(shared = 3) {
    this.mesh.pass(500);
    this.member("n1").write(shared);
    this.mesh.pass(3_000);
  }

  /** A member by its label; the copy is called `copy`. */
  member(label: string): MeshMember {
    return this.mesh.member(label);
  }

  /** Starts a copy of n1, which n3 takes for n1. */
  copy(): void {
    this.mesh.routes.set("n3>n1", "copy");
    this.mesh.start("copy", this.member("n1").copy(), this.mesh.peersOf("n1"));
    this.cut("copy", "n1");
  }

  /** Cuts two members off from each other. */
  cut(a: string, b: string): void {
    this.#cut.add(`${a} ${b}`);
    this.mesh.cut(a, b);
  }

  /** Joins two members again. */
  join(a: string, b: string): void {
    this.#cut.delete(`${a} ${b}`);
    this.mesh.join(a, b);
  }

  /** Writes entries at a member. */
  write(label: string, count: number): void {
    this.member(label).write(count);
    this.mesh.settle();
  }

  /** Labels of the members that have halted. */
  get halted(): string[] {
    return [...this.mesh.members].filter(([, { halted }]) => halted !== undefined).map(([label]) => label);
  }

  /** Labels of the members that know of the fork. */
  get aware(): string[] {
    const knows = ({ mesh, forsaken }: MeshMember): boolean =>
      forsaken !== undefined || mesh.forks.some(({ origin }) => origin === ORIGIN);
    return [...this.mesh.members].filter(([, member]) => knows(member)).map(([label]) => label);
  }

  /** The entries of the forked origin that a member holds, by stamp. */
  stamps(label: string): number[] {
    const { entries } = this.member(label).history;
    return entries.filter(({ origin }) => origin === ORIGIN).map(({ stamp }) => stamp);
  }

  /** Pairs that are connected, both alive, and hold two branches. */
  get differing(): string[][] {
    return PAIRS.filter(([a, b]) => !this.#cut.has(`${a} ${b}`) && this.#differ(a, b)).map((
      pair,
    ) => [...pair]);
  }

  /** True if the two copies reach each other over other nodes. */
  get isLinked(): boolean {
    const reached = new Set(["n1"]);
    for (const _ of PAIRS) {
      for (const [a, b] of PAIRS) {
        if (this.#cut.has(`${a} ${b}`)) continue;
        if (reached.has(a)) reached.add(b);
        else if (reached.has(b)) reached.add(a);
      }
    }
    return reached.has("copy");
  }

  /** Restarts a member without some entries of the forked origin, as `log repair --accept-loss` leaves its disk. */
  lose(label: string, seqs: readonly number[]): void {
    const { name, origin, history } = this.mesh.kill(label);
    const repaired = new MeshMember(name, origin);
    const isLost = (entry: Entry): boolean => entry.origin === ORIGIN && seqs.includes(entry.seq);
    repaired.history.append(...history.entries.filter((entry) => !isLost(entry)));
    this.mesh.start(label, repaired, this.mesh.peersOf(name));
  }

  #differ(a: string, b: string): boolean {
    if (this.halted.includes(a) || this.halted.includes(b)) return false;
    const [one, other] = [this.stamps(a), this.stamps(b)];
    const last = Math.min(one.length, other.length);
    return one.slice(0, last).some((stamp, i) => stamp !== other[i]);
  }

  /**
   * Restarts a member on its disk, as `log repair` leaves that behind.
   *
   * @param isNew true for `--as-new-origin`, false for `--keep-origin`
   */
  repair(label: string, isNew: boolean): void {
    const before = this.mesh.kill(label);
    const after = before.fork?.after ?? Infinity;
    const own = isNew && before.origin === ORIGIN ? `n1#cccccccccccc` : before.origin;
    const repaired = new MeshMember(before.name, own);
    const place = (entry: Entry): Entry => {
      if (!isNew || entry.origin !== ORIGIN || entry.seq <= after) return entry;
      const { origin: _o, seq, stamp, ...event } = entry;
      return entryOf(NEW_ORIGIN, seq - after, stamp, event);
    };
    const isSettled = !isNew && before.fork?.isThird === false && before.fork.other !== undefined;
    if (isSettled && before.fork !== undefined) repaired.settled = [{ ...before.fork, settled: true }];
    repaired.history.append(...before.history.entries.map(place));
    this.mesh.start(label, repaired, this.mesh.peersOf(before.name));
  }
}
