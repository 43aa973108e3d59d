import { assertEquals } from "@std/assert";
import { eventually } from "../../testing/eventually.ts";
import { endHolder, whyNoStrace } from "../../testing/failing_calls.ts";
import { ServerProcess } from "../../testing/server_process.ts";
import { TestClient } from "../../testing/test_client.ts";

const SEGMENT = "log/00000001.jsonl";

/** Most that the log may grow under a size limit, bytes. */
const ROOM_BYTES = 4_096;

async function whyNoLimit(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  try {
    await new Deno.Command("prlimit", { args: ["--version"], stdout: "null" }).output();
    return undefined;
  } catch {
    return "needs prlimit";
  }
}

function ioTest(name: string, reason: string | undefined, fn: () => Promise<void>): void {
  const noted = reason === undefined ? "" : ` (ignored: ${reason})`;
  Deno.test({ name: name + noted, ignore: reason !== undefined, fn });
}

/** Sends messages until one is refused; returns the ids of those that were acknowledged. */
async function sendUntilReadOnly(alice: TestClient): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const reply = await alice.ask("sendMessage", { to: "alice", content: "x".repeat(500) });
    if (reply.name === "sent") ids.push(reply.payload.id);
    else {
      assertEquals(reply.name === "error" && reply.payload.code, "read-only");
      return ids;
    }
  }
}

async function checkStored(alice: TestClient, ids: readonly string[]): Promise<void> {
  const { messages } = await alice.expect("listMessages", { with: "alice", limit: 500 }, "messages");
  const stored = new Set(messages.map(({ id }) => id));
  assertEquals(ids.filter((id) => !stored.has(id)), []);
}

async function takesMessages(alice: TestClient): Promise<void> {
  await eventually(
    "the server takes messages again",
    async () => (await alice.ask("sendMessage", { to: "alice", content: "after" })).name === "sent",
  );
}

ioTest("ServerProcess is read-only while its quota is spent, and recovers", await whyNoStrace(), async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-quota-" });
  const data = `${folder}/data`;
  try {
    await using first = await ServerProcess.start({ data });
    await first.stop();
    const only = ["-P", `${data}/${SEGMENT}`, "-e", "trace=write", "-e", "inject=write:error=EDQUOT:when=6"];
    const wrapper = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", `${folder}/calls`, ...only];
    await using server = await ServerProcess.start({ data, wrapper });
    await using alice = await TestClient.login(server.port, "alice");
    const ids = await sendUntilReadOnly(alice);
    await server.waitFor(() => server.stderr.includes('"event":"diskFull"'));
    await takesMessages(alice);
    await checkStored(alice, ids);
    await endHolder(data);
    await server.stop();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

ioTest(
  "ServerProcess is read-only while a file has reached its size limit, and recovers",
  await whyNoLimit(),
  async () => {
    await using server = await ServerProcess.start();
    await using alice = await TestClient.login(server.port, "alice");
    await eventually("the reserve is there", async () => await sizeOf(`${server.data}/reserve`) > 0);
    await limit(server, await sizeOf(`${server.data}/${SEGMENT}`) + ROOM_BYTES);
    const ids = await sendUntilReadOnly(alice);
    await server.waitFor(() => server.stderr.includes('"event":"diskFull"'));
    assertEquals((await alice.ask("ping", null)).name, "pong");
    await limit(server, "unlimited");
    await takesMessages(alice);
    await checkStored(alice, ids);
    await alice[Symbol.asyncDispose]();
    assertEquals((await server.stop()).code, 0);
    await using again = await ServerProcess.start({ data: server.data });
    await using same = await TestClient.login(again.port, "alice");
    await checkStored(same, ids);
  },
);

async function limit(server: ServerProcess, bytes: number | string): Promise<void> {
  const args = [`--pid=${server.child.pid}`, `--fsize=${bytes}:unlimited`];
  const { success, stderr } = await new Deno.Command("prlimit", { args }).output();
  assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.stat(path).then(({ size }) => size, () => 0);
}
