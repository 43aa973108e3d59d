import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeKey, makeNodeCertificate, NODE_DAYS } from "../../server/certificates/certificate_issuer.ts";
import { processTest } from "../testing/permissions.ts";
import { ClusterFolder } from "./cluster_folder.ts";
import { runProgram } from "./commands_harness.ts";

/** A folder with certificates for two nodes that are configured to use them. */
async function certifiedFolder(): Promise<ClusterFolder> {
  const folder = await ClusterFolder.make(2, { certificates: "certificates" });
  assertEquals((await folder.init()).status, 0);
  return folder;
}

/** A fault of node2's certificates, and the messages about it. */
interface Fault {
  readonly what: string;
  spoil(certificates: string): Promise<void>;
  /** The messages, with `DIR` for the folder. */
  readonly said: readonly string[];
  /** True if `check`, which does not know the machine of a node, accepts it. */
  readonly isForStartOnly?: true;
}

const FROM_INIT = "from the machine on which chat-server init ran";

const FAULTS: readonly Fault[] = [
  {
    what: "no authority",
    spoil: (certificates) => Deno.remove(`${certificates}/ca.pem`),
    said: [`DIR/ca.pem is missing; bring it ${FROM_INIT}`],
  },
  {
    what: "no key",
    spoil: (certificates) => Deno.remove(`${certificates}/node2.key`),
    said: [`DIR/node2.key is missing; bring it ${FROM_INIT}`],
    isForStartOnly: true,
  },
  {
    what: "no certificate in a file",
    spoil: (certificates) => Deno.writeTextFile(`${certificates}/ca.pem`, "nothing"),
    said: [`DIR/ca.pem is not a certificate in PEM; bring it again ${FROM_INIT}`],
  },
  {
    what: "no key in a file",
    spoil: (certificates) => Deno.writeTextFile(`${certificates}/node2.key`, "nothing"),
    said: [`DIR/node2.key is not a private key in PEM; bring it again ${FROM_INIT}`],
  },
  {
    what: "the key of another node",
    spoil: (certificates) => Deno.copyFile(`${certificates}/node1.key`, `${certificates}/node2.key`),
    said: [`DIR/node2.key is not the private key of DIR/node2.pem; bring both ${FROM_INIT}`],
  },
  {
    what: "the certificate of another node",
    spoil: (certificates) => Deno.copyFile(`${certificates}/node1.pem`, `${certificates}/node2.pem`),
    said: ["DIR/node2.pem is the certificate of node1; put that of node2 there"],
  },
  {
    what: "a file that cannot be read",
    spoil: async (certificates) => {
      await Deno.remove(`${certificates}/node2.pem`);
      await Deno.mkdir(`${certificates}/node2.pem`);
    },
    said: ["DIR/node2.pem cannot be read: "],
  },
];

/** Asserts that a node with such certificates does not start, and that `check` finds the same. */
async function assertSaid(folder: ClusterFolder, { what, said, isForStartOnly }: Fault): Promise<void> {
  const config = `--config=${folder.config}`;
  const lines = said.map((line) => line.replaceAll("DIR", folder.certificates));
  const started = await runProgram("run", config, "--node=node2", `--data=${folder.path}/data`);
  assertEquals([started.status, started.stdout], [1, ""], what);
  assertEquals(started.stderr.split("\n").length, lines.length + 1, started.stderr);
  for (const line of lines) assertStringIncludes(started.stderr, `chat-server: ${line}`, what);
  const checked = await runProgram("check", config);
  if (isForStartOnly) return assertEquals([checked.status, checked.stderr], [0, ""], what);
  assertEquals([checked.status, checked.stdout], [2, ""], what);
  for (const line of lines) assertStringIncludes(checked.stderr, `\n  ${line}`, what);
}

processTest("run and check say what is wrong with certificates, and no node starts with them", async () => {
  for (const fault of FAULTS) {
    await using folder = await certifiedFolder();
    await fault.spoil(folder.certificates);
    await assertSaid(folder, fault);
  }
  console.log(`${FAULTS.length} faults found`);
});

