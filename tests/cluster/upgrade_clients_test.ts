import { assertEquals, assertMatch } from "@std/assert";
import { runToEnd } from "../executable/run_to_end.ts";
import { clientCommand, ClientProcess, PASSWORD } from "../io/client_process.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";
import { VersionBefore } from "../testing/version_before.ts";

/** Makes the command line of a client. */
type Client = (...args: readonly string[]) => readonly string[];

/** A node of each version in one cluster, and a client of each. `await using` ends all of them. */
class Stage implements AsyncDisposable {
  readonly older: ClusterNode;
  readonly newer: ClusterNode;
  readonly clients: Readonly<Record<"before" | "now", Client>>;

  private constructor(readonly before: VersionBefore, readonly cluster: ClusterProcesses) {
    [this.older, this.newer] = [cluster.node(1), cluster.node(2)];
    this.older.program = before.serverCommand();
    // Its folder is new, and nodes of the version before cannot prove themselves.
    this.newer.program = serverCommand("--unproven-peers");
    this.clients = { before: (...args) => before.clientCommand(...args), now: clientCommand };
  }

  static async set(): Promise<Stage> {
    const before = await VersionBefore.unpack();
    const cluster = await ClusterProcesses.make({ names: ["node1", "node2"] });
    const stage = new Stage(before, cluster);
    await Deno.writeTextFile(stage.#passwordFile, PASSWORD, { mode: 0o600 });
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await cluster.settled();
    return stage;
  }

  get #passwordFile(): string {
    return `${this.before.folder}/password`;
  }

  flags(...nodes: readonly ClusterNode[]): readonly string[] {
    const places = nodes.map(({ port }) => `127.0.0.1:${port}`).join(",");
    return ["--server", places, "--password-file", this.#passwordFile];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
    await this.before[Symbol.asyncDispose]();
  }
}

processTest("Clients of both versions do everything at nodes of both", async () => {
  await using stage = await Stage.set();
  const { clients, older, newer } = stage;
  await using friend = await newer.login("friend", PASSWORD);
  for (const [version, client] of Object.entries(clients)) {
    for (const node of [older, newer]) {
      const name = `${version}-at-${node.name}`;
      const input = [
        `/register ${name}`,
        "/chat friend",
        "hello friend",
        "not for ever",
        "/delete #a2",
        "/history 5",
        "/users",
        "/chats",
        "/status",
        `/delete-account ${name}`,
      ].join("\n");
      const ended = await runToEnd(client("run", "-", ...stage.flags(node)), { input });
      assertEquals(ended.status, 0, `${name}: ${ended.stdout}${ended.stderr}`);
      assertMatch(ended.stdout, new RegExp(`#a1 \\++ ${name}> hello friend`));
      assertMatch(ended.stdout, /is on 2 of 2 disks/);
      assertMatch(ended.stderr, /all its messages are gone/);
      const texts: string[] = [];
      while (texts.length < 2) {
        const push = await friend.push();
        if (push.name === "message" && push.payload.sender === name) texts.push(push.payload.content);
      }
      assertEquals(texts, ["hello friend", "not for ever"]);
    }
  }
});

processTest("Clients of both versions go on with a node of the other when theirs stops", async () => {
  await using stage = await Stage.set();
  const { clients, older, newer, cluster } = stage;
  const flags = stage.flags(older, newer);
  await using ann = new ClientProcess(clients.before("run", "-", "--user=ann", ...flags));
  await ann.until(/you are ann/, "stderr");
  await using bea = new ClientProcess(clients.now("run", "-", "--user=bea", "--register", ...flags));
  await bea.until(/you are bea/, "stderr");
  await talk("both at the node of the version before");
  for (const [stopped, left] of [[older, newer], [newer, older]] as const) {
    await stopped.end();
    await talk(`both at ${left.name}`);
    await stopped.start();
    await cluster.settled();
  }
  await talk("at the end");

  async function talk(words: string): Promise<void> {
    // Without a node, both are queued.
    await ann.type(`/msg bea ${words}, says ann\n`);
    await bea.type(`/msg ann ${words}, says bea\n`);
    await bea.until(new RegExp(`ann> ${words}, says ann`));
    await ann.until(new RegExp(`bea> ${words}, says bea`));
    for (const [reader, text] of [[bea, `${words}, says ann`], [ann, `${words}, says bea`]] as const) {
      assertEquals(reader.stdout.split(text).length - 1, 1, `times that "${text}" was shown`);
    }
  }
});
