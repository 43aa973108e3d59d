import { assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { type Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 100, rows: 24 };

/** Alice at a terminal, with a message for bob and no node. */
async function withMessageWaiting(
  timeout: string,
  use: (alice: Person, server: ServerProcess) => Promise<void>,
): Promise<void> {
  await using server = await ServerProcess.start();
  for (const name of ["bob", "alice"]) {
    await (await TestClient.login(server.port, name, PASSWORD))[Symbol.asyncDispose]();
  }
  await Deno.writeTextFile(`${server.folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", `${server.folder}/password`];
  await using tmux = new Tmux();
  const alice = await tmux.client("alice", SIZE, "", "--user", "alice", "--timeout", timeout, ...flags);
  await alice.seesRow(/^-- you are alice on node1; /);
  await server.kill();
  await alice.seesRow(/^-- lost node1 /);
  await alice.enter("/msg bob hello");
  await alice.seesRow(/#a1 \. {2}alice to bob> hello$/);
  await use(alice, server);
}

const QUESTION = /^1 message would be lost; quit all the same\? \(yes or no\)/;

terminalTest("/quit and Ctrl-D ask before a message is lost, and only yes ends the program", async () => {
  await withMessageWaiting("10s", async (alice) => {
    await alice.enter("/quit");
    await alice.seesRow(QUESTION);
    await alice.enter("no");
    await alice.seesRow(/^-- going on; /);
    await alice.press("C-d");
    await alice.seesRow(QUESTION);
    await alice.enter("yes");
    await alice.seesRow(/^!! not sent: 1 queued message$/);
    await alice.seesRow(/^ended with 3/);
  });
});

terminalTest("SIGTERM waits for a node, sends what waits there, and ends well", async () => {
  await withMessageWaiting("60s", async (alice, server) => {
    await alice.signal("TERM");
    await alice.seesRow(/^-- 1 message not confirmed yet; the program ends once they are, or in 60 s$/);
    await using again = await ServerProcess.start({ data: server.data, port: server.port });
    await alice.seesRow(/^ended with 0/);
    await using bob = await TestClient.login(again.port, "bob", PASSWORD);
    const { messages } = await bob.expect("listMessages", { with: "alice" }, "messages");
    assertEquals(messages.map(({ content }) => content), ["hello"]);
  });
});
