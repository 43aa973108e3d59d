import { assert, assertEquals, assertLess } from "@std/assert";
import { CertifiedCluster } from "../testing/certified_cluster.ts";
import { concatenated } from "../testing/concatenated.ts";
import { grown, HeldMemory, inspectedServerCommand, shown } from "../testing/held_memory.ts";
import { CALL, END_HEADERS, frame, header, PREFACE } from "../testing/http2_frames.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SteadySends } from "../testing/steady_sends.ts";

/** Connections of each flood, one after the other. */
const CONNECTIONS = scale(2, 50);
/** Time for the node to end a connection after the last frame, ms. */
const CUT_MS = 500;
/** Repetitions of a flood's frames on one connection, unless the node ends it. */
const REPETITIONS = 20_000;
/** Size of one write, bytes: the client that measures the node runs in the same process. */
const PIECE_BYTES = 16_384;
const MIB = 1_048_576;
/** Growth of the process over all floods together, after collection and beyond that of the other node. */
const GROWTH_BYTES_MAX = 160 * MIB;
/** The same of the program's objects and buffers. */
const PROGRAM_GROWTH_BYTES_MAX = 16 * MIB;
/** Diagnostics of one flood. */
const DIAGNOSTICS_BYTES_MAX = 16_384;
/** Of the messages of bystanders: a second, and as much again twice for a busy machine. */
const LATENCY_MS_MAX = 3_000;
/** Most attempts to see them undisturbed: one may meet a busy machine. */
const ATTEMPTS = 5;

/** A kind of frames without end; `number` counts from 0 on. */
type Flood = (number: number) => readonly Uint8Array[];

const CANCEL = Uint8Array.of(0, 0, 0, 8);
const NOT_OVER = frame("headers", 0, 1, CALL);

const FLOODS: Readonly<Record<string, Flood>> = {
  "streams that are reset at once": (number) => [
    frame("headers", END_HEADERS, 2 * number + 1, CALL),
    frame("reset", 0, 2 * number + 1, CANCEL),
  ],
  "streams that stay open": (number) => [frame("headers", END_HEADERS, 2 * number + 1, CALL)],
  "a header that does not end": (number) => [
    ...(number === 0 ? [NOT_OVER] : []),
    frame("continuation", 0, 1, header({ [`x-${number}`]: "x".repeat(100) })),
  ],
  "continuations that are empty": (number) => [
    ...(number === 0 ? [NOT_OVER] : []),
    frame("continuation", 0, 1),
  ],
  "settings": (number) => [frame("settings", 0, 0, Uint8Array.of(0, 4, 0, 0, 255, number % 256))],
  "pings": () => [frame("ping", 0, 0, new Uint8Array(8))],
};

/** End of a flood on one connection. */
interface Ebb {
  readonly bytes: number;
  /** True if the node has ended the connection. */
  readonly wasCut: boolean;
}

/** Writes a flood on one connection until the node ends it, or until `CUT_MS` after the last frame. */
async function pour(port: number, flood: Uint8Array, isRead: boolean): Promise<Ebb> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const reading = isRead ? drain(connection) : new Promise<void>(() => {});
  let bytes = 0;
  let wasCut = false;
  try {
    while (bytes < flood.length) bytes += await connection.write(flood.subarray(bytes, bytes + PIECE_BYTES));
    wasCut = await Promise.race([reading.then(() => true), pause(CUT_MS)]);
    // A writer that does not read learns of the end by writing.
    if (!isRead) {
      for (let i = 0; i < 2; i++) await connection.write(flood.subarray(-1)).then(() => pause(10));
    }
  } catch {
    // Every error here means that the connection is gone.
    wasCut = true;
  }
  close(connection);
  if (isRead) await reading;
  return { bytes, wasCut };
}

async function pause(ms: number): Promise<false> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return false;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

async function drain(connection: Deno.Conn): Promise<void> {
  const into = new Uint8Array(65_536);
  try {
    while (await connection.read(into) !== null);
  } catch {
    // It has ended.
  }
}

processTest("GrpcListener outlives floods of HTTP/2 frames, and clients do not notice them", async () => {
  await using cluster = await CertifiedCluster.make(inspectedServerCommand());
  cluster.plain = ["node1", "node2"];
  await cluster.start("node1", "node2");
  const { server, grpcPort } = cluster.node("node1");
  await using ada = await cluster.node("node1").login("ada");
  await using _bob = await cluster.node("node2").login("bob");
  await using sends = new SteadySends(ada, "bob");
  using memory = await HeldMemory.open(server);
  using control = await HeldMemory.open(cluster.node("node2").server);
  const [first, firstControl] = [await memory.measure(), await control.measure()];
  for (const [what, make] of Object.entries(FLOODS)) {
    const frames = Array.from({ length: REPETITIONS }, (_, number) => make(number)).flat();
    const flood = concatenated([PREFACE, ...frames]);
    for (const isRead of [true, false]) {
      const before = await memory.measure();
      const ebbs: Ebb[] = [];
      let diagnosticsBefore: number;
      let attempt = 0;
      do {
        ebbs.length = 0;
        diagnosticsBefore = server.stderr.length;
        // The collection of the measurement is no part of the flood.
        await sends.settled();
        sends.reset();
        while (ebbs.length < CONNECTIONS) ebbs.push(await pour(grpcPort, flood, isRead));
        await sends.settled();
      } while (++attempt < ATTEMPTS && (sends.slowestMs >= LATENCY_MS_MAX || sends.copiesMin < 2));
      const { slowestMs, copiesMin } = sends;
      const growth = grown(before, await memory.measure());
      const bytes = ebbs.reduce((sum, ebb) => sum + ebb.bytes, 0);
      console.log(
        `${what}${isRead ? "" : ", answers not read"}: ${(bytes / MIB).toFixed(2)} of ` +
          `${(CONNECTIONS * flood.length / MIB).toFixed(2)} MiB, ` +
          `${ebbs.filter(({ wasCut }) => wasCut).length} of ${CONNECTIONS} connections cut, ` +
          `${shown(growth)} more, ` +
          `${server.stderr.length - diagnosticsBefore} bytes of diagnostics; ${sends.summary()}`,
      );
      assert(!server.isOver, server.stderr);
      assertLess(slowestMs, LATENCY_MS_MAX, what);
      assertEquals(copiesMin, 2, what);
      assertLess(server.stderr.length - diagnosticsBefore, DIAGNOSTICS_BYTES_MAX, what);
    }
  }
  const ofNode = grown(first, await memory.measure());
  const ofControl = grown(firstControl, await control.measure());
  console.log(`all floods: ${shown(ofNode)} more; the other node, beside it: ${shown(ofControl)} more`);
  assertLess(ofNode.process - ofControl.process, GROWTH_BYTES_MAX);
  assertLess(ofNode.program - ofControl.program, PROGRAM_GROWTH_BYTES_MAX);
});
