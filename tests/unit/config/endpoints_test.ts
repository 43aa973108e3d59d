import { assertEquals } from "@std/assert";
import { clusterValue, nodeValue, problemsOf } from "./cluster.ts";

const ADVICE = "give every listener a port of its own";

function conflictsOf(...nodes: object[]): readonly string[] {
  return problemsOf(clusterValue(nodes.map((members, index) => nodeValue(index + 1, members))));
}

Deno.test("portConflicts() finds tcp, tls and grpc on one port of one host", () => {
  const tls = { port: 50_051, cert: "c.pem", key: "k.pem" };
  assertEquals(conflictsOf({}, { tls }, { grpc: { port: 5_000 } }), [
    `nodes[1].tls.port is 50051 on 127.0.0.1, which nodes[0].grpc.port has already; ${ADVICE}`,
    `nodes[2].grpc.port is 5000 on 127.0.0.1, which nodes[0].tcp.port has already; ${ADVICE}`,
  ]);
});

Deno.test("portConflicts() knows one host by its several names", () => {
  const tcp = (host: string): object => ({ tcp: { host, port: 5_000 } });
  assertEquals(conflictsOf(tcp("LOCALHOST"), tcp("127.0.0.1")).length, 1);
  assertEquals(conflictsOf(tcp("Chat.lan"), tcp("chat.LAN")).length, 1);
  assertEquals(conflictsOf(tcp("0.0.0.0"), tcp("0.0.0.0")).length, 1);
  assertEquals(conflictsOf(tcp("0.0.0.0"), tcp("127.0.0.1")).length, 1);
  assertEquals(
    conflictsOf({ ...tcp("0.0.0.0"), advertise: { host: "10.0.0.1" } }, tcp("10.0.0.1")).length,
    1,
  );
});

Deno.test("portConflicts() lets other machines have the same port", () => {
  const on = (host: string): object => ({ tcp: { host, port: 5_000 }, grpc: { port: 50_051 } });
  const open = (host: string): object => ({ ...on("0.0.0.0"), advertise: { host } });
  assertEquals(conflictsOf(on("node1"), on("node2"), open("10.0.0.1"), open("10.0.0.2")), []);
});

Deno.test("portConflicts() finds every address of a machine taken by itself", () => {
  const node = { tcp: { host: "0.0.0.0", port: 5_000 }, advertise: { host: "10.0.0.1" } };
  assertEquals(conflictsOf({ ...node, grpc: { host: "127.0.0.1", port: 5_000 } }).length, 1);
});
