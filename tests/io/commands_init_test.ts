import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeKey, makeNodeCertificate, NODE_DAYS } from "../../server/certificates/certificate_issuer.ts";
import { peerCertificates } from "../../server/config/peer_certificates.ts";
import { processTest } from "../testing/permissions.ts";
import { ClusterFolder } from "./cluster_folder.ts";
import { runProgram } from "./commands_harness.ts";

/** Paths of a node's certificates. */
interface End {
  readonly folder: string;
  readonly name: string;
}

/**
 * Has a node call another, which must have this name in its certificate; returns the greeting, or the error.
 */
async function callOverTls(server: End, expected: string, client: End): Promise<string> {
  const child = new URL("./peer_tls_child.ts", import.meta.url).pathname;
  const ends = [server.folder, server.name, expected, client.folder, client.name];
  const args = [
    "run",
    "--no-prompt",
    "--no-check",
    "--allow-net=127.0.0.1",
    "--allow-read",
    "--allow-env",
    child,
    ...ends,
  ];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** The called node's answer to the calling one. */
function callNode({ certificates }: ClusterFolder, client: string, server: string): Promise<string> {
  const folder = certificates;
  return callOverTls({ folder, name: server }, server, { folder, name: client });
}

/** Output of OpenSSL; `undefined` where it is not installed. */
async function openssl(...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await new Deno.Command("openssl", { args: [...args] }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

processTest("init makes certificates with which two nodes talk, and know who calls", async () => {
  await using folder = await ClusterFolder.make(2);
  const { status, stdout, stderr } = await folder.init();
  assertEquals([status, stderr], [0, ""]);
  assertStringIncludes(stdout, `made ${folder.certificates}/node2.pem`);
  assertStringIncludes(stdout, "  node2: ca.pem, node2.pem, node2.key");
  assertStringIncludes(stdout, `  "certificates": "certificates",`);
  assertEquals(await callNode(folder, "node2", "node1"), "hello, node2\n");
  assertEquals(await callNode(folder, "node1", "node2"), "hello, node1\n");
});

processTest("init makes certificates that let in no other cluster and no other node", async () => {
  await using folder = await ClusterFolder.make(2);
  await using other = await ClusterFolder.make(2);
  await Promise.all([folder.init(), other.init()]);
  const node1 = { folder: folder.certificates, name: "node1" };
  await Deno.copyFile(`${folder.certificates}/ca.pem`, `${other.certificates}/ca.pem`);
  const stranger = { folder: other.certificates, name: "node2" };
  assertStringIncludes(await callOverTls(node1, "node1", stranger), "UNAVAILABLE");
  const wrongName = await callOverTls(node1, "node2", { ...node1, name: "node2" });
  assertStringIncludes(wrongName, "ERR_TLS_CERT_ALTNAME_INVALID");
});

processTest("init makes certificates that OpenSSL finds good", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  const { caFile, certFile } = peerCertificates(folder.certificates, "node1");
  for (const purpose of ["sslserver", "sslclient"]) {
    const said = await openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", caFile, certFile);
    if (said === undefined) return console.log("there is no openssl: nothing was looked at");
    assertEquals(said, `${certFile}: OK\n`);
  }
  const text = await openssl("x509", "-in", certFile, "-noout", "-text") ?? "";
  assertStringIncludes(text, "Subject: CN = node1");
  assertStringIncludes(text, "DNS:node1, DNS:localhost, IP Address:10.0.0.1, IP Address:127.0.0.1");
});

processTest("init keeps private what is private", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  assertEquals([...(await folder.contents()).keys()], [
    ".gitignore 644",
    "ca.key 600",
    "ca.pem 644",
    "node1.key 600",
    "node1.pem 644",
  ]);
  assertEquals(((await Deno.stat(folder.certificates)).mode ?? 0) & 0o777, 0o700);
});

processTest("init leaves nothing that git would commit, and warns of keys that others can read", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  await gitIn(folder.path, "init", "-q");
  const untracked = await gitIn(folder.path, "status", "--porcelain", "--untracked-files=all");
  assertEquals(untracked?.includes("certificates") ?? false, false, untracked);
  await Deno.chmod(`${folder.certificates}/ca.key`, 0o644);
  const { status, stdout } = await folder.init();
  assertEquals(status, 0);
  assertStringIncludes(stdout, `warning: ${folder.certificates}/ca.key holds a secret and other users`);
});

