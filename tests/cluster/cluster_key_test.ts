import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";
import type { KeyProof } from "../../server/grpc/grpc_network.ts";
import type { PeerStream } from "../../server/ports/peers.ts";
import { type HelloMessage, type PeerMessage, REPLICATION_VERSION } from "../../server/ports/peer_message.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { keyProofOf } from "../testing/key_proofs.ts";
import { processTest } from "../testing/permissions.ts";

const OTHER_KEY = "ef".repeat(32);

/** Time in which a node would say or take what it must not, ms. */
const TRIED_MS = 2_500;

/** A stream that keeps what it gets. */
class Heard implements PeerStream {
  readonly messages: PeerMessage[] = [];
  reason: string | undefined;
  received(message: PeerMessage): void {
    this.messages.push(message);
  }
  closed(reason: string): void {
    this.reason = reason;
  }
}

function helloOf(node: string): HelloMessage {
  const { major, minor } = REPLICATION_VERSION;
  return { type: "hello", major, minor, cluster: "test", node, wallMs: Date.now(), version: [] };
}

/** The deletion of an account, as an entry that node3 has made. */
function deletion(account: string): PeerMessage {
  const stamp = Date.now() * 1_000;
  const entry = { origin: "node3#000000000003", seq: 1, stamp, type: "accountDeleted", account };
  const lines = encodeEntry(entry as unknown as Entry).json;
  return { type: "entries", number: 1, lines, count: 1, previous: [] };
}

/** Says hello as node3 and deletes accounts; returns what it hears until the stream is over. */
async function pose(node: ClusterNode, account: string, proof?: KeyProof): Promise<Heard> {
  const { GrpcNetwork } = await import("../../server/grpc/grpc_network.ts");
  const network = new GrpcNetwork(undefined, proof);
  const heard = new Heard();
  const link = network.dial({ name: node.name, host: "127.0.0.1", port: node.grpcPort }, heard);
  link.send(helloOf("node3"));
  link.send(deletion(account));
  await eventually("the stream is over", () => heard.reason !== undefined);
  await network.stop();
  return heard;
}

async function logOf({ data }: ClusterNode): Promise<string> {
  return await Deno.readTextFile(`${data}/log/00000001.jsonl`);
}

async function accountsAt(node: ClusterNode): Promise<number | undefined> {
  return (await node.status())?.accounts;
}

processTest(
  "ClusterMember tells a stranger who says hello as node3 nothing, and takes nothing of it",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, , three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ada = await one.login("ada");
    await three.kill();
    await ada.expect("sendMessage", { to: "ada", content: "secret" }, "sent");
    const id = /"type":"accountCreated","account":"([^"]+)"/.exec(await logOf(one))?.[1] ?? "";
    for (const proof of [undefined, keyProofOf("node3", OTHER_KEY)]) {
      const heard = await pose(one, id, proof);
      const told = heard.messages.map((message) => message.type === "refusal" ? message.code : message.type);
      assertEquals(told, proof === undefined ? ["key"] : [], heard.reason);
      assert(!JSON.stringify(heard.messages).includes("#"), "no origin is named");
    }
    await one.server.waitFor(() =>
      /"peerRefused".*node3 ended .* before it had proved/.test(one.server.stderr)
    );
    assertEquals(await accountsAt(one), 1);
    // With the key it is node3: the attempts above fail for nothing else.
    const proven = await pose(one, id, keyProofOf("node3"));
    assertEquals(proven.messages[0]?.type, "hello");
  },
);

processTest(
  "ClusterMember tells who listens on the port of a node that is down its name and a nonce",
  async () => {
    const { GrpcListener } = await import("../../server/grpc/grpc_listener.ts");
    await using cluster = await ClusterProcesses.start();
    const [one, two] = [cluster.node(1), cluster.node(2)];
    await using _ada = await one.login("ada");
    await two.kill();
    const ignored = (): void => {};
    const logger = { debug: ignored, info: ignored, warn: ignored, error: ignored };
    for (const keyProof of [undefined, keyProofOf("node2", OTHER_KEY)]) {
      const taken: Heard[] = [];
      const accept = (): Heard => {
        const heard = new Heard();
        taken.push(heard);
        return heard;
      };
      const options = {
        host: "127.0.0.1",
        port: two.grpcPort,
        certificate: undefined,
        keyProof,
        logger,
        accept,
        isPeerAddress: () => true,
      };
      const listener = await GrpcListener.start(options);
      await eventually("node1 refuses the stranger", async () => {
        const peer = (await one.status())?.peers.find(({ name }) => name === "node2");
        return peer?.state === "refused" && peer.code === "key";
      });
      await new Promise((resolve) => setTimeout(resolve, TRIED_MS));
      await listener.stop();
      assertEquals(taken.flatMap(({ messages }) => messages), []);
      const peer = (await one.status())?.peers.find(({ name }) => name === "node2");
      assertMatch(
        peer?.reason ?? "",
        /node2 has not proved that it has the .* cop(y that file|y of the key file)/,
      );
      await eventually(
        "nobody listens any more",
        async () => (await one.peers()).includes("node2 unreachable"),
      );
    }
    await two.start();
    await cluster.settled();
  },
);

processTest("Nodes that start at once in an empty folder have one key", async () => {
  await using cluster = await ClusterProcesses.make();
  const folder = await Deno.makeTempDir({ prefix: "chat-cluster-key-" });
  const flags = [`--cluster-key=${folder}/cluster_key`];
  await Promise.all(cluster.nodes.map((node) => node.start({ flags })));
  await cluster.settled();
  assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["cluster_key"]);
  const made = cluster.nodes.flatMap(({ diagnostics }) => diagnostics).filter((line) =>
    line.includes('"clusterKeyMade"')
  );
  assertEquals(made.length, 1);
  await Deno.remove(folder, { recursive: true });
});

processTest(
  "Nodes with different keys refuse each other and say so, until one after the other has the new one",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ada = await one.login("ada");
    const folder = await Deno.makeTempDir({ prefix: "chat-cluster-key-" });
    const flags = [`--cluster-key=${folder}/cluster_key`];
    await two.end();
    await two.start({ flags });
    for (const [here, there] of [[one, two], [two, one]] as const) {
      await eventually(`${here.name} refuses ${there.name}`, async () => {
        const peer = (await here.status())?.peers.find(({ name }) => name === there.name);
        return peer?.code === "key" && peer.reason?.includes("copy that file") === true;
      });
      await here.server.waitFor(() =>
        new RegExp(`"peerRefused".*${there.name} ended .* before it had proved`).test(here.server.stderr)
      );
    }
    const sent = await ada.expect("sendMessage", { to: "ada", content: "on two disks" }, "sent");
    assertEquals(sent.copies, 2);
    for (const node of [three, one]) {
      await node.end();
      await node.start({ flags });
    }
    await cluster.settled();
    assertEquals((await cluster.sameLogs()).state.messages.size, 1);
    await Deno.remove(folder, { recursive: true });
  },
);
