/**
 * The program of `rogue_peer.ts`: it reads one act a line from standard input, and writes the result of each
 * as one line to standard output.
 *
 * @module
 */

import {
  type ChannelCredentials,
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { createInterface } from "node:readline";
import { stdin } from "node:process";
import { decodeMessage, type WireMessage } from "../../server/grpc/message_codec.ts";
import { ReplicationService } from "../../server/grpc/replication_service.ts";
import type { RogueAct, RogueFiles, RogueScript, RogueStream } from "./rogue_peer.ts";

type Call = ClientDuplexStream<WireMessage | Uint8Array, WireMessage>;

/** Time that it waits for the node's answers, ms: longer than a node waits for hello. */
const HOLD_MS = 3_500;

const ORIGIN = "node3#5f2a9c01d3b4";
const WELL = { type: "messageSent", origin: ORIGIN, seq: 1, stamp: Date.now() * 1_000 };
const ACCOUNTS = 100_000;
const ACCOUNTS_IN_ONE = 25_000;
const RESERVATIONS = 10_000;
/** Time limit of the answers to all of them, ms. */
const RESERVATIONS_MS = 15_000;
const STREAMS = 40;

const definition = (ReplicationService.service as ServiceDefinition)["Replicate"];
if (definition === undefined) throw new Error("proto/replication.proto has no Replicate");
const serialize = definition.requestSerialize;
const Client = makeGenericClientConstructor({
  Replicate: {
    ...definition,
    requestSerialize: (value) => value instanceof Uint8Array ? Buffer.from(value) : serialize(value),
  },
}, "rogue");

/** One stream, and the messages on it. */
class Stream {
  readonly heard: string[] = [];
  readonly over: Promise<void>;
  readonly #resolveOver: () => void;
  #refusal: string | undefined;
  #end: { code: number; details: string } | undefined;
  readonly #call: Call;
  readonly #startMs = performance.now();
  #endMs: number | undefined;
  readonly #act: RogueAct;
  #onHeard: () => void = () => {};

  constructor(call: Call, act: RogueAct) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#resolveOver = resolve;
    this.#call = call;
    this.#act = act;
    call.on("error", () => {});
    call.on("data", (wire: WireMessage) => this.#hear(wire));
    call.on("status", ({ code, details }) => this.#ended({ code, details }));
  }

  send(message: WireMessage | Uint8Array): void {
    this.#call.write(message);
  }

  hello(changes: WireMessage = {}): void {
    const { node } = this.#act;
    const usual = { major: 1, minor: 0, cluster: "test", node, wallMs: Date.now(), version: [] };
    this.send({ hello: { ...usual, ...changes } });
  }

  /** Resolves after `count` messages of a type, or at the end of the stream. */
  async answers(type: string, count: number, waitMs = HOLD_MS): Promise<void> {
    const come = new Promise<void>((resolve) => {
      this.#onHeard = () => {
        if (this.heard.filter((each) => each === type).length >= count) resolve();
      };
      this.#onHeard();
    });
    await Promise.race([come, this.over, held(waitMs)]);
  }

  finish(): RogueStream {
    const lastedMs = Math.round((this.#endMs ?? performance.now()) - this.#startMs);
    this.#call.cancel();
    return {
      heard: this.heard,
      lastedMs,
      ...(this.#refusal !== undefined && { refusal: this.#refusal }),
      ...(this.#end !== undefined && { end: this.#end }),
    };
  }

  #hear(wire: WireMessage): void {
    const message = decodeMessage(wire);
    if (message?.type === "refusal") this.#refusal = message.message;
    if (message === undefined || message.type === "heartbeat") return;
    this.heard.push(message.type);
    this.#onHeard();
  }

  #ended(end: { code: number; details: string }): void {
    this.#end = end;
    this.#endMs = performance.now();
    this.#resolveOver();
  }
}

function entries(text: string): WireMessage {
  const lines = new TextEncoder().encode(text);
  return { entries: { number: 1, lines, count: text.split("\n").length, previous: [] } };
}

function online(from: number, count: number): WireMessage {
  const ids = Array.from(
    { length: count },
    (_, index) => `00000000-0000-4000-8000-${String(from + index).padStart(12, "0")}`,
  );
  return { presence: { online: ids, offline: [] } };
}

/** Sends hello, waits for the answer and sends the messages. */
function afterHello(...messages: (WireMessage | Uint8Array)[]): (stream: Stream) => Promise<void> {
  return async (stream) => {
    stream.hello();
    await stream.answers("hello", 1);
    for (const message of messages) stream.send(message);
    await Promise.race([stream.over, held()]);
  };
}

async function reserveMuch(stream: Stream): Promise<void> {
  stream.hello();
  await stream.answers("hello", 1);
  for (let number = 1; number <= RESERVATIONS; number++) {
    stream.send({ reserve: { number, name: `name${number}`, stamp: number } });
  }
  await stream.answers("reserved", RESERVATIONS, RESERVATIONS_MS);
}

async function sayOnly(stream: Stream, say: () => void): Promise<void> {
  say();
  await Promise.race([stream.over, held()]);
}

const SCRIPTS: Readonly<Record<RogueScript, (stream: Stream) => Promise<void>>> = {
  "hello": (stream) => sayOnly(stream, () => stream.hello()),
  "another major version": (stream) => sayOnly(stream, () => stream.hello({ major: 2 })),
  "another cluster": (stream) => sayOnly(stream, () => stream.hello({ cluster: "another" })),
  "entries before hello": (stream) => sayOnly(stream, () => stream.send(entries(JSON.stringify(WELL)))),
  "lines that are no JSON": afterHello(entries(`{"type":\nnothing`)),
  "entries without fields": afterHello(entries(JSON.stringify(WELL))),
  "fields of other types": afterHello(
    entries(JSON.stringify({ ...WELL, id: 1, from: [], to: {}, content: 7 })),
  ),
  "bytes that are no message": afterHello(new Uint8Array(1_000).fill(0xff)),
  "1.5 MiB": afterHello(entries("x".repeat(1_572_864))),
  "10,000 reservations": reserveMuch,
  "100,000 accounts in one message": afterHello(online(0, ACCOUNTS)),
  "100,000 accounts in four messages": afterHello(
    ...[0, 1, 2, 3].map((part) => online(part * ACCOUNTS_IN_ONE, ACCOUNTS_IN_ONE)),
  ),
  "hello twice": async (stream) => {
    stream.hello();
    await stream.answers("hello", 1);
    await sayOnly(stream, () => stream.hello());
  },
  "silence": (stream) => sayOnly(stream, () => {}),
  "40 streams": (stream) => sayOnly(stream, () => {}),
};

async function held(waitMs = HOLD_MS): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function shown(files: RogueFiles | undefined): ChannelCredentials {
  if (files === undefined) return credentials.createInsecure();
  const ca = read(files.ca);
  if (files.certificate === undefined) return credentials.createSsl(ca);
  const { certFile, keyFile } = files.certificate;
  return credentials.createSsl(ca, read(keyFile), read(certFile));
}

function read(file: string): Buffer {
  return Buffer.from(Deno.readFileSync(file));
}

async function perform(act: RogueAct): Promise<RogueStream[]> {
  const client = new Client(`127.0.0.1:${act.port}`, shown(act.files), {
    "grpc.ssl_target_name_override": act.target,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
  });
  const count = act.script === "40 streams" ? STREAMS : 1;
  const streams = Array.from({ length: count }, () => new Stream(client["Replicate"]?.() as Call, act));
  await Promise.all(streams.map((stream) => SCRIPTS[act.script](stream)));
  const outcome = streams.map((stream) => stream.finish());
  client.close();
  return outcome;
}

for await (const line of createInterface({ input: stdin })) {
  console.log(JSON.stringify(await perform(JSON.parse(line))));
}
Deno.exit();
