/**
 * Schedules in which faces without a screen use a cluster under faults: they write, delete, move, go offline and
 * crash. In the end each model must be what the nodes have, and every message must be there once.
 *
 * @module
 */

import type { Message } from "../../client/core/message.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { Chance } from "./chance.ts";
import { bring } from "./faults.ts";
import { FinalReader } from "./final_reader.ts";
import type { FaceFault } from "./kept_outbox.ts";
import { anyScreen, peopleOf } from "./looking_faces.ts";
import { withoutReality } from "./reality.ts";
import type { FaultKind, Schedule } from "./schedule.ts";
import { SimulatedFace } from "./simulated_face.ts";
import { scheduleOf } from "./swarm.ts";
import { World } from "./world.ts";

/** Faults that leave on some disk whatever was acknowledged. */
const FAULTS: ReadonlySet<FaultKind> = new Set([
  "kill",
  "stop",
  "crash",
  "freeze",
  "partition",
  "slow",
  "cutOneWay",
  "cutBothWays",
  "reset",
  "dropClients",
]);

const FACES = 4;
const ACTIONS = 150;

/** Duration of the actions; time in which the nodes and the faces come to rest after healing, ms. */
const SPAN_MS = 20_000;
const PEACE_MS = 30_000;

/** Time in which a page is there, once the world is at rest, ms. */
const PAGE_MS = 1_000;

/** Messages of an older page. */
const PAGE = 7;

/** The longest time without a connection, by choice, ms. */
const OFFLINE_MS = 3_000;

/** Counts of one run. */
export interface FacesResult {
  readonly problem: string | undefined;
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs the schedule of a seed with faces instead of clients, all of them with a planted fault if one is given. */
export function simulateFaces(seed: number, fault?: FaceFault): FacesResult {
  return withoutReality(() => new FacesRun(seed, fault).run());
}

class FacesRun {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #chance: Chance;
  readonly #faces: readonly SimulatedFace[];
  /** Ids of the messages that somebody has asked to delete. */
  readonly #deleted = new Set<string>();
  readonly #counts = { written: 0, deletions: 0, crashes: 0, compared: 0, once: 0, people: 0 };

  constructor(seed: number, fault: FaceFault | undefined) {
    const schedule = scheduleOf(seed);
    const shape = { machines: 3, hasArchive: false, joinsAtMs: undefined, backlog: 0, people: 0, clients: 0 };
    const none = { names: 0, hasSearches: false, needsInvitations: false };
    const settings = { ...schedule.settings, ...shape, ...none };
    this.#schedule = { ...schedule, settings };
    this.#world = new World(this.#schedule, { isDisturbed: true });
    // The nodes are judged by the other simulations.
    this.#world.checks.isOff = true;
    this.#chance = new Chance(seed, "faces");
    // Two of them, who begin at different nodes, want one name: it is given twice on two sides of a cut.
    const hasNamesakes = this.#chance.is(0.5);
    this.#faces = Array.from({ length: FACES }, (_, i) => {
      const name = hasNamesakes && i === FACES - 1 ? "user1" : `user${i}`;
      return new SimulatedFace(this.#world, i, name, fault);
    });
  }

