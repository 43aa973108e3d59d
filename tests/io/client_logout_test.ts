import { assertEquals, assertStringIncludes } from "@std/assert";
import { HANDLERS } from "../../client/core/update.ts";
import { RunningClient } from "../../client/link/running_client.ts";
import type { Notice } from "../../client/core/notices.ts";
import { SocketTransport } from "../../client/net/socket_transport.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { clientCommand, ClientProcess, PASSWORD } from "./client_process.ts";
import { ScriptedServer } from "./client_scripted_server.ts";

function nothing(): void {}

processTest("a person who logs out without a node is logged out by the next one", async () => {
  const notices: Notice["kind"][] = [];
  let forgotten = 0;
  const port = freePort();
  const client = new RunningClient(
    { script: false, receives: true, creates: false },
    {
      places: [{ host: "127.0.0.1", port }],
      keep: nothing,
      forget: () => void forgotten++,
    },
    new SocketTransport({ tls: false, caCerts: [] }),
    HANDLERS,
  );
  const face = { show: nothing, refresh: nothing, fail: nothing, ring: nothing, leave: nothing };
  const running = client.run({
    ...face,
    updated: nothing,
    searching: nothing,
    notice: ({ kind }) => void notices.push(kind),
  });
  const { model } = client;
  {
    await using _first = new ScriptedServer("first", undefined, port);
    client.dispatch({ kind: "login", name: "alice", password: "password" });
    await eventually("alice is logged in", () => model.loggedIn && model.pending.size === 0);
    assertEquals(forgotten, 0);
  }
  await eventually("the node is gone", () => model.node === undefined);
  client.dispatch({ kind: "logout" });
  assertEquals([forgotten, model.account], [1, undefined]);
  await using second = new ScriptedServer("second", undefined, port);
  client.hurry();
  await eventually("a node has heard of it", () => notices.includes("logoutHeard"));
  assertEquals([second.asked("resume"), second.asked("logout")], [[{ token: "the token" }], [null]]);
  await eventually("the person is connected", () => model.node !== undefined);
  assertEquals(model.account, undefined);
  client.close();
  await running;
});

processTest(
  "/logout of a script removes the file of --session at once, and a node hears of it later",
  async () => {
    const [port, data] = [freePort(), await Deno.makeTempDir()];
    const session = `${data}/session`;
    const server = await ServerProcess.start({ port, data: `${data}/node` });
    await (await TestClient.login(port, "alice", PASSWORD))[Symbol.asyncDispose]();
    const password = `${data}/password`;
    await Deno.writeTextFile(password, PASSWORD, { mode: 0o600 });
    const flags = [
      "--server",
      `127.0.0.1:${port}`,
      "--password-file",
      password,
      "--session",
      session,
      "--timeout",
      "60s",
    ];
    await using client = new ClientProcess(clientCommand("run", "-", "--user", "alice", ...flags));
    await client.type("/status\n");
    await client.until(/on one disk/);
    const { token } = JSON.parse(await Deno.readTextFile(session));
    await server[Symbol.asyncDispose]();
    await client.until(/lost node1/, "stderr");
    await client.type("/logout\n");
    await eventually("the file is gone", async () => {
      const names = await Array.fromAsync(Deno.readDir(data), ({ name }) => name);
      return !names.some((name) => name.startsWith("session"));
    });
    await using again = await ServerProcess.start({ port, data: `${data}/node` });
    const { code, stderr } = await client.end();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "alice is logged out");
    await using stranger = await TestClient.connect(again.port);
    await stranger.expect("resume", { token }, "loginFailed");
    await Deno.remove(data, { recursive: true }).catch(nothing);
  },
);
