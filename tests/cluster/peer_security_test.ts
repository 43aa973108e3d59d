import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
  NODE_DAYS,
} from "../../server/certificates/certificate_issuer.ts";
import { CertifiedCluster, refusal, STRANGER } from "../testing/certified_cluster.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { type RogueAct, type RogueFiles, RoguePeer, type RogueStream } from "../testing/rogue_peer.ts";
import { QUICK, SERVER_PERMISSIONS, ServerProcess } from "../testing/server_process.ts";

const DAY_MS = 86_400_000;

/** Sends a message from one node to another, and checks its number of copies. */
async function assertTalking(
  cluster: CertifiedCluster,
  from: string,
  to: string,
  copies: number,
): Promise<void> {
  await using ada = await cluster.node(from).login("ada");
  await using bob = await cluster.node(to).login("bob");
  const content = `from ${from} to ${to} at ${performance.now()}`;
  const sent = await ada.expect("sendMessage", { to: "bob", content }, "sent");
  assertEquals(sent.copies, copies);
  await eventually(
    "the message is pushed",
    () => bob.pushes.items.some((push) => push.name === "message" && push.payload.content === content),
  );
}

/** State of a peer in `chat-server status --json`. */
async function statusOf(cluster: CertifiedCluster, name: string, peer: string): Promise<string> {
  const main = new URL("../../server/main.ts", import.meta.url).pathname;
  const args = ["run", "--no-prompt", ...SERVER_PERMISSIONS, main, "status", "--json"];
  const command = new Deno.Command(Deno.execPath(), { args: [...args, `--data=${cluster.node(name).data}`] });
  const { stdout } = await command.output();
  const { peers } = JSON.parse(new TextDecoder().decode(stdout));
  return JSON.stringify(peers.find((each: { name: string }) => each.name === peer));
}

processTest("run() makes three copies among nodes with certificates, and keeps secrets private", async () => {
  await using cluster = await CertifiedCluster.make();
  await cluster.start("node1", "node2", "node3");
  await assertTalking(cluster, "node1", "node3", 3);
  const secrets = cluster.nodes.flatMap(({ name, data }) => [
    `${cluster.made}/${name}.key`,
    `${data}/admin.json`,
  ]);
  for (const file of [`${cluster.made}/ca.key`, ...secrets]) {
    assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600, file);
  }
  for (const { server } of cluster.nodes) assert(!server.stderr.includes("peerRefused"), server.stderr);
});

/** A stranger without a certificate of the cluster's authority for the name of a node. */
interface Stranger {
  readonly what: string;
  readonly files?: RogueFiles;
  readonly node: string;
  /** Diagnostic of the node. */
  readonly logged: RegExp;
  /** Reason given to the stranger, if there is one. */
  readonly refusal?: RegExp;
}

/** A certificate and key of another authority, and those of the authority itself. */
async function alienPairs(folder: string): Promise<Record<"authority" | "node", RogueFiles["certificate"]>> {
  const [authorityKey, key] = [await makeKey(), await makeKey()];
  const certificatePem = await makeAuthorityCertificate("test", authorityKey, Date.now());
  const subject = { name: "node2", alternativeNames: [{ type: "dns", value: "node2" }] } as const;
  const certificate = await makeNodeCertificate(
    { keyPem: authorityKey, certificatePem },
    subject,
    key,
    Date.now(),
  );
  const write = async (name: string, certificatePem: string, keyPem: string) => {
    const [certFile, keyFile] = [`${folder}/${name}.pem`, `${folder}/${name}.key`];
    await Deno.writeTextFile(certFile, certificatePem);
    await Deno.writeTextFile(keyFile, keyPem);
    return { certFile, keyFile };
  };
  return {
    authority: await write("alien-authority", certificatePem, authorityKey),
    node: await write("alien-node", certificate, key),
  };
}

processTest("GrpcListener refuses strangers, says who and why, answers nothing and goes on", async () => {
  await using cluster = await CertifiedCluster.make();
  await cluster.start("node1", "node3");
  const { server, grpcPort } = cluster.node("node1");
  const { caFile: ca, folder } = cluster.filesOf("node2");
  const alien = await alienPairs(folder);
  const distrusted =
    /"127\.0\.0\.1","reason":"the TLS handshake failed: the certificate has expired, or is not of/;
  const certified = { ca, certificate: cluster.filesOf(STRANGER) };
  const strangers: readonly Stranger[] = [
    {
      what: "without TLS",
      node: "node2",
      logged: /"127\.0\.0\.1","reason":"the TLS handshake failed: received corrupt/,
    },
    { what: "without a certificate", files: { ca }, node: "node2", logged: /peer sent no certificates/ },
    {
      what: "with a self-signed one",
      files: { ca, certificate: alien.authority },
      node: "node2",
      logged: distrusted,
    },
    {
      what: "with one of another authority",
      files: { ca, certificate: alien.node },
      node: "node2",
      logged: distrusted,
    },
    {
      what: "who is no member",
      files: certified,
      node: STRANGER,
      logged: /"peer":"node4","code":"stranger".*no node in the configuration of node1/,
      refusal: /no node in the configuration of node1/,
    },
    {
      what: "who is no member and says it is one",
      files: certified,
      node: "node2",
      logged: /"peer":"node2","code":"stranger".*should be node4/,
      refusal: /should be node4/,
    },
  ] as readonly Stranger[];
  await using rogue = new RoguePeer();
  for (const { what, files, node, logged, refusal: told } of strangers) {
    const from = server.stderr.length;
    const act: RogueAct = { script: "hello", port: grpcPort, target: "node1", node, ...(files && { files }) };
    const stream: RogueStream = await rogue.actAlone(act);
    assertEquals(stream.heard, told === undefined ? [] : ["refusal"], what);
    assert(stream.end !== undefined, `one ${what} was let in`);
    if (told) assert(told.test(stream.refusal ?? ""), stream.refusal);
    await refusal(server, logged, from);
  }
  await assertTalking(cluster, "node1", "node3", 2);
  console.log(`${strangers.length} strangers refused`);
});

