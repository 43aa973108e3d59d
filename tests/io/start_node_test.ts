import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { loadConfiguration } from "../../server/config/load_configuration.ts";
import type { NodeConfiguration } from "../../server/config/node_configuration.ts";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { lockDataFolder } from "../../server/log/lock.ts";
import { LogDamaged } from "../../server/log/log_errors.ts";
import { segmentPath } from "../../server/log/segments.ts";
import { verifyLog } from "../../server/log/verify_log.ts";
import type { Logger } from "../../server/ports/outside.ts";
import { startNode } from "../../server/process/start_node.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { LongLog, startStepOf } from "../testing/long_log.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";

/** Entries of the log: a replay of several turns. */
const ENTRIES = 150_000;

/** Time limit of a stop, ms; the search for a peer that can fill a node takes two seconds. */
const STOP_MS_MAX = 1_500;

/** Most attempts to see it: one may meet a busy machine. */
const ATTEMPTS = 10;

const nothing = (): void => {};
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Configuration of node1, whose only peer never runs. */
async function configurationIn(folder: string): Promise<NodeConfiguration> {
  const file = `${folder}/cluster_config.json`;
  const nodes = ["node1", "node2"].map((name) => ({
    name,
    tcp: { host: "127.0.0.1", port: freePort() },
    grpc: { port: freePort() },
  }));
  await Deno.writeTextFile(file, JSON.stringify({ cluster: "test", ...QUICK, nodes }));
  const loaded = await loadConfiguration(file);
  assert(!("problems" in loaded));
  const [configuration] = loaded.configuration.nodes;
  assert(configuration !== undefined);
  return configuration;
}

/** Changes a byte of the log, behind which much is whole. */
async function damage(data: string): Promise<void> {
  using file = await Deno.open(`${data}/${segmentPath(1)}`, { read: true, write: true });
  const { size } = await file.stat();
  await file.seek(Math.floor(0.9 * size), Deno.SeekMode.Start);
  const byte = new Uint8Array(1);
  await file.read(byte);
  await file.seek(-1, Deno.SeekMode.Current);
  await file.write(byte.map((value) => value ^ 1));
}

function hasAdminFile(data: string): boolean {
  return [...Deno.readDirSync(data)].some(({ name }) => name.startsWith("admin"));
}

/** @throws {Error} if a port or the data folder of the node is in use, or its admin service has left a file */
function assertFree({ tcp, grpc }: NodeConfiguration, data: string): void {
  assert(tcp !== undefined);
  for (const { host, port } of [tcp, grpc]) Deno.listen({ hostname: host, port }).close();
  lockDataFolder(data, { node: "node1", pid: Deno.pid, startedMs: 0 }).release();
  assertEquals(hasAdminFile(data), false);
}

/** A start that was called off. */
class CalledOff extends Error {}

processTest("startNode() lets everything go, wherever it ends early", async (test) => {
  await using log = await LongLog.write(ENTRIES);
  const { data } = log;
  const configuration = await configurationIn(data);

  /** Starts the node in vain; returns the number of turns of its replay in which its admin service ran. */
  async function turnsOf(
    signal: AbortSignal,
    refusal: typeof LogDamaged | typeof CalledOff,
    onTurn = nothing,
  ): Promise<number> {
    let turns = 0;
    const progress = (): void => {
      if (!hasAdminFile(data)) return;
      turns++;
      onTurn();
    };
    const start = startNode({ configuration, data, logger: SILENT, signal, progress });
    await assertRejects(() => start, refusal);
    assertFree(configuration, data);
    return turns;
  }
  const { signal } = new AbortController();

  await test.step("before the replay", async () => {
    assert(configuration.tcp !== undefined);
    const { host, port } = configuration.tcp;
    const taken = Deno.listen({ hostname: host, port });
    const start = startNode({ configuration, data, logger: SILENT, signal });
    await assertRejects(() => start, Error, "which another program has");
    taken.close();
    assertFree(configuration, data);
  });

  await test.step("called off in the replay", async () => {
    const stop = new AbortController();
    assertEquals(await turnsOf(stop.signal, CalledOff, () => stop.abort(new CalledOff())), 1);
  });

  await test.step("at a damaged line", async () => {
    await damage(data);
    const turns = await turnsOf(signal, LogDamaged);
    assertGreater(turns, 1);
    console.log(`the damage was found after ${turns} turns with an admin service`);
  });
});

processTest("startNode() ends the search for peers at a signal, with the log closed in order", async () => {
  // Connections are accepted by the system, and nobody answers.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const others = [{
    name: "node2",
    tcp: { host: "127.0.0.1", port: freePort() },
    grpc: { port: silent.addr.port },
  }];
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    let fastestMs = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS && fastestMs >= STOP_MS_MAX; attempt++) {
      await using server = await ServerProcess.spawn({ others });
      await eventually("it looks for peers", async () => (await startStepOf(server))?.step === "peers");
      const sinceMs = performance.now();
      const { code } = await server.stop(signal);
      fastestMs = Math.min(fastestMs, performance.now() - sinceMs);
      assertEquals([code, server.stdout], [0, ""], server.stderr);
      assertStringIncludes(server.stderr, "stopped");
      const { clean, damage } = verifyLog(new DenoFiles(server.data));
      assertEquals([clean, damage], ["clean", undefined]);
    }
    console.log(`${signal} ended a search for peers within ${fastestMs.toFixed(0)} ms`);
    assertLess(fastestMs, STOP_MS_MAX);
  }
});
