import { assertEquals } from "@std/assert";
import { loadConfiguration } from "../../../server/config/load_configuration.ts";
import { COMPACTION_INTERVAL_MS } from "../../../server/core/compaction.ts";
import type { Entry } from "../../../server/core/entry.ts";
import type { Logger } from "../../../server/ports/outside.ts";
import type { RunningNode } from "../../../server/process/running_node.ts";
import { startNode } from "../../../server/process/start_node.ts";
import { fingerprinter, systemClock } from "../../../server/process/system_ports.ts";
import { processTest } from "../../testing/permissions.ts";
import { TestClient } from "../../testing/test_client.ts";

/** Time for which the timers of a stop outlive it in a process that goes on, ms. */
const STOP_TIMERS_MS = 2_000;

/** Starts a node on any port; `onCompacted` is called after each pass. */
async function startIn(folder: string, onCompacted: () => void): Promise<RunningNode> {
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
  const onAnyPort = { ...configuration, tcp: { ...node.tcp, port: 0 } };
  return await startNode({ configuration: onAnyPort, data: `${folder}/data`, logger });
}

/** A node and its data folder. */
interface Running {
  readonly port: number;
  /** Lets an hour pass, and waits for the pass of compaction that is due. */
  hour(): Promise<void>;
  /** Everything in the data folder but the random bytes of the reserve. */
  text(): string;
}

/** Runs a node for as long as `use` takes. */
async function withNode(use: (running: Running) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const { monotonicMs } = systemClock;
  let aheadMs = 0;
  let compacted = (): void => {};
  Object.assign(systemClock, { monotonicMs: () => monotonicMs() + aheadMs });
  const hour = (): Promise<void> =>
    new Promise((resolve) => {
      compacted = resolve;
      aheadMs += COMPACTION_INTERVAL_MS;
    });
  const node = await startIn(folder, () => compacted());
  try {
    await use({ port: node.port, hour, text: () => [...textsIn(`${folder}/data`)].join("") });
  } finally {
    assertEquals(await node.stop(), true);
    Object.assign(systemClock, { monotonicMs });
    await Deno.remove(folder, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, STOP_TIMERS_MS));
  }
}

function* textsIn(folder: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* textsIn(`${folder}/${name}`);
    else if (isFile && !name.startsWith("reserve")) yield Deno.readTextFileSync(`${folder}/${name}`);
  }
}

processTest(
  "a running node erases what was deleted within an hour, though nothing follows, and goes on",
  async () => {
    await withNode(async ({ port, hour, text }) => {
      const ada = await TestClient.login(port, "ada");
      const bob = await TestClient.login(port, "bob");
      const { id } = await ada.expect("sendMessage", { to: "bob", content: "to be deleted" }, "sent");
      await ada.expect("sendMessage", { to: "bob", content: "to be kept" }, "sent");
      await ada.expect("deleteMessages", { ids: [id] }, "ok");
      assertEquals(text().includes("to be deleted"), true);
      await hour();
      assertEquals(text().includes("to be deleted"), false);
      // The server ends a session that was silent for an hour.
      await Promise.all([ada, bob].map((client) => client[Symbol.asyncDispose]()));
      await using again = await TestClient.login(port, "ada");
      await again.expect("sendMessage", { to: "bob", content: "later" }, "sent");
      assertEquals(["to be kept", "later"].map((content) => text().includes(content)), [true, true]);
    });
  },
);

const PINS = Array.from({ length: 200 }, (_, i) => `PIN ${48_213_900 + i}`);

/** The contents among `PINS` that a reader of these files can confirm for a deleted message. */
function confirmed(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.startsWith('{"origin"'));
  const entries = lines.map((line) => JSON.parse(line) as Entry);
  const keys = entries.flatMap((entry) => entry.type === "fingerprintKeyMade" ? [entry.key] : []);
  const ids = entries.flatMap((entry) => entry.type === "messageSent" ? [entry.id] : []);
  return PINS.filter((pin) =>
    keys.some((key) => ids.some((id) => text.includes(fingerprinter(key)(`${id}\n${pin}`))))
  );
}

processTest("nothing in the files of a deleted account confirms a guess at a deleted message", async () => {
  await withNode(async ({ port, hour, text }) => {
    const [pin = ""] = PINS.slice(77);
    const ada = await TestClient.login(port, "ada");
    const eve = await TestClient.login(port, "eve");
    const first = await eve.expect("sendMessage", { to: "ada", content: pin }, "sent");
    const second = await eve.expect("sendMessage", { to: "ada", content: pin }, "sent");
    await eve.expect("deleteMessages", { ids: [first.id, second.id] }, "ok");
    for (const { id } of [first, second]) {
      await eve.expect("sendMessage", { to: "ada", content: pin, id }, "sent");
      const { code } = await eve.expect("sendMessage", { to: "ada", content: "other", id }, "error");
      assertEquals(code, "id-conflict");
    }
    const before = text();
    assertEquals([pin, confirmed(before)], ["PIN 48213977", [pin]], "whoever has the key can guess");
    const [, key = ""] = /"fingerprintKeyMade".*?"key":"([0-9a-f]{64})"/.exec(before) ?? [];
    const [, one = "", two = ""] = /"fingerprints":\["([0-9a-f]{32})","([0-9a-f]{32})"\]/.exec(before) ?? [];
    assertEquals([key, one, two].map((secret) => secret !== ""), [true, true, true]);
    assertEquals(one === two, false, "equal contents have other fingerprints under other ids");
    await eve.expect("deleteAccount", { password: "password of eve" }, "ok");
    await hour();
    await Promise.all([ada, eve].map((client) => client[Symbol.asyncDispose]()));
    const after = text();
    const left = [pin, key, one, two, 'fingerprints":["'].filter((secret) => after.includes(secret));
    assertEquals([left, confirmed(after)], [[], []]);
    // Ada and eve had a key and a known address each; ada keeps hers.
    const addresses = [
      /"addressKeyMade".*"key":"[0-9a-f]{64}"/g,
      /"addressKnown".*"address":"[0-9a-f]{32}"/g,
    ];
    assertEquals(addresses.map((of) => [before, after].map((each) => each.match(of)?.length)), [[2, 1], [
      2,
      1,
    ]]);
    assertEquals(after.match(/"digest":\d+/g), ['"digest":0', '"digest":0']);
  });
});
