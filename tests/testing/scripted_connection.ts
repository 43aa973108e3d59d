/**
 * Runs a connection over a socket and a session that follow a script, in virtual time, and records the calls.
 *
 * @module
 */

import type { ProtocolError } from "../../common/errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import type { Frame } from "../../common/wire/frame.ts";
import type { Connection } from "../../server/net/connection.ts";
import type { ConnectionContext } from "../../server/net/connection_context.ts";
import { ConnectionCounts } from "../../server/net/connection_counts.ts";
import { OutboundTotal } from "../../server/net/outbound_queue.ts";
import { Rounds } from "../../server/net/rounds.ts";
import type { Socket } from "../../server/net/socket.ts";
import type { ClientLink, ClientSession } from "../../server/ports/clients.ts";
import { frameOf, ScriptedSocket } from "./scripted_socket.ts";
import { VirtualTimers } from "./virtual_timers.ts";

/** Bounds that a short script can reach. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  outboundBytesSoft: 400,
  outboundBytesHard: 4_000,
  outboundSoftMs: 4_000,
  writeMs: 5_000,
  frameCompletionMs: 3_000,
  tlsHandshakeMs: 2_000,
};

/** The session's reaction to one frame. */
export interface Answer {
  /** Number of slices of a list that the frame asks for, before the reply; 0 if it is no list. */
  readonly slices: number;
  readonly replyBytes: number;
  readonly waitMs: number;
  readonly then: "nothing" | "close" | "throw";
}

/** One event from outside. */
export type Step =
  | { readonly do: "frames"; readonly count: number; readonly payloadBytes: number }
  | { readonly do: "part" | "garbage" | "peerCloses" | "readFails" | "writeFails" }
  | { readonly do: "handshake"; readonly fails: boolean }
  | { readonly do: "written"; readonly bytes: number }
  | { readonly do: "send"; readonly bytes: number }
  | { readonly do: "close" | "resume" | "end" }
  | { readonly do: "wait"; readonly ms: number };

/** The behaviour of the session. */
export interface Script {
  readonly answers: readonly Answer[];
  readonly closesAtOpening: boolean;
  readonly closesWhenMalformed: boolean;
  readonly closesWhenFinished: boolean;
  readonly deadlineMs: number;
}

/** The outcome of a script. */
export interface Outcome {
  /** Every call of the session, the socket and the owner, in order. */
  readonly notes: readonly string[];
  readonly readsAtOnce: number;
  readonly timersLeft: number;
}

/** The class under test, or another of the same shape. */
export type ConnectionClass = new (socket: Socket, context: ConnectionContext<Connection>) => Connection;

/** Runs a script from the accepted socket to the end of the connection, forced after the last step. */
export async function runScript(
  connectionClass: ConnectionClass,
  script: Script,
  steps: readonly Step[],
): Promise<Outcome> {
  const timers = new VirtualTimers();
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  Object.assign(globalThis, { setTimeout: timers.set, clearTimeout: timers.clear });
  try {
    return await run(connectionClass, script, steps, timers);
  } finally {
    Object.assign(globalThis, real);
  }
}

async function run(
  connectionClass: ConnectionClass,
  script: Script,
  steps: readonly Step[],
  timers: VirtualTimers,
): Promise<Outcome> {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const socket = new ScriptedSocket(note);
  // Rounds that a few frames and lists fill.
  const rounds = new Rounds({ workPerShare: 100, workPerRound: 150, listWorkPerRound: 60 }, () => {
    queueMicrotask(() => rounds.next());
  });
  const logger = { debug: note, info: note, warn: note, error: note };
  let link: ClientLink | undefined;
  const connection = new connectionClass(socket, {
    limits: LIMITS,
    clock: { wallMs: () => timers.nowMs, monotonicMs: () => timers.nowMs },
    logger,
    outboundTotal: new OutboundTotal(1 << 20),
    counts: new ConnectionCounts(),
    rounds,
    openSession: (opened) => {
      link = opened;
      note("opened");
      return scriptedSession(opened, script, note);
    },
    charge: () => ({ giveBack: () => {} }),
    onFault: () => note("fault"),
    onEnd: () => note("ended"),
  });
  const started = connection.start();
  for (const step of steps) {
    take(step, socket, connection, link, timers);
    await settled();
    // The server sweeps the connections that have not ended.
    if (step.do === "wait" && !notes.includes("ended")) connection.sweep(timers.nowMs);
    await settled();
    note(`. ${step.do}`);
  }
  connection.end();
  await settled();
  await started;
  for (const late of [() => link?.resume(), () => link?.close(), () => link?.send(frameOf(1, 9))]) late();
  await settled();
  return { notes, readsAtOnce: socket.readsAtOnce, timersLeft: timers.size };
}

function take(
  step: Step,
  socket: ScriptedSocket,
  connection: Connection,
  link: ClientLink | undefined,
  timers: VirtualTimers,
): void {
  switch (step.do) {
    case "frames":
      return socket.arriveFrames(framesOf(step.count, step.payloadBytes));
    case "part":
      return socket.arrivePart();
    case "garbage":
      return socket.arrive(new Uint8Array(12).fill(255));
    case "peerCloses":
      return socket.arrive("end");
    case "readFails":
      return socket.arrive("failure");
    case "writeFails":
      return socket.failWrite();
    case "handshake":
      return socket.endHandshake(step.fails);
    case "written":
      return socket.written(step.bytes);
    case "send":
      return link?.send(frameOf(200, step.bytes));
    case "close":
      return connection.close();
    case "resume":
      return link?.resume();
    case "end":
      return connection.end();
    case "wait":
      return timers.pass(step.ms);
  }
}

function scriptedSession(link: ClientLink, script: Script, note: (text: string) => void): ClientSession {
  let frames = 0;
  let slices = 0;
  let answer: Answer | undefined;
  if (script.closesAtOpening) link.close();
  const goOn = (): number => {
    for (; slices > 0; slices--) {
      if (!link.share.mayGoOn) return 0;
      note("slice");
      link.share.use(50);
    }
    if (answer === undefined) return 0;
    if (answer.replyBytes > 0) link.send(frameOf(100, answer.replyBytes));
    if (answer.then === "close") link.close();
    if (answer.then === "throw") throw new Error("planted");
    return answer.waitMs;
  };
  return {
    payloadBytesMax: 1_000,
    loggedIn: false,
    loggingIn: false,
    deadlineMs: script.deadlineMs,
    get isUnfinished(): boolean {
      return slices > 0;
    },
    received(frame: Frame): number {
      note(`received ${frame.type}, ${frame.payload.length} bytes`);
      answer = script.answers[frames++ % script.answers.length];
      slices = answer?.slices ?? 0;
      return goOn();
    },
    goOn,
    malformed(error: ProtocolError): void {
      note(`malformed: ${error.message}`);
      if (script.closesWhenMalformed) link.close();
    },
    dismiss(reason): void {
      note(`dismissed: ${reason.message}`);
      link.close();
    },
    finished(): void {
      note("finished");
      if (script.closesWhenFinished) link.close();
    },
    outlet: { relieved: () => {}, closing: () => {} },
    disconnected: () => note("disconnected"),
  };
}

function framesOf(count: number, payloadBytes: number): Uint8Array {
  const frame = frameOf(5, payloadBytes);
  const bytes = new Uint8Array(frame.length * count);
  for (let i = 0; i < count; i++) bytes.set(frame, i * frame.length);
  return bytes;
}

/** Waits until every promise that is due has settled. */
async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}
