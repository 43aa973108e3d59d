import { assertEquals } from "@std/assert";
import { refusalToServeClients, withTcpPort } from "../../../server/config/node_configuration.ts";
import { clusterValue, configurationOf, nodeValue, problemsOf } from "./cluster.ts";

const GRPC = { host: "10.0.0.9", port: 50051 };
const ARCHIVE = { name: "vault", grpc: GRPC, tags: ["archive"] };

function problemsWith(archive: object): readonly string[] {
  return problemsOf(clusterValue([nodeValue(1), archive]));
}

Deno.test("parseConfiguration() tells clients nothing of an archive, and peers everything", () => {
  const { nodes: [node, archive] } = configurationOf(clusterValue([nodeValue(1), ARCHIVE]));
  const told = [{ name: "node1", host: "127.0.0.1", port: 5000 }];
  assertEquals([node?.archive, node?.clusterSize, node?.nodes], [false, 2, told]);
  assertEquals(node?.peers, [{ name: "vault", ...GRPC }]);
  assertEquals([archive?.archive, archive?.clusterSize, archive?.nodes], [true, 2, told]);
  assertEquals([archive?.tcp, archive?.tls, archive?.grpc], [undefined, undefined, GRPC]);
});

Deno.test("parseConfiguration() looks at the ports for clients of an archive, and opens none", () => {
  const tcp = { host: "0.0.0.0", port: 5000 };
  const tls = { port: 5443, cert: "c.pem", key: "k.pem" };
  const { nodes: [, archive] } = configurationOf(clusterValue([nodeValue(1), { ...ARCHIVE, tcp, tls }]));
  assertEquals([archive?.tcp, archive?.tls], [undefined, undefined]);
  assertEquals(archive && refusalToServeClients(archive), undefined);
  assertEquals(problemsWith({ ...ARCHIVE, tcp: { host: "a", port: 0 } }), [
    "nodes[1].tcp.port is 0 and must be a whole number from 1 to 65535",
  ]);
});

Deno.test("parseConfiguration() asks for the ports that a node needs", () => {
  assertEquals(problemsWith({ ...ARCHIVE, tags: [] }), [
    "nodes[1].tcp is missing; give an object with host, port",
  ]);
  assertEquals(problemsWith({ ...ARCHIVE, grpc: { port: 50051 } }), [
    'nodes[1].grpc.host is missing; give a host name or an IP address without a port, as in "127.0.0.1"',
  ]);
});

Deno.test("parseConfiguration() tells peers a host of an archive that they can reach", () => {
  const open = { ...ARCHIVE, grpc: { host: "::", port: 50051 }, advertise: { host: "vault.lan" } };
  const { nodes: [node] } = configurationOf(clusterValue([nodeValue(1), open]));
  assertEquals(node?.peers, [{ name: "vault", host: "vault.lan", port: 50051 }]);
});

Deno.test("parseConfiguration() refuses a cluster of archives alone", () => {
  assertEquals(problemsOf(clusterValue([ARCHIVE])), [
    'every node has the tag "archive", and such nodes serve no clients; take it off at least one',
  ]);
});

Deno.test("withTcpPort() leaves an archive as it is", () => {
  const { nodes: [, archive] } = configurationOf(clusterValue([nodeValue(1), ARCHIVE]));
  assertEquals(archive && withTcpPort(archive, 6_000), archive);
});
