/**
 * Comparisons of two branches left out, each with a case in which no other comparison can tell.
 *
 * @module
 */

import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import type { ChainedPlace } from "../../../server/core/version.ts";
import { ForkMarks } from "../../../server/replication/fork_marks.ts";
import { Forks } from "../../../server/replication/forks.ts";
import { ForkedMesh, ORIGIN } from "../../testing/forked_mesh.ts";
import type { MeshMember } from "../../testing/mesh_member.ts";

/** A fault between two branches. */
export interface ForkFault {
  readonly name: string;
  /** Runs the case; returns the problem, if there is one. */
  run(isPlanted: boolean): string | undefined;
}

/** Time in which no heartbeat and no complete acknowledgement comes, ms. */
const BEFORE_HEARTBEAT_MS = 600;

/** All faults. */
export const FORK_FAULTS: readonly ForkFault[] = [
  {
    name: "versions of hellos are not compared",
    run: (isPlanted) => {
      const forked = apart();
      forked.cut("n2", "n3");
      write(forked, 2, 2);
      forked.mesh.pass(15_000);
      if (isPlanted) believe(forked, "hello");
      forked.join("n2", "n3");
      restart(forked, "n2");
      forked.mesh.pass(BEFORE_HEARTBEAT_MS);
      return unseen(forked, "n2", "n3");
    },
  },
  {
    name: "acknowledgements are not compared",
    run: (isPlanted) => {
      const forked = apart();
      if (isPlanted) believe(forked, "ack");
      write(forked, 5, 3);
      forked.mesh.pass(BEFORE_HEARTBEAT_MS);
      return unseen(forked, "n2", "n3");
    },
  },
  {
    name: "the entry before a batch is not compared",
    run: (isPlanted) => {
      const forked = apart();
      forked.cut("n2", "n3");
      write(forked, 5, 2);
      forked.mesh.pass(15_000);
      for (const label of ["n2", "n3"]) forked.member(label).history.reachedKept = 0;
      if (isPlanted) believe(forked, "entries");
      forked.join("n2", "n3");
      forked.mesh.pass(5_000);
      const taken = forked.stamps("n3").length - 5;
      return unseen(forked, "n2", "n3") ??
        (taken === 0 ? undefined : `${taken} entries follow another branch`);
    },
  },
  { name: "heartbeats are not compared", run: (isPlanted) => seenByHeartbeat(isPlanted, "heartbeat") },
  { name: "places below the end are not compared", run: (isPlanted) => seenByHeartbeat(isPlanted, "ring") },
  {
    name: "a forked origin is not marked",
    run: (isPlanted) => patched(isPlanted, ForkMarks.prototype, "has", { value: () => false }, goesOn),
  },
  {
    name: "a half goes on",
    run: (isPlanted) => patched(isPlanted, Forks.prototype, "isHalf", { get: () => false }, staysSilent),
  },
  {
    name: "a half that reaches no other branch is not told",
    run: (isPlanted) => {
      const forked = apart();
      if (isPlanted) {
        forked.mesh.loses = ({ message }) => message.type === "traced" && message.seqs.length === 0;
      }
      write(forked, 2, 3);
      forked.mesh.pass(5_000);
      return forked.halted.join() === "n1,copy" ? undefined : `halted are: ${forked.halted}`;
    },
  },
];

/** The original reaches n2 alone, the copy n3 alone; n2 and n3 reach each other. */
function apart(): ForkedMesh {
  const forked = new ForkedMesh();
  forked.cut("n1", "n3");
  forked.copy();
  forked.cut("copy", "n2");
  // To just behind the heartbeats of the old streams, whose ends have been found dead.
  forked.mesh.pass(15_100);
  return forked;
}

function write(forked: ForkedMesh, original: number, copy: number): void {
  forked.write("n1", original);
  forked.mesh.pass(100);
  forked.write("copy", copy);
}

function restart(forked: ForkedMesh, label: string): void {
  forked.mesh.start(label, forked.mesh.kill(label), forked.mesh.peersOf(label));
}

/** Only a heartbeat from n2 to n3 can tell: n3 has more, and does not reach n2. */
function seenByHeartbeat(isPlanted: boolean, fault: "heartbeat" | "ring"): string | undefined {
  const forked = apart();
  forked.mesh.routes.set("n3>n2", "nowhere");
  restart(forked, "n3");
  forked.mesh.pass(4_000);
  if (isPlanted && fault === "heartbeat") believe(forked, "heartbeat");
  if (isPlanted && fault === "ring") forked.member("n3").history.reachedKept = 0;
  write(forked, 2, 5);
  forked.mesh.pass(2_200);
  return unseen(forked, "n3");
}

function goesOn(): string | undefined {
  const forked = apart();
  write(forked, 2, 5);
  forked.mesh.pass(3_000);
  for (const label of ["n1", "copy"]) forked.mesh.kill(label);
  restart(forked, "n2");
  forked.mesh.pass(12_000);
  const states = forked.mesh.states("n3");
  return states.includes("n2 in sync") ? undefined : `the third nodes are not in sync: ${states}`;
}

function staysSilent(): string | undefined {
  const forked = apart();
  write(forked, 2, 5);
  forked.mesh.pass(2_200);
  const before = forked.mesh.sent.length;
  forked.write("n2", 1);
  forked.mesh.pass(200);
  const acks = forked.mesh.sent.slice(before).filter(({ from, message }) =>
    from === "n1" && (message.type === "ack" || message.type === "entries")
  );
  return acks.length === 0 ? undefined : "a half acknowledges";
}

/** Makes every node believe that the places in messages of a type are its own. */
function believe(forked: ForkedMesh, type: "hello" | "ack" | "heartbeat" | "entries"): void {
  forked.mesh.alters = ({ to, message }) => {
    if (message.type !== type) return message;
    const { version } = forked.member(to);
    const own = (place: ChainedPlace): ChainedPlace => {
      const here = version.get(place.origin);
      return here?.seq === place.seq ? { ...place, ...here } : { ...place, stamp: 0, chain: undefined };
    };
    if (message.type === "entries") return { ...message, previous: message.previous.map(own) };
    return { ...message, version: message.version.map(own) } as PeerMessage;
  };
}

function unseen(forked: ForkedMesh, ...labels: readonly string[]): string | undefined {
  const knows = ({ mesh }: MeshMember): boolean => mesh.forks.some(({ origin }) => origin === ORIGIN);
  const blind = labels.filter((label) => !knows(forked.member(label)));
  return blind.length === 0 ? undefined : `not seen by ${blind}`;
}

/** Runs a case with a member of a class replaced, if the fault is planted. */
export function patched(
  isPlanted: boolean,
  prototype: object,
  member: string,
  replacement: PropertyDescriptor,
  run: () => string | undefined,
): string | undefined {
  const original = Object.getOwnPropertyDescriptor(prototype, member) as PropertyDescriptor;
  if (isPlanted) Object.defineProperty(prototype, member, { ...replacement, configurable: true });
  try {
    return run();
  } finally {
    Object.defineProperty(prototype, member, original);
  }
}
