/**
 * A face without a screen in a simulated world: the core of the product's client, a network of virtual time, and a
 * disk that outlives the crash of its program.
 *
 * @module
 */

import type { Failure } from "../../client/core/failures.ts";
import type { CommonInput } from "../../client/core/inputs.ts";
import type { Message } from "../../client/core/message.ts";
import { type Model, newModel } from "../../client/core/model.ts";
import type { Notice } from "../../client/core/notices.ts";
import type { Saved } from "../../client/core/saved.ts";
import type { Effect } from "../../client/core/step.ts";
import { HANDLERS, update } from "../../client/core/update.ts";
import { uuidOf } from "../../server/core/identity.ts";
import { DrawnChats } from "../testing/drawn_chats.ts";
import type { Chance } from "./chance.ts";
import { ClientConnection, type Listener, type Said } from "./client_connection.ts";
import { type FaceFault, KeptOutbox } from "./kept_outbox.ts";
import { START_MS } from "./machine_clock.ts";
import type { World } from "./world.ts";

const OPTIONS = { script: false, receives: true, creates: false, saves: true } as const;

/** Wait before the next node is tried, and before a program that has ended comes again, ms. */
const PAUSE_MS = 200;
const RESTART_MS = 1_500;

/** Time without the reply to a request after which a node is left, ms. */
const SILENCE_MS = 3_000;

/** Delay of a planted fault, ms. */
const LATE_MS = 400;

/** Failures of a login, after which it is tried again. */
const LOGIN_FAILURES: ReadonlySet<Failure["kind"]> = new Set([
  "nameTaken",
  "nameUnknown",
  "passwordWrong",
  "refused",
]);

/** A client of one person. */
export class SimulatedFace implements Listener {
  model: Model = newModel(OPTIONS);
  drawn = new DrawnChats();
  /** Texts of the messages that were written and not taken back, by id. */
  readonly written = new Map<string, string>();
  /** Count of each kind of notice and failure, in all its lives. */
  readonly told = new Map<(Notice | Failure)["kind"], number>();
  /** Messages that were put back after crashes. */
  putBack = 0;
  /** Outboxes that were of another account. */
  setAside = 0;
  isOffline = false;
  /** False between a crash and the next start. */
  isRunning = false;
  readonly #chance: Chance;
  readonly #password: string;
  #name: string;
  /** The login on its disk. */
  #kept: { readonly name: string; readonly token: string } | undefined;
  /** The outboxes on its disk. */
  readonly outbox = new KeptOutbox();
  #connection: ClientConnection | undefined;
  #isGreeted = false;
  readonly #asked: number[] = [];
  #answered = 0;
  readonly #seen = new Set<string>();
  /** Number of its program; effects of earlier ones are of no interest. */
  #life = 0;
  #node = 0;

  constructor(readonly world: World, readonly key: number, name: string, readonly fault?: FaceFault) {
    this.#name = name;
    this.#chance = world.chanceOf(`face ${key}`);
    this.#password = `password ${key}`;
    this.#node = key;
  }

