import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { type EncodedEntry, encodeEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";
import { runToEnd } from "../executable/run_to_end.ts";
import { runProgram } from "../io/commands_harness.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { compactFolder } from "../testing/compacted_folder.ts";
import { eventually } from "../testing/eventually.ts";
import { writeFirstSegment } from "../testing/first_segment.ts";
import { processTest } from "../testing/permissions.ts";
import { QuietConversation } from "../testing/quiet_conversation.ts";
import { scale } from "../testing/scale.ts";
import { QUICK, serverCommand } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { UpgradeLoad } from "../testing/upgrade_load.ts";
import { VersionBefore } from "../testing/version_before.ts";

/** Work between two restarts, ms. */
const WORK_MS = scale(300, 2_000);
/** Stamps ahead of the clock, which nodes follow without a warning. */
const AHEAD_MS = 50_000;
/** Number of times that the whole way is gone. */
const ROUNDS = scale(1, 2);
/** Names that two people ask for at the same time, after each restart. */
const RACES = 2;

/** Reasons for which links end when nodes stop. */
const PARTINGS = ["this node is being stopped", "the other end has closed the stream"];
/** Types of events that people cause; the last three are unknown to the version before. */
const EVENT_TYPES = [
  "accountCreated",
  "passwordChanged",
  "passwordRehashed",
  "accountDeleted",
  "tokenIssued",
  "tokenRevoked",
  "tokensUsed",
  "messageSent",
  "messagesDelivered",
  "messagesRead",
  "messagesDeleted",
  "messagesHidden",
  "fingerprintKeyMade",
  "addressKeyMade",
  "addressKnown",
];

/** Warnings that an upgrade explains, or a busy machine. */
const EXPECTED = ["configuration", "peerUnreachable", "peerUnproven", "peerSlow"];
/** Reason for which a connection is refused that a node had begun when it was stopped. */
const BEGUN = "it ended without having opened a stream";

/** A restart. */
interface Step {
  /** Number of the node. */
  readonly node: number;
  readonly as: "before" | "now";
  /** `wiped`: it loses its disk and is filled by the others; `compacted`: its log is compacted before. */
  readonly disk?: "wiped" | "compacted";
}

/** Every node is upgraded in place; disks are filled by nodes of the other version; nodes go back. */
const WAY: readonly Step[] = [
  { node: 3, as: "now", disk: "wiped" },
  { node: 3, as: "before" },
  { node: 1, as: "now" },
  { node: 2, as: "now" },
  { node: 3, as: "now", disk: "compacted" },
  { node: 2, as: "before" },
  { node: 2, as: "now", disk: "compacted" },
  { node: 1, as: "before", disk: "wiped" },
  { node: 1, as: "now" },
];

processTest("Nodes of the version before are upgraded one after the other, and nothing is lost", async () => {
  await using before = await VersionBefore.unpack();
  const configuration = { hashCost: QUICK.hashCost };
  await using cluster = await ClusterProcesses.make({ program: before.serverCommand(), configuration });
  await writeFirstSegment(cluster.node(1), [entryAhead()]);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  await cluster.settled();
  // Nodes go back, and an empty folder of this version is filled by nodes that cannot prove themselves.
  const programs = { before: before.serverCommand(), now: serverCommand("--unproven-peers") };
  const load = new UpgradeLoad(cluster, 1);
  await load.start();
  const quiet = new QuietConversation();
  await quiet.begin(cluster.node(1));
  let erased = 0;
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { node: number, as, disk } of WAY) {
      const node = cluster.node(number);
      await new Promise((resolve) => setTimeout(resolve, WORK_MS));
      // Passwords are hashed again wherever the cost has changed.
      configuration.hashCost = as === "now" ? QUICK.hashCost + 1 : QUICK.hashCost;
      await load.restart(node, programs[as], async () => {
        if (disk === "wiped") await node.wipe();
        if (disk === "compacted") erased += await compactFolder(node.data, node.name);
      });
      assertEquals((await node.status())?.version === VERSION, as === "now");
      await allInSync(cluster);
      const [one, two] = cluster.nodes.filter((each) => each !== node) as [ClusterNode, ClusterNode];
      for (const other of [one, two]) await raceForNames(node, other);
      await quiet.goOn(node, one, cluster.nodes);
      await quiet.goOn(two, node, cluster.nodes);
      // The other nodes may be of the version before, which has no archive.
      if (as === "now") found += await quiet.search(node);
    }
  }
  await load.stop();
  const compared = await load.verify();
  await assertSame(cluster);
  // The version before still reads what the present one has written.
  const { data } = cluster.node(1);
  const read = await runToEnd(before.serverCommand("log", "verify", `--data=${data}`));
  assertEquals(read.status, 0, read.stderr);
  console.log(
    `${compared} comparisons, ${erased} entries erased, ${found} messages found\n${load.summary()}`,
  );
  assertGreater(load.acknowledged, ROUNDS * 1_000);
  assertGreater(erased, 0);
  assertGreater(found, ROUNDS * 20);
});

