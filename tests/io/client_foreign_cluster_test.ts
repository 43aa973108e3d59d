import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Request } from "../../common/protocol/requests.ts";
import { processTest } from "../testing/permissions.ts";
import { clientCommand, ClientProcess, type Ended, PASSWORD, runClient } from "./client_process.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";

/** Answers HELLO as a node of that cluster, which knows nodes on these ports. */
function nodeOf(cluster: string, ports: () => readonly number[]): (request: Request) => Answer | undefined {
  return (request) => {
    if (request.name !== "hello") return undefined;
    const nodes = ports().map((port, i) => ({ name: `node${i + 1}`, host: "127.0.0.1", port }));
    const payload = { version: 2, server: "scripted", node: "node1", cluster, nodes, limits: new Map() };
    return { name: "welcome", payload };
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function passwordFile(): Promise<string> {
  const file = await Deno.makeTempFile({ prefix: "chat-password-" });
  await Deno.writeTextFile(file, PASSWORD);
  return file;
}

processTest("nothing goes to a node of another cluster, and the queue and the token are kept", async () => {
  const [first, second] = [freePort(), freePort()];
  const ports = (): readonly number[] => [first, second];
  const file = await passwordFile();
  const work = new ScriptedServer("node1", nodeOf("work", ports), first);
  const flags = ["--user", "alice", "--password-file", file, "--server", `127.0.0.1:${first}`];
  await using alice = new ClientProcess(clientCommand("run", "-", "--timeout", "60s", ...flags));
  await alice.until(/you are alice/, "stderr");
  await work[Symbol.asyncDispose]();
  // Another cluster gets the port, as at the other end of a tunnel.
  await using home = new ScriptedServer("node1", nodeOf("home", () => [first]), first);
  await alice.type("/msg bob for bob at work\n");
  await alice.until(/is a node of another cluster \(home\)/, "stderr");
  while (home.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
  await using back = new ScriptedServer("node2", nodeOf("work", ports), second);
  await alice.until(/for bob at work/);
  const { code, stderr } = await alice.end();
  assertEquals(code, 0, stderr);
  assertEquals(new Set(home.requests.map(({ name }) => name)), new Set(["hello"]));
  assertEquals(back.asked("resume"), [{ token: "the token" }]);
  assertEquals(back.asked("sendMessage").map(({ content }) => content), ["for bob at work"]);
  assertEquals(stderr.split("another cluster").length - 1, 1, stderr);
  await Deno.remove(file);
  console.log(`${home.requests.length} greetings at the other cluster, and nothing else`);
});

processTest("a node of another cluster than that of the configuration is no node", async () => {
  const port = freePort();
  await using home = new ScriptedServer("node1", nodeOf("home", () => [port]), port);
  const folder = await Deno.makeTempDir({ prefix: "chat-client-test-" });
  const file = await passwordFile();
  const asked = (cluster: string): Promise<Ended> => {
    const config = { cluster, nodes: [{ name: "node1", tcp: { host: "127.0.0.1", port } }] };
    Deno.writeTextFileSync(`${folder}/config.json`, JSON.stringify(config));
    const flags = ["--user", "alice", "--password-file", file, "--timeout", "2s"];
    return runClient("", "send", "bob", "hi", "--config", `${folder}/config.json`, ...flags);
  };
  const refused = await asked("work");
  assertEquals(refused.code, 3);
  assertStringIncludes(refused.stderr, 'it is a node of the cluster "home", not of "work"');
  assertEquals(new Set(home.requests.map(({ name }) => name)), new Set(["hello"]));
  assertEquals((await asked("home")).code, 0);
  await Deno.remove(folder, { recursive: true });
  await Deno.remove(file);
});
