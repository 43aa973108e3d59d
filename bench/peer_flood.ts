/**
 * Filling an empty node while strangers flood the port for peers of the one that fills it.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { startNodes, until } from "./cluster_subjects.ts";
import { writeLog } from "./replay.ts";
import type { Finding, Report } from "./report.ts";

const ENTRIES = 20_000;
/** Connections of the flood at the same time, and the time that each stays, ms. */
const OPEN = 300;
const HELD_MS = 100;
/** Longest filling beside a flood, ms. */
const FILLED_MS_MAX = 10_000;

/** What the connections of a flood begin with; nothing is sent in a calm. */
const FLOODS: Readonly<Record<string, Uint8Array | undefined>> = {
  "calm": undefined,
  "silent connections": new Uint8Array(0),
  "garbage": new Uint8Array(200).fill(0xa5),
  "half a beginning": new TextEncoder().encode("PRI * HTTP/2.0\r\n"),
};

/** Measures filling. @param folder for the data of the nodes @param against folder of another checkout */
export async function measurePeerFlood(folder: string, against?: string): Promise<Report> {
  const findings: Finding[] = [];
  const checkouts = { "this checkout": THIS_CHECKOUT, ...(against && { "the other checkout": against }) };
  for (const [i, [name, checkout]] of Object.entries(checkouts).entries()) {
    for (const [what, bytes] of Object.entries(FLOODS)) {
      const { ms, connections } = await fillDuring(
        bytes,
        `${folder}/${i}-${what.replaceAll(" ", "-")}`,
        checkout,
      );
      const figure = ms === undefined ? "not within 60 s" : `${(ms / 1_000).toFixed(2)} s`;
      const rate = connections === 0 ? "" : `, ${connections} connections`;
      const isJudged = name === "this checkout" && bytes !== undefined;
      findings.push({
        what: `${name}, ${what}: until filled${rate}`,
        figure,
        ...isJudged &&
          { target: `at most ${FILLED_MS_MAX / 1_000} s`, reached: (ms ?? Infinity) <= FILLED_MS_MAX },
      });
    }
  }
  return {
    title: "A flood at the port for peers",
    notes: [
      `A node has ${ENTRIES} entries; another one is empty and starts. ${OPEN} connections at a time, each for ` +
      `${HELD_MS} ms, come to the port for peers of the first, from this process.`,
    ],
    findings,
  };
}

/** Fills an empty node beside a flood; returns the time, if it was filled at all, and the connections. */
async function fillDuring(
  bytes: Uint8Array | undefined,
  folder: string,
  checkout: string,
): Promise<{ readonly ms: number | undefined; readonly connections: number }> {
  const [full, empty] = [`${folder}-full`, `${folder}-empty`];
  await writeLog(full, ENTRIES);
  const [atFull, atEmpty] = startNodes([full, empty], checkout);
  if (atFull === undefined || atEmpty === undefined) throw new RangeError("there are two nodes");
  const source = await atFull.start();
  const flood = bytes && new Flood(atFull.grpcPort, bytes);
  const startMs = performance.now();
  const target = await atEmpty.start();
  const isFilled = (): Promise<boolean> => Promise.resolve(target.errors().includes('"event":"filled"'));
  const ms = await until("the empty node is filled", isFilled).then(
    () => performance.now() - startMs,
    () => undefined,
  );
  await flood?.stop();
  await Promise.all([source.stop(), target.stop()]);
  return { ms, connections: flood?.count ?? 0 };
}

/** Connections without end to one port. */
class Flood {
  count = 0;
  #isOver = false;
  readonly #workers: Promise<unknown>;

  constructor(port: number, bytes: Uint8Array) {
    this.#workers = Promise.all(Array.from({ length: OPEN }, () => this.#flood(port, bytes)));
  }

  /** Ends the flood; resolves once its last connection is closed. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#workers;
  }

  async #flood(port: number, bytes: Uint8Array): Promise<void> {
    while (!this.#isOver) {
      try {
        using connection = await Deno.connect({ hostname: "127.0.0.1", port });
        this.count++;
        if (bytes.length > 0) await connection.write(bytes);
        await new Promise((resolve) => setTimeout(resolve, HELD_MS));
      } catch {
        // The node has ended the connection, or takes none at this moment.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  }
}
