/**
 * Keeps the tests off the default ports, so that they pass beside nodes that run on this machine.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { runnableBlocks } from "../documents/runnable_blocks.ts";
import { PROJECT, type ProjectDocument, projectFiles, readDocuments } from "../documents/project_files.ts";
import { defaultPortsIn } from "../testing/default_ports.ts";
import { DEFAULT_PORT, DEFAULT_PORTS, networkTest, OwnNetwork } from "../testing/own_network.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Tests without permission to listen or connect, and their harness. */
const WITHOUT_NETWORK = /^tests\/(?:unit\/|sim\/|testing\/node_harness\.ts$)/;

/** The files that may name default ports: the module that isolates them, and those that find them. */
const EXEMPT = [
  "tests/testing/own_network.ts",
  "tests/testing/default_ports.ts",
  "tests/io/default_ports_test.ts",
];

processTest("no test with permission to listen names a default port", async () => {
  const paths = (await projectFiles()).filter((path) =>
    /^(?:tests|demo)\/.*\.ts$/.test(path) && !WITHOUT_NETWORK.test(path) && !EXEMPT.includes(path)
  );
  assertGreater(paths.length, 100);
  const found = await Promise.all(paths.map(async (path) => {
    const text = await Deno.readTextFile(new URL(path, PROJECT));
    return defaultPortsIn(text).map(({ line, port }) => `${path}:${line}: ${port}`);
  }));
  console.log(`${paths.length} files looked at`);
  assertEquals(found.flat(), [], "take a port of freePort(), or run the programs in an OwnNetwork");
});

/** Default ports in runnable blocks of a document; the configuration in the project's folder has others. */
function portsInBlocks({ path, text }: ProjectDocument): string[] {
  const blocks = runnableBlocks(text).blocks.filter(({ folder }) => folder === "project");
  return blocks.flatMap((block) =>
    defaultPortsIn(block.text).map(({ line, port }) => `${path}:${block.line + line}: ${port}`)
  );
}

processTest("no runnable block in the project's folder names a default port", async () => {
  const documents = await readDocuments();
  console.log(`${documents.length} documents looked at`);
  assertEquals(documents.flatMap(portsInBlocks), []);
  const text = "```sh runnable in=project\ntrue\ndeno task client --server 127.0.0.1:5000\n```";
  assertEquals(portsInBlocks({ path: "planted.md", text }), ["planted.md:3: 5000"]);
});

Deno.test("defaultPortsIn() finds every way to write a default port, and no duration", () => {
  const offences = [
    `tcp: { host: "127.0.0.1", port: 5000 },`,
    `const port = 5_000 + index;`,
    `await Deno.connect({ hostname: "127.0.0.1", port: 50_051 });`,
    `["--server", "127.0.0.1:5001"]`,
    `const OTHER = 5_002;`,
    `["--port=5443"]`,
    `grpc: { port: 50_050 + number },`,
  ];
  for (const offence of offences) {
    assertEquals(defaultPortsIn(`\n${offence}`).map(({ line }) => line), [2], offence);
  }
  for (
    const duration of [
      "const WAIT_MS = 5_000;",
      "await eventually('it ends', isOver, 5_000);",
      "15_000",
      "5_000.5",
    ]
  ) {
    assertEquals(defaultPortsIn(duration), [], duration);
  }
});

await networkTest(
  "OwnNetwork has all default ports free, beside another one that uses them",
  async (network) => {
    await using other = await OwnNetwork.open();
    await using servers = new AsyncDisposableStack();
    for (const { entry } of [other, network]) {
      await Promise.all(DEFAULT_PORTS.map(async (port) => {
        const server = servers.use(await started(entry, port));
        assertStringIncludes(server.stdout, `listens on 127.0.0.1:${port}`);
      }));
    }
  },
);

await networkTest(
  "OwnNetwork.connect() reaches a server of its network, and nothing outside",
  async (network) => {
    await using server = await started(network.entry, DEFAULT_PORT);
    const client = await TestClient.login(0, "alice", undefined, await network.connect(DEFAULT_PORT));
    const { copies } = await client.expect("sendMessage", { to: "alice", content: "note" }, "sent");
    assertEquals(copies, 1);
    await client[Symbol.asyncDispose]();
    await using outside = await ServerProcess.start();
    const ofOutside = await network.connect(outside.port);
    assertEquals(await ofOutside.read(new Uint8Array(1)), null);
    ofOutside.close();
    assert(!server.isOver);
  },
);

/** A server without a configuration, on this port of a network. */
async function started(entry: readonly string[], port: number): Promise<ServerProcess> {
  return await ServerProcess.start({ program: serverCommand(), unconfigured: true, wrapper: entry, port });
}