/** A wrong start of node2, and the messages about it. */
interface Misfit {
  readonly what: string;
  prepare(cluster: CertifiedCluster): Promise<void> | void;
  /** Status of node2 at node1, and of node1 at node2. */
  readonly seenByNode1: RegExp;
  readonly seenByNode2: RegExp;
  /** Diagnostics of each about the other. */
  readonly loggedByNode1: RegExp;
  readonly loggedByNode2: RegExp;
}

const NOT_OF_ONE_KIND = /^unreachable: .*InvalidContentType.*check that both use TLS with certificates/;
const EITHER_WITHOUT = /^unreachable: .*check that it does not use TLS either/;

async function expire(cluster: CertifiedCluster): Promise<void> {
  await cluster.install("node2", "node2");
  const { certFile, keyFile } = cluster.filesOf("node2");
  const [keyPem, certificatePem, key] = await Promise.all(
    [`${cluster.made}/ca.key`, `${cluster.made}/ca.pem`, keyFile].map((file) => Deno.readTextFile(file)),
  );
  const subject = { name: "node2", alternativeNames: [{ type: "dns", value: "node2" }] } as const;
  const oldMs = Date.now() - (NODE_DAYS + 2) * DAY_MS;
  const authority = { keyPem: keyPem ?? "", certificatePem: certificatePem ?? "" };
  await Deno.writeTextFile(certFile, await makeNodeCertificate(authority, subject, key ?? "", oldMs));
}

const MISFITS: readonly Misfit[] = [
  {
    what: "with a certificate that has expired",
    prepare: expire,
    seenByNode1: /^unreachable: the other end has a certificate of another authority, or one out of date/,
    seenByNode2: /^unreachable: .*check.*certificates of the same authority that have not expired/,
    loggedByNode1: /"127\.0\.0\.1","reason":"the TLS handshake failed: the certificate has expired/,
    loggedByNode2: /"certificate".*node2\.pem has expired on .*run chat-server init/,
  },
  {
    what: "without certificates",
    prepare: (cluster) => void (cluster.plain = ["node2"]),
    seenByNode1: NOT_OF_ONE_KIND,
    seenByNode2: EITHER_WITHOUT,
    loggedByNode1: /the TLS handshake failed: received corrupt message/,
    loggedByNode2: /"peerRefused".*it ended without having opened a stream.*does not use TLS/,
  },
];

/** Starts node2, which the other two and it must refuse, with a reason, in status and diagnostics. */
async function assertRefused(cluster: CertifiedCluster, misfit: Misfit): Promise<void> {
  await misfit.prepare(cluster);
  const [node1, node2] = [cluster.node("node1"), cluster.node("node2")];
  const from = node1.server.stderr.length;
  await node2.start();
  await cluster.sees("node1", "node2", misfit.seenByNode1);
  await cluster.sees("node2", "node1", misfit.seenByNode2);
  await eventually("node1 says why", () => misfit.loggedByNode1.test(node1.server.stderr.slice(from)));
  await eventually("node2 says why", () => misfit.loggedByNode2.test(node2.server.stderr));
  await assertTalking(cluster, "node1", "node3", 2);
  assert(!node2.server.isOver, node2.server.stderr);
  await node2.kill();
}

processTest(
  "GrpcNetwork and GrpcListener refuse a node that does not prove its name, and say why",
  async () => {
    await using cluster = await CertifiedCluster.make();
    await cluster.start("node1", "node3");
    for (const misfit of MISFITS) await assertRefused(cluster, misfit);
    await cluster.install("node2", "node2");
    cluster.plain = [];
    await cluster.start("node2");
    await cluster.sees("node1", "node2", /^in sync/);
    await assertTalking(cluster, "node2", "node3", 3);
    assertStringIncludes(await statusOf(cluster, "node2", "node1"), '"in sync"');
    console.log(`${MISFITS.length} misfits refused`);
  },
);

processTest("GrpcNetwork and GrpcListener refuse a node with TLS where nobody else uses it", async () => {
  await using cluster = await CertifiedCluster.make();
  cluster.plain = ["node1", "node3"];
  await cluster.start("node1", "node3");
  await assertRefused(cluster, {
    what: "with TLS",
    prepare: () => {},
    seenByNode1: EITHER_WITHOUT,
    seenByNode2: NOT_OF_ONE_KIND,
    loggedByNode1: /"peerRefused".*it ended without having opened a stream.*does not use TLS/,
    loggedByNode2: /the TLS handshake failed: received corrupt message/,
  });
});

processTest(
  "run() does not talk to peers beyond loopback without certificates, whatever it is told",
  async () => {
    const others = [{
      name: "node2",
      tcp: { host: "127.0.0.1", port: 7_001 },
      grpc: { host: "127.0.0.1", port: 7_002 },
    }];
    for (const host of ["0.0.0.0", "10.0.0.1"]) {
      for (const flags of [[], ["--insecure"]]) {
        const node = { grpc: { host, port: freePort() }, advertise: { host: "10.0.0.1" } };
        await using server = await ServerProcess.spawn({ node, others, flags, configuration: QUICK });
        assertEquals(await server.ended(), 2, server.stderr);
        assertStringIncludes(server.stderr, "make certificates with chat-server init");
        assertStringIncludes(server.stderr, host);
      }
    }
  },
);
