import { assertEquals } from "@std/assert";
import {
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
  NODE_DAYS,
} from "../../server/certificates/certificate_issuer.ts";
import { CertifiedCluster, refusal } from "../testing/certified_cluster.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import type { TestClient } from "../testing/test_client.ts";

const DAY_MS = 86_400_000;

/** An authority that has signed nothing yet. */
async function newAuthority(): Promise<{ keyPem: string; certificatePem: string }> {
  const keyPem = await makeKey();
  return { keyPem, certificatePem: await makeAuthorityCertificate("test", keyPem, Date.now()) };
}

/** Puts a certificate of this authority, with its key, in the place of that of a node. */
async function install(
  cluster: CertifiedCluster,
  authority: { keyPem: string; certificatePem: string },
  name: string,
  leftDays = NODE_DAYS,
): Promise<void> {
  const { caFile, certFile, keyFile } = cluster.filesOf(name);
  const keyPem = await makeKey();
  const madeMs = Date.now() - (NODE_DAYS - leftDays) * DAY_MS;
  const subject = { name, alternativeNames: [{ type: "dns", value: name }] } as const;
  await Deno.writeTextFile(caFile, authority.certificatePem);
  await Deno.writeTextFile(certFile, await makeNodeCertificate(authority, subject, keyPem, madeMs));
  await Deno.writeTextFile(keyFile, keyPem);
}

/** Sends SIGHUP and waits for a line that the node logs after it. */
async function reloaded(cluster: CertifiedCluster, name: string, expected: RegExp): Promise<void> {
  const { server } = cluster.node(name);
  const from = server.stderr.length;
  server.child.kill("SIGHUP");
  await server.waitFor(() => expected.test(server.stderr.slice(from)));
  await server.waitFor(() => server.stderr.slice(from).includes('"event":"reloaded"'));
}

async function copiesOf(ada: TestClient, content: string): Promise<number> {
  return (await ada.expect("sendMessage", { to: "bob", content }, "sent")).copies;
}

processTest("SIGHUP renews the certificates for peers; streams and sessions stay", async () => {
  await using cluster = await CertifiedCluster.make();
  await cluster.start("node1", "node2");
  await using ada = await cluster.node("node1").login("ada");
  await using _bob = await cluster.node("node2").login("bob");
  assertEquals(await copiesOf(ada, "before"), 2);
  const authority = await newAuthority();
  for (const name of ["node1", "node2", "node3"]) await install(cluster, authority, name);
  for (const name of ["node1", "node2"]) await reloaded(cluster, name, /"event":"certificateRenewed"/);
  assertEquals(await copiesOf(ada, "after"), 2);
  const lost = cluster.nodes.flatMap(({ diagnostics }) => diagnostics).filter((line) =>
    line.includes("peerLost")
  );
  assertEquals(lost, []);
  // It believes the new authority alone.
  await cluster.start("node3");
  for (const name of ["node1", "node2"]) {
    await cluster.sees(name, "node3", /^in sync/);
    await cluster.sees("node3", name, /^in sync/);
  }
  await eventually("three copies are made", async () => await copiesOf(ada, "three") === 3);
  // The nodes dial each other with the new certificates too.
  await cluster.node("node2").end();
  await cluster.node("node2").start();
  await cluster.sees("node1", "node2", /^in sync/);
  // A certificate of the authority before proves nothing any more.
  await cluster.node("node3").end();
  const formerAuthority = await Deno.readTextFile(`${cluster.made}/ca.pem`);
  await cluster.install("node3", "node3");
  await Deno.writeTextFile(cluster.filesOf("node3").caFile, authority.certificatePem + formerAuthority);
  const { server } = cluster.node("node1");
  const from = server.stderr.length;
  await cluster.node("node3").spawn();
  await refusal(server, /the certificate has expired, or is not of the authority/, from);
});

processTest("SIGHUP with certificates that cannot be used keeps those before, and says why", async () => {
  await using cluster = await CertifiedCluster.make();
  await cluster.start("node1", "node2");
  const authority = {
    keyPem: await Deno.readTextFile(`${cluster.made}/ca.key`),
    certificatePem: await Deno.readTextFile(`${cluster.made}/ca.pem`),
  };
  await Deno.writeTextFile(cluster.filesOf("node1").certFile, "-----BEGIN CERTIFICATE-----\n");
  await reloaded(cluster, "node1", /"event":"certificateNotRenewed".*node1\.pem is not a certificate in PEM/);
  await install(cluster, await newAuthority(), "node1");
  await Deno.writeTextFile(cluster.filesOf("node1").caFile, authority.certificatePem);
  await reloaded(cluster, "node1", /"event":"certificateNotRenewed".*was not signed with/);
  await install(cluster, authority, "node1", -1);
  await reloaded(cluster, "node1", /"event":"certificateNotRenewed".*node1\.pem has expired/);
  // The certificates in use are still the first ones.
  await cluster.start("node3");
  await cluster.sees("node1", "node3", /^in sync/);

  await install(cluster, authority, "node1", 3);
  await reloaded(cluster, "node1", /"event":"certificateRenewed"/);
  await reloaded(cluster, "node1", /"event":"certificate".*node1\.pem expires on \S+, in 3 days/);
  await install(cluster, authority, "node1", 20);
  await reloaded(cluster, "node1", /"event":"certificateRenewed"/);
  const { server } = cluster.node("node1");
  const from = server.stderr.length;
  await reloaded(cluster, "node1", /"event":"reloaded"/);
  assertEquals(server.stderr.slice(from).includes("expires"), false);
});