/** Output of git; `undefined` where it is not installed. */
async function gitIn(cwd: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await new Deno.Command("git", { args: [...args], cwd }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("git is not installed here: nothing was asked of it");
    return undefined;
  }
}

processTest("init changes nothing when it is run again", async () => {
  await using folder = await ClusterFolder.make(2, { certificates: "certificates" });
  await folder.init();
  const before = await folder.contents();
  const { status, stdout } = await folder.init();
  assertEquals(status, 0);
  assert(!stdout.includes("made "), stdout);
  assert(!stdout.includes("Add this line"), stdout);
  assertEquals(await folder.contents(), before);
});

processTest("init makes what a new node needs, and nothing else", async () => {
  await using folder = await ClusterFolder.make(2);
  await folder.init();
  const before = await folder.contents();
  await folder.configure(3);
  const { stdout } = await folder.init();
  assertEquals(stdout.split("\n").filter((line) => line.startsWith("made ")), [
    `made ${folder.certificates}/node3.key`,
    `made ${folder.certificates}/node3.pem`,
  ]);
  const after = await folder.contents();
  assertEquals([...after.keys()].filter((name) => !before.has(name)), ["node3.key 600", "node3.pem 644"]);
  for (const [name, text] of before) assertEquals(after.get(name), text, name);
  assertEquals(await callNode(folder, "node3", "node1"), "hello, node3\n");
});

processTest("init signs a key anew whose certificate was deleted", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  const before = await folder.contents();
  const node1 = peerCertificates(folder.certificates, "node1");
  await Deno.remove(node1.certFile);
  assertEquals((await folder.init()).status, 0);
  const after = await folder.contents();
  assertEquals(after.get("node1.key 600"), before.get("node1.key 600"));
  assert(after.get("node1.pem 644") !== before.get("node1.pem 644"));
  assertEquals(await callNode(folder, "node1", "node1"), "hello, node1\n");
});

processTest("init says what is missing, and makes nothing then", async () => {
  await using folder = await ClusterFolder.make(1);
  const missing = await runProgram("init", `--config=${folder.path}/nothing.json`);
  assertEquals([missing.status, missing.stdout], [2, ""]);
  assertStringIncludes(missing.stderr, "nothing.json does not exist");
  assertStringIncludes(missing.stderr, '"certificates": "certificates"');
  await folder.init();
  await Deno.remove(`${folder.certificates}/ca.key`);
  await folder.configure(2);
  const before = await folder.contents();
  const refused = await folder.init();
  assertEquals([refused.status, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, "ca.key is missing");
  assertEquals(await folder.contents(), before);
});

processTest("init names a file that it cannot use, and signs nothing then", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  await folder.configure(2);
  for (
    const [file, expected] of [["ca.pem", "ca.pem is not a certificate"], [
      "ca.key",
      "node2.pem cannot be made",
    ]]
  ) {
    const path = `${folder.certificates}/${file}`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, "nothing");
    const { status, stderr } = await folder.init();
    assertEquals(status, 1);
    assertStringIncludes(stderr, `${folder.certificates}/${expected}`);
    assert(!(await folder.contents()).has("node2.pem 644"));
    await Deno.writeTextFile(path, text);
  }
});

processTest("init warns of certificates that expire", async () => {
  await using folder = await ClusterFolder.make(1);
  await folder.init();
  const { certFile, caFile } = peerCertificates(folder.certificates, "node1");
  const authority = {
    keyPem: await Deno.readTextFile(`${folder.certificates}/ca.key`),
    certificatePem: await Deno.readTextFile(caFile),
  };
  const subject = { name: "node1", alternativeNames: [] };
  const oldMs = Date.now() - (NODE_DAYS - 10) * 86_400_000;
  await Deno.writeTextFile(certFile, await makeNodeCertificate(authority, subject, await makeKey(), oldMs));
  const { status, stdout } = await folder.init();
  assertEquals(status, 0);
  assertStringIncludes(stdout, `warning: ${certFile} expires on `);
  assertStringIncludes(stdout, `delete ${certFile} where ca.key is, run chat-server init there`);
});
