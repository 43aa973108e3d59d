import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
  NODE_DAYS,
} from "../../server/certificates/certificate_issuer.ts";
import type { ServerProcess } from "../testing/server_process.ts";
import { CertifiedCluster, diagnostics, STRANGER } from "../testing/certified_cluster.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { type RogueFiles, RoguePeer } from "../testing/rogue_peer.ts";
import { ServerProcess as Server } from "../testing/server_process.ts";

const DAY_MS = 86_400_000;

/** Waits for a refusal that the server has logged; returns all of them. */
async function refusal(server: ServerProcess, expected: RegExp): Promise<void> {
  const lines = () => diagnostics(server, "peerRefused").map((line) => JSON.stringify(line));
  await eventually(`a refusal is logged as ${expected}`, () => lines().some((line) => expected.test(line)))
    .catch((error) => {
      throw new Error(`${error.message}, but ${lines().join("\n")}`, { cause: error });
    });
}

/** A message goes from one node to another, and is on so many disks when it is acknowledged. */
async function assertTalking(cluster: CertifiedCluster, from: string, to: string, copies: number): Promise<void> {
  await using ada = await cluster.node(from).login("ada");
  await using bob = await cluster.node(to).login("bob");
  const content = `from ${from} to ${to}`;
  const sent = await ada.expect("sendMessage", { to: "bob", content }, "sent");
  assertEquals(sent.copies, copies);
  await eventually(
    "the message is pushed",
    () => bob.pushes.items.some((push) => push.name === "message" && push.payload.content === content),
  );
}

processTest("Nodes with certificates of chat-server init make three copies and push at every node", async () => {
  await using cluster = await CertifiedCluster.make();
  await cluster.start("node1", "node2", "node3");
  await assertTalking(cluster, "node1", "node3", 3);
  for (const { server } of cluster.nodes) assertEquals(diagnostics(server, "peerRefused"), []);
  for (const { name, data } of cluster.nodes) {
    const { keyFile } = cluster.filesOf(name);
    for (const file of [`${cluster.made}/${name}.key`, keyFile, `${data}/admin.json`]) {
      assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600, file);
    }
  }
  assertEquals(((await Deno.stat(`${cluster.made}/ca.key`)).mode ?? 0) & 0o777, 0o600);
});