processTest("run and check find certificates of another authority", async () => {
  await using folder = await certifiedFolder();
  await using other = await certifiedFolder();
  await Deno.copyFile(`${other.certificates}/ca.pem`, `${folder.certificates}/ca.pem`);
  const config = `--config=${folder.config}`;
  const started = await runProgram("run", config, "--node=node2", `--data=${folder.path}/data`);
  const expected = (name: string): string =>
    `${folder.certificates}/${name}.pem was not signed with ${folder.certificates}/ca.pem; bring both ${FROM_INIT}`;
  assertEquals(started, { status: 1, stdout: "", stderr: `chat-server: ${expected("node2")}\n` });
  const { status, stderr } = await runProgram("check", config);
  assertEquals(status, 2);
  for (const name of ["node1", "node2"]) assertStringIncludes(stderr, `\n  ${expected(name)}`);
});

processTest("check finds nothing wrong where the other nodes' files are on their machines", async () => {
  await using folder = await certifiedFolder();
  for (const name of ["ca.key", "node1.pem", "node1.key"]) {
    await Deno.remove(`${folder.certificates}/${name}`);
  }
  const { status, stderr } = await runProgram("check", `--config=${folder.config}`);
  assertEquals([status, stderr], [0, ""]);
});

processTest("check and run warn of keys that others can read, and the node starts all the same", async () => {
  await using folder = await certifiedFolder();
  const key = `${folder.certificates}/node1.key`;
  const config = `--config=${folder.config}`;
  assertEquals((await runProgram("check", config)).stdout.includes("warning"), false);
  await Deno.chmod(key, 0o644);
  const checked = await runProgram("check", config);
  const warning =
    `${key} holds a secret and other users of this machine can read or change it (mode 0644); run chmod 600 ${key}`;
  assertEquals(checked.status, 0);
  assertStringIncludes(checked.stdout, `warning: ${warning}\n`);
});

/** Puts a certificate of the folder's authority in a file, with so many days left. */
async function makeCertificate(folder: ClusterFolder, file: string, leftDays: number): Promise<void> {
  const key = file.replace(/pem$/, "key");
  const authority = {
    keyPem: await Deno.readTextFile(`${folder.certificates}/ca.key`),
    certificatePem: await Deno.readTextFile(`${folder.certificates}/ca.pem`),
  };
  const subject = { name: "node1", alternativeNames: [{ type: "dns", value: "node1" }] } as const;
  const keyPem = await makeKey();
  const madeMs = Date.now() - (NODE_DAYS - leftDays) * 86_400_000;
  await Deno.writeTextFile(file, await makeNodeCertificate(authority, subject, keyPem, madeMs));
  await Deno.writeTextFile(key, keyPem, { mode: 0o600 });
}

processTest(
  "check calls an expired certificate a problem, and warns fourteen days before the end",
  async () => {
    await using folder = await certifiedFolder();
    const config = `--config=${folder.config}`;
    const tls = { host: "0.0.0.0", port: 7_200, cert: "tls.pem", key: "tls.key" };
    const { nodes, ...others } = JSON.parse(await Deno.readTextFile(folder.config));
    nodes[0].tls = tls;
    await Deno.writeTextFile(folder.config, JSON.stringify({ ...others, nodes }));
    const [forClients, forPeers] = [`${folder.path}/tls.pem`, `${folder.certificates}/node1.pem`];
    const ways = [
      [forClients, "clients refuse it; renew it, and send SIGHUP to the node", "renew it"],
      [forPeers, `nodes refuse it; delete ${forPeers} where ca.key is`, `delete ${forPeers}`],
    ] as const;
    for (const [file, expired, soon] of ways) {
      for (const each of [forClients, forPeers]) await makeCertificate(folder, each, 20);
      const good = await runProgram("check", config);
      assertEquals([good.status, good.stderr, good.stdout.includes("warning")], [0, "", false]);
      await makeCertificate(folder, file, 3);
      const ending = await runProgram("check", config);
      assertEquals([ending.status, ending.stderr], [0, ""]);
      assertMatch(ending.stdout, new RegExp(`warning: ${file} expires on \\S+, in 3 days; ${soon}`));
      await makeCertificate(folder, file, -1);
      const ended = await runProgram("check", config);
      assertEquals([ended.status, ended.stdout], [2, ""]);
      assertMatch(ended.stderr, new RegExp(`has 1 problem:\n  ${file} has expired on \\S+, and ${expired}`));
    }
    await Deno.writeTextFile(forClients, "nothing");
    await makeCertificate(folder, forPeers, 20);
    assertStringIncludes(
      (await runProgram("check", config)).stderr,
      `${forClients} is not a certificate in PEM`,
    );
  },
);