/** An entry of a node whose clock was ahead: all stamps are, and messages of this version have another time. */
function entryAhead(): EncodedEntry {
  const stamp = (Date.now() + AHEAD_MS) * 1_000;
  return encodeEntry({ origin: "node9#999999999999", seq: 1, stamp, type: "later" } as unknown as Entry);
}

/** Waits until all nodes have one another in sync, as an administrator does before the next one. */
async function allInSync({ nodes }: ClusterProcesses): Promise<void> {
  await eventually("all nodes are in sync", async () => {
    const peers = await Promise.all(nodes.map((node) => node.peers()));
    return peers.every((states) =>
      states.length === nodes.length - 1 && states.every((state) => state.endsWith(" in sync"))
    );
  });
}

/** Lets two people ask for the same names at two nodes: one of them gets each. */
async function raceForNames(first: ClusterNode, second: ClusterNode): Promise<void> {
  for (let race = 0; race < RACES; race++) {
    const name = `n${crypto.randomUUID().slice(0, 8)}`;
    await using one = await TestClient.connect(first.port);
    await using two = await TestClient.connect(second.port);
    const clients = [one, two];
    for (const client of clients) await client.expect("startLogin", { name }, "userNotExisting");
    const replies = await Promise.all(
      clients.map((client, index) => client.ask("finishLogin", { password: `password ${index}` })),
    );
    const names = replies.map((reply) => reply.name).sort();
    assertEquals(names, ["error", "loginSuccess"], JSON.stringify(replies));
  }
}

/** Ends all nodes, and compares what is on their disks. */
async function assertSame(cluster: ClusterProcesses): Promise<void> {
  await cluster.sameLogs();
  const log = await logText(cluster.node(1).data);
  const missing = EVENT_TYPES.filter((type) => !log.includes(`"type":"${type}"`));
  assertEquals(missing, [], "events that nobody has caused");
  assertMatch(log, /"type":"messageSent".*"at":/, "no message has a time of its own");
  const hashes = await Promise.all(cluster.nodes.map(({ data }) => stateHash(data)));
  assertEquals(new Set(hashes).size, 1, hashes.join(" "));
  const complaints = cluster.nodes.flatMap(({ diagnostics }) => diagnostics.filter(isComplaint));
  assertEquals(complaints, []);
}

/** True for a diagnostic that a stop and a start do not explain. */
function isComplaint(line: string): boolean {
  if (!line.startsWith("{")) return false;
  const { level, event, reason } = JSON.parse(line) as Readonly<Record<string, string>>;
  if (event === "peerLost") return !PARTINGS.includes(reason ?? "");
  if (event === "peerRefused") return !reason?.startsWith(BEGUN);
  return level !== "info" && !EXPECTED.includes(event ?? "");
}

/** All lines of a log. */
async function logText(data: string): Promise<string> {
  let text = "";
  for await (const { name } of Deno.readDir(`${data}/log`)) {
    text += await Deno.readTextFile(`${data}/log/${name}`);
  }
  return text;
}

/** Hash of the state in a data folder, by this version. */
async function stateHash(data: string): Promise<string> {
  const { status, stdout, stderr } = await runProgram("log", "verify", `--data=${data}`);
  assertEquals(status, 0, stderr);
  return stdout.split("\n").find((line) => line.startsWith("state ")) ?? "no state";
}
