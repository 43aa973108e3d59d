import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { mutatedFrame, seedFrames, withHonestLength } from "../testing/frame_mutations.ts";
import { grown, HeldMemory, inspectedServerCommand, shown } from "../testing/held_memory.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const FRAMES = scale(100_000, 1_000_000);
/** Frames before memory is first measured, in which the runtime compiles the code and sizes its heap. */
const WARM_UP_FRAMES = 10_000;
const ATTACKERS = 4;
const FRAMES_PER_CONNECTION_MAX = 400;
/** Growth of the process, after collection. */
const GROWTH_BYTES_MAX = 32 << 20;
/** The same of the program's objects and buffers; the messages of the people served are among them. */
const PROGRAM_GROWTH_BYTES_MAX = 16 << 20;
/** Names of the people served meanwhile; no sample of a request is addressed to them. */
const SERVED = ["served.one", "served.two"] as const;
const ROUND_TRIP_MS_MAX = 10_000;
const ROUND_TRIPS_MIN = 100;

/** A heap of 96 MiB, beyond which the runtime ends the server. */
const SMALL_HEAP = ["env", "DENO_V8_FLAGS=--max-semi-space-size=2,--max-old-space-size=96"];

/** With these settings a connection outlives malformed frames, so that more of them are tried. */
const CONFIGURATION = { ...QUICK, limits: { ...QUICK.limits, badFramesPerMinute: 0 } };

interface Tally {
  frames: number;
  connections: number;
  bytesBack: number;
}

/** Throws damaged frames at the server, on one connection after the other, some of them logged in. */
async function attack(port: number, seed: number, frameCount: number, tally: Tally): Promise<void> {
  const numbers = new SeededNumbers(seed);
  const seeds = seedFrames();
  const hello = encodeRequest({ name: "hello", payload: { version: 2, client: "fuzz" } }, "original");
  const logIn = [
    encodeRequest({ name: "startLogin", payload: { name: `attacker${seed}` } }, "confirmed"),
    encodeRequest({ name: "finishLogin", payload: { password: "password" } }, "confirmed"),
  ];
  while (tally.frames < frameCount) {
    const frames: Uint8Array[] = [
      ...(numbers.below(3) === 0 ? [] : [hello]),
      ...(numbers.below(2) === 0 ? [] : logIn),
    ];
    const count = 1 + numbers.below(FRAMES_PER_CONNECTION_MAX);
    for (let i = 1; i < count; i++) frames.push(withHonestLength(mutatedFrame(numbers, seeds)));
    // The announced length of the last one may be wrong: no frame after it would be understood.
    frames.push(mutatedFrame(numbers, seeds));
    tally.frames += await throwAt(port, frames, tally);
    tally.connections++;
  }
}

/** Sends until all is sent or the server has closed; returns the number of sent frames. */
async function throwAt(port: number, frames: readonly Uint8Array[], tally: Tally): Promise<number> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  let closed = false;
  const heard = readAll(socket).then((bytes) => {
    closed = true;
    tally.bytesBack += bytes;
  });
  let sent = 0;
  try {
    for (const frame of frames) {
      if (closed) break;
      for (let from = 0; from < frame.length;) from += await socket.write(frame.subarray(from));
      sent++;
    }
    await socket.closeWrite();
  } catch (error) {
    if (!isEnded(error)) throw error;
  }
  await heard;
  return sent;
}

async function readAll(socket: Deno.Conn): Promise<number> {
  const buffer = new Uint8Array(65_536);
  let bytes = 0;
  try {
    for (let count = await socket.read(buffer); count !== null; count = await socket.read(buffer)) {
      bytes += count;
    }
  } catch (error) {
    if (!isEnded(error)) throw error;
  }
  return bytes;
}

function isEnded(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.NotConnected;
}

/** Sends messages from one to the other and waits for each, until `isOver`; returns the latencies, ms. */
async function converse(port: number, isOver: () => boolean): Promise<number[]> {
  const [one, other] = SERVED;
  await using ann = await TestClient.login(port, one);
  await using bob = await TestClient.login(port, other);
  const roundTripsMs: number[] = [];
  while (!isOver()) {
    const startMs = performance.now();
    const content = `message ${roundTripsMs.length}`;
    await ann.expect("sendMessage", { to: other, content }, "sent");
    const push = await bob.push();
    if (push.name !== "message") throw new Error(`bob heard ${push.name}`);
    assertEquals(push.payload.content, content);
    await bob.expect("readMessages", { with: one, ids: [push.payload.id] }, "ok");
    assertEquals((await ann.push()).name, "status");
    roundTripsMs.push(performance.now() - startMs);
  }
  return roundTripsMs.sort((a, b) => a - b);
}

processTest(`the server survives ${FRAMES} damaged frames and serves others meanwhile`, async () => {
  const program = inspectedServerCommand();
  await using server = await ServerProcess.start({
    program,
    configuration: CONFIGURATION,
    wrapper: SMALL_HEAP,
  });
  using memory = await HeldMemory.open(server);
  const tally: Tally = { frames: 0, connections: 0, bytesBack: 0 };
  await attack(server.port, ATTACKERS, WARM_UP_FRAMES, { ...tally });
  const before = await memory.measure();
  const startMs = performance.now();
  let over = false;
  const conversation = converse(server.port, () => over);
  const attacks = Array.from({ length: ATTACKERS }, (_, seed) => attack(server.port, seed, FRAMES, tally));
  const attacked = Promise.all(attacks).finally(() => over = true);
  const [roundTripsMs] = await Promise.all([conversation, attacked]);
  const seconds = (performance.now() - startMs) / 1_000;
  const growth = grown(before, await memory.measure());
  const slowestMs = roundTripsMs.at(-1) ?? Infinity;
  console.log(
    `${tally.frames} damaged frames on ${tally.connections} connections in ${seconds.toFixed(1)} s, ` +
      `${tally.bytesBack} bytes back; ${roundTripsMs.length} round trips of others, the slowest ` +
      `${slowestMs.toFixed(0)} ms; the server grew by ${shown(growth)}`,
  );
  assertGreater(tally.frames, FRAMES - 1);
  assertGreater(roundTripsMs.length, ROUND_TRIPS_MIN);
  assertLessOrEqual(slowestMs, ROUND_TRIP_MS_MAX);
  assertLessOrEqual(growth.process, GROWTH_BYTES_MAX);
  assertLessOrEqual(growth.program, PROGRAM_GROWTH_BYTES_MAX);
  await using after = await TestClient.login(server.port, SERVED[0]);
  assertEquals((await after.ask("ping", null)).name, "pong");
  assertEquals(server.stderr.includes("fault"), false, server.stderr);
});