  run(): FacesResult {
    const world = this.#world;
    for (const machine of world.machines) machine.start();
    if (this.#chance.is(0.5)) this.#splitAtStart();
    for (const face of this.#faces) world.at(this.#chance.between(300, 800), () => face.start());
    for (const fault of this.#schedule.faults) {
      if (FAULTS.has(fault.kind)) world.at(fault.atMs % SPAN_MS, () => bring(world, fault));
    }
    for (let i = 0; i < ACTIONS; i++) world.at(this.#chance.between(1_000, SPAN_MS), () => this.#act());
    world.runUntil(SPAN_MS);
    this.#heal();
    world.runUntil(SPAN_MS + PEACE_MS);
    const problem = this.#settle() ?? this.#problem();
    return { problem, counts: this.#allCounts() };
  }

  /** Names are given on two sides of a cut. */
  #splitAtStart(): void {
    const fault = { kind: "partition", atMs: 0, machine: 0, other: 1, forMs: 3_000, amount: 0 } as const;
    bring(this.#world, fault);
  }

  #act(): void {
    const chance = this.#chance;
    const face = chance.pick(this.#faces);
    const { model } = face;
    if (!face.isRunning) return;
    if (chance.is(0.5)) return this.#write(face);
    const chat = chance.pick([...model.chats.all, undefined]);
    const message = chance.pick([...(chat === undefined ? [] : model.messages.of(chat)), undefined]);
    switch (chance.below(12)) {
      case 0:
        this.#counts.crashes++;
        return face.crash();
      case 1:
        face.isOffline = true;
        this.#world.after(chance.between(0, OFFLINE_MS), () => face.isOffline = false);
        return void (chance.is(0.5) && face.give({ kind: "moveTo", node: "node1" }));
      case 2:
        return face.give({ kind: "moveTo", node: chance.pick(["node1", "node2", "node3"]) });
      case 3:
      case 4:
        return face.give(chat === undefined ? { kind: "closeChat" } : { kind: "openChat", with: chat.name });
      case 5:
        return chat && face.give({ kind: "draft", chat, text: `draft ${chance.below(100)}` });
      case 6:
        return this.#takeBack(face, message);
      case 7:
      case 8:
        return face.give(anyScreen(chance, face));
      case 9:
        return this.#restoreStranger(face);
      default:
        return this.#delete(face, message);
    }
  }

  #write(face: SimulatedFace): void {
    const known = face.model.chats.all.map(({ name }) => name);
    const to = this.#chance.pick([...known, ...this.#faces.map((_, i) => `user${i}`)]);
    if (face.model.account === undefined || to === face.model.account.name) return;
    face.write(to, `text ${this.#counts.written++}`);
  }

  /** A machine that several people use has the outbox of another one. */
  #restoreStranger(face: SimulatedFace): void {
    const { saved } = this.#chance.pick(this.#faces).outbox;
    const [owner, own] = [saved?.of.account, face.model.account?.id];
    if (owner !== undefined && own !== undefined && owner !== own) face.give({ kind: "restore", saved });
  }

  #takeBack(face: SimulatedFace, message: Message | undefined): void {
    const { messages } = face.model;
    const unsent = [...messages.unsent];
    const chosen = unsent.length > 0 ? this.#chance.pick(unsent) : message;
    if (chosen === undefined) return;
    face.give({ kind: this.#chance.pick(["edit", "discard", "retry"]), id: chosen.id });
    if (chosen.deleted) face.written.delete(chosen.id);
  }

  #delete(face: SimulatedFace, message: Message | undefined): void {
    if (message === undefined || face.model.messages.unsent.has(message)) return;
    this.#counts.deletions++;
    this.#deleted.add(message.id);
    face.give({ kind: "deleteMessages", ids: [message.id] });
  }

  #heal(): void {
    const world = this.#world;
    world.isHealed = true;
    world.wires.heal();
    for (const machine of world.machines) {
      machine.disk.heal();
      machine.process?.thaw();
      machine.start();
    }
    for (const face of this.#faces) face.isOffline = false;
  }

  /** Sends what failed once more, and asks for every page of every chat; returns a face that does not come to rest. */
  #settle(): string | undefined {
    const world = this.#world;
    for (const face of this.#faces) {
      for (const { id, status } of [...face.model.messages.unsent]) {
        if (status === "failed") face.give({ kind: "retry", id });
      }
    }
    world.runUntil(world.nowMs + PAGE_MS);
    for (const face of this.#faces) {
      const { loggedIn, pending, messages } = face.model;
      if (!loggedIn || pending.size > 0) {
        return `face ${face.key} is not at rest: ${pending.size} requests wait`;
      }
      for (const message of [...messages.unsent]) {
        if (message.status === "queued") return `face ${face.key} has not sent ${message.content}`;
        // Nobody has the name, or somebody else.
        face.give({ kind: "discard", id: message.id });
        face.written.delete(message.id);
      }
      for (const { name } of face.model.chats.all) this.#readAll(face, name);
    }
    return undefined;
  }

  #readAll(face: SimulatedFace, name: string): void {
    const world = this.#world;
    face.give({ kind: "openChat", with: name });
    world.runUntil(world.nowMs + PAGE_MS);
    const chat = face.model.focus;
    while (chat?.stretch !== undefined && chat.stretch.from > -Infinity) {
      const before = face.model.messages.history(chat)[0]?.id;
      face.give({ kind: "history", with: chat.name, count: PAGE, before });
      world.runUntil(world.nowMs + PAGE_MS);
    }
  }

