import { assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import type { AdminAddress } from "../../server/admin/admin_file.ts";
import { AdminService } from "../../server/admin/admin_service.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { StartingStatus } from "../../server/admin/starting_status.ts";
import { startingReport, statusReport } from "../../server/commands/status_report.ts";
import { lockDataFolder } from "../../server/log/lock.ts";
import { NODE_STATUS, STARTING_STATUS } from "../testing/node_statuses.ts";
import { processTest } from "../testing/permissions.ts";
import { type Ending, programArgs } from "./commands_harness.ts";

/** A folder to run the program in, with the data folder of a node. `await using` removes it. */
class Stage implements AsyncDisposable {
  #service: AdminService | undefined;

  private constructor(readonly folder: string, readonly data: string) {}

  static async set(data = "data/node1"): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "chat-status-test-" });
    await Deno.mkdir(`${folder}/${data}`, { recursive: true });
    return new Stage(folder, `${folder}/${data}`);
  }

  /** Starts the service of a node. */
  async start(status: NodeStatus | StartingStatus = NODE_STATUS): Promise<AdminService> {
    const log = (): void => {};
    const logger = { debug: log, info: log, warn: log, error: log };
    const options = { data: this.data, node: status.node, status: () => status, logger };
    return this.#service = await AdminService.start(options);
  }

  /** Writes the file that a node leaves when it is killed. */
  async leave(address: Partial<AdminAddress>): Promise<void> {
    const whole = { secret: "0".repeat(64), pid: 4_711, node: "node1", ...address };
    await Deno.writeTextFile(`${this.data}/admin.json`, JSON.stringify(whole));
  }

  /** Runs `status` in the folder, to its end. */
  async status(flags: readonly string[] = [], env: Record<string, string> = {}): Promise<Ending> {
    const options = { args: programArgs("status", ...flags), cwd: this.folder, env, stdin: "null" } as const;
    const command = new Deno.Command(Deno.execPath(), { ...options, stdout: "piped", stderr: "piped" });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service?.stop();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A part of an endless answer. */
const PIECE = new Uint8Array(16_384).fill(32);

/** A configuration with a first node of this name. */
function configuration(name: string): string {
  const ports = [name, "node1"].map((each, i) => ({
    name: each,
    tcp: { host: "127.0.0.1", port: 7_000 + i },
    grpc: { host: "127.0.0.1", port: 7_100 + i },
  }));
  return JSON.stringify({ cluster: "test", nodes: ports });
}

processTest("status shows how a running node is, while it holds its data folder", async () => {
  await using stage = await Stage.set();
  await stage.start();
  const lock = lockDataFolder(stage.data, { node: "node1", pid: Deno.pid, startedMs: 0 });
  try {
    for (const flags of [[], ["--node=node1"], ["--data", stage.data]]) {
      const expected = { status: 0, stdout: `${statusReport(NODE_STATUS)}\n`, stderr: "" };
      assertEquals(await stage.status(flags), expected);
    }
  } finally {
    lock.release();
  }
});

processTest("status --json is one object, and harmless on a terminal", async () => {
  await using stage = await Stage.set();
  const status = { ...NODE_STATUS, filling: "\u202ewaiting\u2028" };
  await stage.start(status);
  const { status: code, stdout } = await stage.status(["--json"]);
  assertEquals([code, JSON.parse(stdout)], [0, status]);
  assertEquals(stdout.split("\n").length, 2);
  assertEquals(/[\u202e\u2028]/.test(stdout), false);
});

processTest("status asks the first node of the configuration, and any that is named", async () => {
  await using stage = await Stage.set("data/first");
  await stage.start({ ...NODE_STATUS, node: "first" });
  await Deno.writeTextFile(`${stage.folder}/cluster_config.json`, configuration("first"));
  await Deno.writeTextFile(`${stage.folder}/other.json`, configuration("second"));
  assertStringIncludes((await stage.status()).stdout, "first of the cluster test");
  const other = await stage.status(["--config=other.json"]);
  assertEquals([other.status, other.stdout], [1, ""]);
  assertStringIncludes(other.stderr, "no node runs on the data folder data/second");
  const missing = await stage.status(["--config=missing.json"]);
  assertEquals(missing.status, 2);
  assertStringIncludes(missing.stderr, "missing.json: the file does not exist");
});

processTest("status knows the nodes of the configuration, as long as it can be read", async () => {
  await using stage = await Stage.set();
  await stage.start();
  const file = `${stage.folder}/cluster_config.json`;
  await Deno.writeTextFile(file, configuration("first"));
  const unknown = await stage.status(["--node=nodeX"]);
  assertEquals([unknown.status, unknown.stdout], [2, ""]);
  assertStringIncludes(unknown.stderr, 'there is no node "nodeX"; the nodes are first, node1');
  await Deno.writeTextFile(file, "{");
  assertEquals((await stage.status(["--node=node1"])).status, 0);
});

processTest("status says that no node runs once it has stopped", async () => {
  await using stage = await Stage.set();
  const service = await stage.start();
  await service.stop();
  const { status, stdout, stderr } = await stage.status();
  assertEquals([status, stdout], [1, ""]);
  assertMatch(stderr, /^chat-server: no node runs on the data folder data\/node1\. .*--node NAME.*\n$/);
});

processTest("status says that a node was killed, by the port that nothing answers on", async () => {
  await using stage = await Stage.set();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await stage.leave({ port, node: "no\x1b[2Jde1" });
  assertEquals(await stage.status(), {
    status: 1,
    stdout: "",
    stderr: `chat-server: no\\u{1b}[2Jde1 is not running (nothing answers on port ${port})\n`,
  });
});

processTest("status shows how far a start is, and has the status 1 until it is over", async () => {
  await using stage = await Stage.set();
  await stage.start(STARTING_STATUS);
  const report = { status: 1, stdout: `${startingReport(STARTING_STATUS)}\n`, stderr: "" };
  assertEquals(await stage.status(), report);
  const { status, stdout } = await stage.status(["--json"]);
  assertEquals([status, JSON.parse(stdout)], [1, STARTING_STATUS]);
});

processTest("status says that a node is frozen, after 3 s", async () => {
  await using stage = await Stage.set();
  // As with a stopped process, the system accepts connections and no answer comes.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await stage.leave({ port });
  const start = performance.now();
  const { status, stdout, stderr } = await stage.status();
  const ms = performance.now() - start;
  assertEquals([status, stdout, ms >= 3_000], [1, "", true]);
  assertStringIncludes(stderr, `node1 runs (process 4711, port ${port}) and has not answered within 3 s`);
});

processTest("status takes nobody else for the node", async () => {
  await using stage = await Stage.set();
  await stage.start({ ...NODE_STATUS, node: "node2" });
  await stage.leave({});
  let pieces = 0;
  const endless = new ReadableStream({
    pull(stream): void {
      pieces++;
      stream.enqueue(PIECE);
    },
  });
  const answers = [
    (): Response => Response.json({ ...NODE_STATUS, node: "node2" }),
    (): Response => Response.json({ ...NODE_STATUS, accounts: "\x1b[2J" }),
    (): Response => Response.json(STARTING_STATUS),
    (): Response => Response.json({ ...STARTING_STATUS, node: "node2" }, { status: 503 }),
    (): Response => new Response(JSON.stringify(NODE_STATUS), { status: 302, headers: { location: "/" } }),
    (): Response => new Response(endless),
  ];
  let asked = await stage.status();
  assertStringIncludes(asked.stderr, "what answers on the socket in its data folder is not node1");
  for (const answer of answers) {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
    await stage.leave({ port: server.addr.port });
    asked = await stage.status();
    assertEquals([asked.status, asked.stdout], [1, ""]);
    assertStringIncludes(asked.stderr, `what answers on port ${server.addr.port} is not node1`);
  }
  // Beyond the bytes that are read, the system buffers some more.
  assertLess(pieces * PIECE.length, 32 * 1_048_576);
  console.log(`${answers.length + 1} strangers not believed`);
});

processTest("status says what is wrong with the file of a node", async () => {
  await using stage = await Stage.set();
  await Deno.writeTextFile(`${stage.data}/admin.json`, "");
  const { status, stderr } = await stage.status();
  assertEquals(status, 1);
  assertStringIncludes(stderr, "data/node1/admin.json is not what a node writes there");
});

processTest("status tells no proxy the secret", async () => {
  await using stage = await Stage.set();
  await stage.start();
  using proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${proxy.addr.port}`;
  const env = { http_proxy: url, HTTP_PROXY: url, all_proxy: url, no_proxy: "", NO_PROXY: "" };
  const { status, stderr } = await stage.status([], env);
  assertEquals([status, stderr], [0, ""]);
});
