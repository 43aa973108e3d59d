import { assertEquals, assertStringIncludes } from "@std/assert";
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