  #problem(): string | undefined {
    this.#world.runUntil(this.#world.nowMs + PAGE_MS);
    for (const face of this.#faces) {
      const problem = this.#peopleProblem(face);
      if (problem !== undefined) return problem;
    }
    for (const face of this.#faces) {
      face.drawn.assertFresh(face.model);
      for (const { process, name } of this.#world.machines) {
        if (process === undefined) return `${name} does not run`;
        const reader = new FinalReader(this.#world, process);
        const [user, password] = face.login;
        const account = reader.logIn(user, password);
        if (account !== face.model.account?.id) return `${name} has ${account} for ${user}`;
        const problem = this.#difference(face, reader.everything());
        if (problem !== undefined) return `${user} at ${name}: ${problem}`;
      }
    }
    return undefined;
  }

  /** The difference between the people whom a face knows and those of its node. */
  #peopleProblem(face: SimulatedFace): string | undefined {
    const { node } = face.model;
    const process = this.#world.machines.find(({ name }) => name === node?.name)?.process;
    if (process?.node === undefined) return `face ${face.key} is at ${node?.name}, which does not run`;
    const { known, shown } = peopleOf(face, process.node);
    this.#counts.people += known.length;
    if (known.join("; ") === shown.join("; ")) return undefined;
    return `face ${face.key} knows other people than ${node?.name}:\n${known.join("\n")}\n\n${
      shown.join("\n")
    }`;
  }

  /** The difference between the model of a face and what a node has for its account. */
  #difference({ model, written }: SimulatedFace, told: readonly ChatMessage[]): string | undefined {
    const lines = model.messages.chats.flatMap((chat) => model.messages.history(chat)).map(lineOf).sort();
    const expected = told.map(lineOf).sort();
    const missing = expected.find((line, index) => line !== lines[index]) ?? lines[expected.length];
    if (missing !== undefined) {
      return `they differ in ${missing}:\n${lines.join("\n")}\n\n${expected.join("\n")}`;
    }
    for (const chat of model.messages.chats) {
      const order = model.messages.history(chat).map(({ id }) => id);
      const toldOrder = told.map(({ id }) => id).filter((id) => order.includes(id));
      if (order.join() !== toldOrder.join()) return `the order of ${chat.name} differs`;
    }
    this.#counts.compared += lines.length;
    for (const [id, text] of written) {
      if (this.#deleted.has(id)) continue;
      const times = told.filter((message) => message.id === id || message.content === text).length;
      if (times !== 1) return `${text} is there ${times} times`;
      this.#counts.once++;
    }
    return undefined;
  }

  #allCounts(): Readonly<Record<string, number>> {
    const sum = (of: (face: SimulatedFace) => number): number =>
      this.#faces.reduce((total, face) => total + of(face), 0);
    return {
      ...this.#counts,
      putBack: sum(({ putBack }) => putBack),
      setAside: sum(({ setAside }) => setAside),
      reconnects: sum(({ told }) => told.get("connected") ?? 0),
      renames: sum(({ told }) => (told.get("userRenamed") ?? 0) + (told.get("accountRenamed") ?? 0)),
      drawn: sum(({ drawn }) => drawn.drawn),
      kept: sum(({ drawn }) => drawn.kept),
    };
  }
}

function lineOf({ id, sender, recipient, content, status, timestamp }: ChatMessage | Message): string {
  return `${id} ${sender} ${recipient} ${content} ${status} ${timestamp}`;
}
