import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { logBytes } from "../../server/log/segments.ts";
import { verifyLog } from "../../server/log/verify_log.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { LongLog, replaying } from "../testing/long_log.ts";
import { pathExists } from "../testing/path_exists.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Entries of the log: a replay of some seconds. */
const ENTRIES = 400_000;

/** Number of stops and kills in the middle of a replay. */
const ENDINGS = scale(6, 40);

/** Part of the log at which the test ends a replay, at most. */
const REPLAYED_MAX = 0.5;

/** Time limit of a stop, ms: two seconds, and as much again twice for a busy machine. */
const STOP_MS_MAX = 6_000;

/** Most attempts to see a start refused quicker than a replay: one may meet a busy machine. */
const ATTEMPTS = 5;

/** Starts node1 on the folder, as a member of a cluster whose other node never runs. */
function spawn(log: LongLog, ports: { port: number; grpc: number }): Promise<ServerProcess> {
  return ServerProcess.spawn({
    data: log.data,
    port: ports.port,
    node: { grpc: { port: ports.grpc } },
    others: [{ name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: freePort() } }],
  });
}

function newPorts(): { readonly port: number; readonly grpc: number } {
  return { port: freePort(), grpc: freePort() };
}

/** Waits until a node has replayed a part of its log. */
async function replayedTo(part: number, server: ServerProcess): Promise<void> {
  await eventually(`${part} of the log is replayed`, async () => {
    const { bytes, ofBytes } = await replaying(server);
    return bytes >= part * ofBytes;
  });
}

/** True if a port accepts a connection. */
async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    assert(error instanceof Deno.errors.ConnectionRefused, String(error));
    return false;
  }
}

processTest("startNode() replays a long log before it listens, and can be ended meanwhile", async (test) => {
  await using log = await LongLog.write(ENTRIES);
  const untouched = await log.files();
  const random = new SeededNumbers(13);

  await test.step("a signal ends it at once and in order, and the log is as it was", async () => {
    let slowestMs = 0;
    for (let i = 0; i < ENDINGS; i++) {
      await using server = await spawn(log, newPorts());
      await replayedTo(random.next() * REPLAYED_MAX, server);
      const sinceMs = performance.now();
      const { code, signal } = await server.stop(i % 2 === 0 ? "SIGTERM" : "SIGINT");
      slowestMs = Math.max(slowestMs, performance.now() - sinceMs);
      assertEquals([code, signal, server.stdout], [0, null, ""]);
      assertStringIncludes(server.stderr, "a signal came before the node had read its log");
      assertEquals(await log.files(), untouched);
      assertEquals(await pathExists(`${log.data}/admin.json`), false);
    }
    console.log(
      `${ENDINGS} starts were stopped in the middle of a replay, in at most ${slowestMs.toFixed(0)} ms`,
    );
    assertLess(slowestMs, STOP_MS_MAX);
  });

  await test.step("a kill leaves the log as it was", async () => {
    for (let i = 0; i < ENDINGS; i++) {
      await using server = await spawn(log, newPorts());
      await replayedTo(random.next() * REPLAYED_MAX, server);
      assertEquals(server.stdout, "");
      await server.kill();
      assertEquals(await log.files(), untouched);
    }
    console.log(`${ENDINGS} starts were killed in the middle of a replay`);
  });

  const ports = newPorts();
  let fullMs = 0;
  await test.step("nobody is accepted until it can answer, and status says how far it is", async () => {
    const sinceMs = performance.now();
    await using server = await spawn(log, ports);
    const { ofBytes, bytes, entries } = await replaying(server);
    server.child.kill("SIGSTOP");
    assertEquals([await accepts(ports.port), await accepts(ports.grpc), server.stdout], [false, false, ""]);
    await using second = await spawn(log, ports);
    assertEquals(await second.ended(), 1);
    assertStringIncludes(second.stderr, `is in use by node node1 (process ${server.child.pid})`);
    server.child.kill("SIGCONT");
    assertEquals(ofBytes, logBytes(new DenoFiles(log.data)));
    assert(bytes > 0 && bytes < ofBytes && entries > 0 && entries < ENTRIES, `${bytes} bytes, ${entries}`);
    await server.waitFor(() => server.stdout.includes("listens on"));
    fullMs = performance.now() - sinceMs;
    await using client = await TestClient.login(ports.port, "ann");
    assertEquals(await accepts(ports.grpc), true);
    await client.expect("sendMessage", { to: "ann", content: "here" }, "sent");
    assertEquals((await server.stop()).code, 0);
    console.log(`seen after ${entries} of ${ENTRIES} entries; it listened after ${fullMs.toFixed(0)} ms`);
  });

  await test.step("a port that is taken is told before the replay", async () => {
    const before = await log.files();
    let slowestMs = 0;
    for (const [which, words] of [["port", ""], ["grpc", "for peers "]] as const) {
      using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = taken.addr;
      let fastestMs = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && fastestMs >= fullMs / 2; attempt++) {
        const sinceMs = performance.now();
        await using server = await spawn(log, { ...ports, [which]: port });
        assertEquals([await server.ended(), server.stdout], [1, ""]);
        fastestMs = Math.min(fastestMs, performance.now() - sinceMs);
        const problem = `cannot listen ${words}on 127.0.0.1 port ${port}, which another program has`;
        assertStringIncludes(server.stderr, problem);
        assertEquals(await log.files(), before);
      }
      slowestMs = Math.max(slowestMs, fastestMs);
    }
    console.log(`taken ports were told after at most ${slowestMs.toFixed(0)} ms`);
    assertLess(slowestMs, fullMs / 2);
  });

  await test.step("a port that is taken during the replay ends it with the log closed in order", async () => {
    for (const [which, words] of [["port", ""], ["grpc", "for peers "]] as const) {
      const before = verifyLog(new DenoFiles(log.data)).entries;
      await using server = await spawn(log, ports);
      await replaying(server);
      using _taken = Deno.listen({ hostname: "127.0.0.1", port: ports[which] });
      assertEquals([await server.ended(), server.stdout], [1, ""]);
      const problem = `cannot listen ${words}on 127.0.0.1 port ${ports[which]}, which another program has`;
      assertStringIncludes(server.stderr, problem);
      const { clean, damage, entries } = verifyLog(new DenoFiles(log.data));
      assertEquals([clean, damage, entries], ["clean", undefined, before]);
      assertGreater(entries, ENTRIES);
    }
  });
});
