import { assertEquals, assertMatch } from "@std/assert";
import type { PeerStream } from "../../server/ports/peers.ts";
import { type HelloMessage, type PeerMessage, REPLICATION_VERSION } from "../../server/ports/peer_message.ts";
import { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { keyProofOf } from "../testing/key_proofs.ts";

const NAMES = ["node1", "node2"];

/** A valid hello. */
const HELLO: HelloMessage = {
  type: "hello",
  major: REPLICATION_VERSION.major,
  minor: REPLICATION_VERSION.minor,
  cluster: "test",
  node: "node2",
  wallMs: 0,
  version: [],
};

processTest("helloProblem refuses, with a reason, whoever does not belong here", async () => {
  await using cluster = await ClusterProcesses.make({ names: NAMES });
  const one = cluster.node(1);
  await one.start();
  const other = REPLICATION_VERSION.major + 1;
  const wallMs = Date.now();
  for (
    const [changes, code, message] of [
      [
        { major: other },
        "version",
        /node2 speaks version 2\.1 .* and node1 1\.1; start both nodes with releases of one/,
      ],
      [{ cluster: "other" }, "cluster", /node2 is of the cluster other and node1 of test/],
      [
        { node: "node9" },
        "stranger",
        /node9 is no node in the configuration of node1; add it there and reload with SIGHUP/,
      ],
      [
        { wallMs: wallMs - 120_000 },
        "clock",
        /the clocks of node2 and node1 are 1[12]\d s apart and the limit is 60 s/,
      ],
    ] as const
  ) {
    const replies = await sayHello(one, { ...HELLO, wallMs, ...changes });
    assertEquals(replies.map(({ type }) => type), ["refusal"]);
    const [refusal] = replies;
    assertEquals(refusal?.type === "refusal" && refusal.code, code);
    assertMatch(refusal?.type === "refusal" ? refusal.message : "", message);
    await one.server.waitFor(() =>
      one.server.stderr.includes(`"event":"peerRefused"`) && message.test(one.server.stderr)
    );
  }
  const [welcome] = await sayHello(one, { ...HELLO, wallMs });
  assertEquals([welcome?.type, welcome?.type === "hello" && welcome.node], ["hello", "node1"]);
});

processTest(
  "ClusterNode with --alone goes on by itself beside a node that refuses it, and says so",
  async () => {
    await using cluster = await ClusterProcesses.make({ names: NAMES });
    const [one, two] = [cluster.node(1), cluster.node(2)];
    await one.start();
    cluster.configured = ["node1"];
    cluster.wire(one, two).cut();
    await one.reload();
    await one.server.waitFor(() => one.server.stderr.includes('"event":"reloaded"'));
    await two.start({ flags: ["--alone"] });
    await two.server.waitFor(() => two.server.stderr.includes('"event":"peerRefusesUs"'));
    assertMatch(
      two.server.stderr,
      /node2 is no node in the configuration of node1; add it there and reload with SIGHUP/,
    );
    await two.served();
    await eventually("node1 refuses node2", async () => (await two.peers()).join() === "node1 refused");
    await using ada = await two.login("ada");
    const sent = await ada.expect("sendMessage", { to: "ada", content: "by myself" }, "sent");
    assertEquals([sent.copies, sent.nodes], [1, 2]);
    assertMatch(
      (await two.status())?.alone ?? "",
      /started with --alone: what it stores stays on its own disk/,
    );
  },
);

processTest(
  "ClusterNode does not take one peer for another whose port was written down in its place",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ada = await one.login("ada");
    await using elsewhere = await two.login("ada");
    const port = cluster.wire(one, two).port;
    await one.reload(one.configurationText().replace(`"port":${port}`, `"port":${three.grpcPort}`));
    const problem = /this is node3 and should be node2; look at hosts, ports and certificates/;
    await one.server.waitFor(() => problem.test(one.server.stderr));
    await eventually("node3 is in sync", async () => {
      return (await one.peers()).join() === "node2 refused,node3 in sync";
    });
    await ada.expect("sendMessage", { to: "ada", content: "passed on by node3" }, "sent");
    assertEquals((await elsewhere.push()).name, "message");
  },
);

processTest("SENT counts every one of five nodes", async () => {
  const names = [1, 2, 3, 4, 5].map((number) => `node${number}`);
  await using cluster = await ClusterProcesses.start({ names });
  const one = cluster.node(1);
  await using ada = await one.login("ada");
  const sent = await ada.expect("sendMessage", { to: "ada", content: "to all" }, "sent");
  assertEquals([sent.copies, sent.nodes], [5, 5]);
  await Promise.all(cluster.nodes.slice(1).map((node) => node.kill()));
  const alone = await ada.expect("sendMessage", { to: "ada", content: "to nobody" }, "sent");
  assertEquals([alone.copies, alone.nodes], [1, 5]);
  await Promise.all(cluster.nodes.slice(1).map((node) => node.start()));
  assertEquals((await cluster.sameLogs()).state.messages.size, 2);
});

/** Answer of a node to a hello alone, until the first message or the end of the stream. */
async function sayHello(node: ClusterNode, hello: HelloMessage): Promise<PeerMessage[]> {
  // Loaded late: it cannot be loaded without any permission.
  const { GrpcNetwork } = await import("../../server/grpc/grpc_network.ts");
  const network = new GrpcNetwork(undefined, keyProofOf("node2"));
  const messages: PeerMessage[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream: PeerStream = {
    received: (message) => {
      messages.push(message);
      resolve();
    },
    closed: () => resolve(),
  };
  network.dial({ name: node.name, host: "127.0.0.1", port: node.grpcPort }, stream).send(hello);
  await promise;
  await network.stop();
  return messages;
}
