import { assert, assertEquals, assertLess } from "@std/assert";
import { CertifiedCluster } from "../testing/certified_cluster.ts";
import { concatenated } from "../testing/concatenated.ts";
import { CALL, END_HEADERS, frame, header, PREFACE } from "../testing/http2_frames.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SteadySends } from "../testing/steady_sends.ts";

/** How much may come of each kind unless the node ends the connection, frames. */
const FRAMES_MAX = scale(100_000, 1_000_000);
/** Frames that are written at once. */
const PIECE = 200;
/** How long a node may take to end a flood, or to take all of it, ms. */
const FLOOD_MS = scale(4_000, 60_000);
const MIB = 1_048_576;
const GROWTH_BYTES_MAX = 32 * MIB;
const LATENCY_MS_MAX = 1_000;

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

/** What came of a flood. */
interface Ebb {
  readonly frames: number;
  readonly elapsedMs: number;
  /** Whether the node has ended the connection. */
  readonly wasCut: boolean;
}

/** Writes until the node ends the connection, everything was written, or the time is over. */
async function pour(port: number, flood: Flood, reads: boolean): Promise<Ebb> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let isOver = false;
  const reading = reads ? drain(connection) : Promise.resolve();
  const startMs = performance.now();
  const late = setTimeout(() => {
    isOver = true;
    connection.close();
  }, FLOOD_MS);
  let frames = 0;
  let wasCut = false;
  try {
    await write(connection, PREFACE);
    for (let number = 0; frames < FRAMES_MAX; number += PIECE) {
      const piece = Array.from({ length: PIECE }, (_, index) => flood(number + index)).flat();
      await write(connection, concatenated(piece));
      frames += piece.length;
    }
  } catch {
    // Whatever the system says: the connection is gone, and here or there is where it was ended.
    wasCut = !isOver;
  }
  clearTimeout(late);
  if (!isOver) connection.close();
  await reading;
  return { frames, elapsedMs: Math.round(performance.now() - startMs), wasCut };
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += await connection.write(bytes.subarray(from));
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
  await using cluster = await CertifiedCluster.make();
  cluster.plain = ["node1", "node2"];
  await cluster.start("node1", "node2");
  const { server, grpcPort } = cluster.node("node1");
  await using ada = await cluster.node("node1").login("ada");
  await using _bob = await cluster.node("node2").login("bob");
  await using sends = new SteadySends(ada, "bob");
  for (const [what, flood] of Object.entries(FLOODS)) {
    for (const reads of [true, false]) {
      const before = await server.residentBytes();
      sends.reset();
      const diagnosticsBefore = server.stderr.length;
      const { frames, elapsedMs, wasCut } = await pour(grpcPort, flood, reads);
      const grown = await server.residentBytes() - before;
      const manner = reads ? "" : ", answers not read";
      console.log(
        `${what}${manner}: ${frames} frames in ${elapsedMs} ms, ${wasCut ? "cut" : "not cut"}, ` +
          `${Math.round(grown / MIB)} MiB more, ${
            server.stderr.length - diagnosticsBefore
          } bytes of diagnostics; ` +
          sends.summary(),
      );
      assert(!server.isOver, server.stderr);
      assertLess(sends.slowestMs, LATENCY_MS_MAX, what);
      assertLess(grown, GROWTH_BYTES_MAX, what);
      assertEquals(sends.copiesMin, 2, what);
    }
  }
});
