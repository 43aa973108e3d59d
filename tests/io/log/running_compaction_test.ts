import { assertEquals } from "@std/assert";
import { loadConfiguration } from "../../../server/config/load_configuration.ts";
import { COMPACTION_INTERVAL_MS } from "../../../server/core/compaction.ts";
import type { Logger } from "../../../server/ports/outside.ts";
import { RunningNode } from "../../../server/process/running_node.ts";
import { systemClock } from "../../../server/process/system_ports.ts";
import { processTest } from "../../testing/permissions.ts";
import { TestClient } from "../../testing/test_client.ts";

/** Time for which the timers of a stop outlive it in a process that goes on, ms. */
const STOP_TIMERS_MS = 2_000;

/** Starts a node on any port; `onCompacted` is called after each pass. */
async function startNode(folder: string, onCompacted: () => void): Promise<RunningNode> {
  const config = `${folder}/cluster_config.json`;
  const node = { name: "node1", tcp: { host: "127.0.0.1", port: 7_000 }, grpc: { port: 7_100 } };
  await Deno.writeTextFile(config, JSON.stringify({ cluster: "test", hashCost: 4, nodes: [node] }));
  const loaded = await loadConfiguration(config);
  if ("problems" in loaded) throw new Error(loaded.problems.join());
  const [configuration] = loaded.configuration.nodes;
  if (configuration === undefined) throw new Error("there is no node");
  const nothing = (): void => {};
  const info = (event: string): void => event === "logCompacted" ? onCompacted() : undefined;
  const logger: Logger = { debug: nothing, info, warn: nothing, error: nothing };
  return await RunningNode.start(
    { ...configuration, tcp: { ...node.tcp, port: 0 } },
    `${folder}/data`,
    logger,
  );
}

/** The text of all segments. */
function logText(folder: string): string {
  const log = `${folder}/data/log`;
  return [...Deno.readDirSync(log)].map(({ name }) => Deno.readTextFileSync(`${log}/${name}`)).join("");
}

processTest("a running node erases what was deleted within two hours, and goes on", async () => {
  const folder = await Deno.makeTempDir();
  const { monotonicMs } = systemClock;
  let aheadMs = 0;
  let compacted = (): void => {};
  Object.assign(systemClock, { monotonicMs: () => monotonicMs() + aheadMs });
  const hour = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      compacted = resolve;
      aheadMs += COMPACTION_INTERVAL_MS;
    });
  };
  const node = await startNode(folder, () => compacted());
  try {
    const ada = await TestClient.login(node.port, "ada");
    const bob = await TestClient.login(node.port, "bob");
    const { id } = await ada.expect("sendMessage", { to: "bob", content: "to be deleted" }, "sent");
    await ada.expect("sendMessage", { to: "bob", content: "to be kept" }, "sent");
    await ada.expect("deleteMessages", { ids: [id] }, "ok");
    await hour();
    // The server ends a session that was silent for an hour.
    await Promise.all([ada, bob].map((client) => client[Symbol.asyncDispose]()));
    await using again = await TestClient.login(node.port, "ada");
    await again.expect("sendMessage", { to: "bob", content: "later" }, "sent");
    assertEquals(logText(folder).includes("to be deleted"), true);
    await hour();
    assertEquals(logText(folder).includes("to be deleted"), false);
    assertEquals(["to be kept", "later"].map((content) => logText(folder).includes(content)), [true, true]);
  } finally {
    assertEquals(await node.stop(), true);
    Object.assign(systemClock, { monotonicMs });
    await Deno.remove(folder, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, STOP_TIMERS_MS));
  }
});