  /** The name that its account has now, and its password. */
  get login(): readonly [string, string] {
    return [this.model.account?.name ?? this.#name, this.#password];
  }

  /** Starts its program, with everything that an earlier one has kept. */
  start(): void {
    this.#life++;
    this.isRunning = true;
    this.model = newModel(OPTIONS);
    this.drawn = new DrawnChats();
    this.#seen.clear();
    if (this.#kept === undefined) this.#enter("register");
    else {
      this.give({ kind: "start", user: this.#kept.name, token: this.#kept.token });
      const saved = this.fault === "forgets" ? undefined : this.#saved();
      if (saved !== undefined) this.give({ kind: "restore", saved });
      for (const aside of this.outbox.takeAside()) this.give({ kind: "restore", saved: aside });
    }
    this.#connect();
  }

  #saved(): Saved | undefined {
    const { saved } = this.outbox;
    if (saved === undefined || this.fault !== "renumbers") return saved;
    return { ...saved, messages: saved.messages.map((each) => ({ ...each, id: this.#newId() })) };
  }

  #newId(): string {
    return uuidOf(this.#chance.bytes(16));
  }

  /** Its program ends without a warning, and comes again. */
  crash(): void {
    this.#life++;
    this.isRunning = false;
    this.#hangUp();
    this.#later(RESTART_MS, () => this.start());
  }

  #enter(kind: "register" | "login"): void {
    if (this.model.loggedIn) return;
    this.give({ kind, name: this.#kept?.name ?? this.#name, password: this.#password });
  }

  /** Writes a message; undefined without an account. */
  write(to: string, text: string): void {
    const { model } = this;
    if (model.account === undefined) return;
    const id = this.#newId();
    this.written.set(id, text);
    this.give({ kind: "send", to, text, id, timestamp: (START_MS + this.world.nowMs) / 1_000 });
  }

  /** Gives an input, and performs its effects. */
  give(input: CommonInput): void {
    const life = this.#life;
    for (const effect of update(this.model, input, HANDLERS)) if (life === this.#life) this.#perform(effect);
    if (life !== this.#life) return;
    this.#keepLogin();
    this.drawn.draw(this.model);
    this.#answer();
    this.#see();
  }

  #keepLogin(): void {
    const { account, loggedIn } = this.model;
    if (loggedIn && account?.token !== undefined) this.#kept = { name: account.name, token: account.token };
  }

  /** Nobody is asked: the password is known. */
  #answer(): void {
    const { question, account } = this.model;
    if (question?.kind !== "password") return;
    this.give({ kind: "login", name: account?.name ?? question.name, password: this.#password });
  }

  #see(): void {
    const { focus, messages, account } = this.model;
    if (focus === undefined) return;
    const ids = messages.history(focus).filter((message) => this.#isNew(message, account?.name))
      .map(({ id }) => id);
    for (const id of ids) this.#seen.add(id);
    if (ids.length > 0) this.give({ kind: "seen", ids });
  }

  #isNew({ id, recipient, status }: Message, me: string | undefined): boolean {
    return recipient === me && status !== "read" && !this.#seen.has(id);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "ask":
        this.#asked.push(effect.serial);
        this.#connection?.request(effect.request);
        return this.#expect();
      case "save":
        if (this.fault !== "saves late") return this.#forget(this.outbox.save(effect.saved));
        return this.#later(LATE_MS, () => this.#forget(this.outbox.save(effect.saved)));
      case "setAside":
        this.setAside++;
        return this.#forget(this.outbox.setAside(effect.saved));
      case "wakeUpAfter":
        return this.#later(effect.ms, () => this.give({ kind: "wakeUp" }));
      case "tellMarksAfter":
        return this.#later(effect.ms, () => this.give({ kind: "tellMarks" }));
      case "lookAtClusterAfter":
        return this.#later(effect.ms, () => this.give({ kind: "lookAtCluster" }));
      case "lookAfter":
        return this.#later(effect.ms, () => this.give({ kind: "look", turn: effect.turn }));
      case "moveTo":
        this.#node = this.world.machines.findIndex(({ name }) => name === effect.node);
        return this.#leaveNode();
      case "moveOn":
        return this.#leaveNode();
      case "leave":
        return this.crash();
      case "notice":
        if (effect.notice.kind === "putBack") this.putBack += effect.notice.messages;
        return this.#count(effect.notice);
      case "failure":
        this.#count(effect.failure);
        return this.#tryAgain(effect.failure);
      default:
        return;
    }
  }

  /** These messages are not sent by this account. */
  #forget(ids: readonly string[]): void {
    for (const id of ids) this.written.delete(id);
  }

  #count({ kind }: Notice | Failure): void {
    this.told.set(kind, (this.told.get(kind) ?? 0) + 1);
  }

  /**
   * A name that is taken may be the own one, whose reply was lost; without an account, another one is chosen then. A
   * node on one side of a cut may know only a namesake, or nobody.
   */
  #tryAgain({ kind }: Failure): void {
    if (this.model.loggedIn || !LOGIN_FAILURES.has(kind)) return;
    if (this.#kept !== undefined || kind === "nameTaken") {
      return this.#later(PAUSE_MS, () => this.#enter("login"));
    }
    if (kind === "passwordWrong") this.#name += `-${this.key}`;
    this.#later(PAUSE_MS, () => this.#enter("register"));
  }

  #later(ms: number, act: () => void): void {
    const life = this.#life;
    this.world.after(ms, () => {
      if (life === this.#life) act();
    });
  }

  /** Connects to the next node, unless it is connected or offline. */
  #connect(): void {
    if (this.#connection !== undefined) return;
    const { machines, connections } = this.world;
    const process = this.isOffline ? undefined : machines[this.#node++ % machines.length]?.process;
    if (process === undefined) return this.#later(PAUSE_MS, () => this.#connect());
    this.#connection = new ClientConnection(process, `face${this.key}`, this);
    this.#isGreeted = false;
    connections.add(this.#connection);
    this.#connection.request({ name: "hello", payload: { version: 2, client: "a face" } });
    this.#expect();
  }

  /** Leaves a node that owes a reply for too long. */
  #expect(): void {
    const { world } = this;
    const [connection, answered] = [this.#connection, this.#answered];
    world.after(SILENCE_MS, () => {
      const isSilent = connection === this.#connection && answered === this.#answered;
      if (isSilent && connection?.isOpen && (!this.#isGreeted || this.#asked.length > 0)) this.#leaveNode();
    });
  }

  /** The connection ends; the core hears of that later, as from a real one. */
  #leaveNode(): void {
    this.#hangUp();
    this.#later(0, () => this.#ended());
  }

  #hangUp(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#asked.length = 0;
    connection?.drop();
    if (connection !== undefined) this.world.connections.delete(connection);
  }

  #ended(): void {
    if (this.model.node !== undefined) this.give({ kind: "disconnected", reason: "lost" });
    this.#later(PAUSE_MS, () => this.#connect());
  }

  hears(connection: ClientConnection, said: Said): void {
    if (connection !== this.#connection) return;
    if ("push" in said) return this.give({ kind: "push", push: said.push });
    const { reply } = said;
    this.#answered++;
    if (this.#isGreeted) {
      const serial = this.#asked.shift();
      if (serial === undefined) throw new Error(`a reply to nothing: ${reply.name}`);
      return this.give({ kind: "reply", serial, reply });
    }
    if (reply.name !== "welcome") return this.#leaveNode();
    this.#isGreeted = true;
    this.give({ kind: "connected", welcome: reply.payload });
  }

  lost(connection: ClientConnection): void {
    this.world.connections.delete(connection);
    if (connection === this.#connection) this.#leaveNode();
  }
}
