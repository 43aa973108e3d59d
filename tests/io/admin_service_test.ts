import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { askNode } from "../../server/admin/ask_node.ts";
import { CONNECTIONS_MAX } from "../../server/http/short_listener.ts";
import { NODE_STATUS } from "../testing/node_statuses.ts";
import { pathExists } from "../testing/path_exists.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { Stage } from "./admin_stage.ts";

/** Connections that say nothing. */
const SILENT = 300;

/** Limit for what happens at once, on a busy machine, ms. */
const AT_ONCE_MS = 5_000;

processTest("AdminService says how the node is, at the moment it is asked", async () => {
  for (const hasLongPath of [false, true]) {
    let sessions = 3;
    await using stage = await Stage.set({ status: () => ({ ...NODE_STATUS, sessions }), hasLongPath });
    assertEquals(stage.service.port !== undefined, hasLongPath);
    for (sessions of [3, 4]) {
      const [status, body] = await stage.ask(stage.head());
      assertEquals([status, JSON.parse(body)], [200, { ...NODE_STATUS, sessions }]);
      assertEquals(stage.address && await askNode(stage.data, stage.address, 30_000), {
        status: { ...NODE_STATUS, sessions },
      });
    }
  }
});

processTest("AdminService lets nobody in without the secret, and answers nothing else", async () => {
  await using stage = await Stage.set({ hasLongPath: true });
  const secret = stage.address?.secret ?? "";
  const other = `${secret.slice(1)}${secret.startsWith("0") ? "1" : "0"}`;
  const cases: [Parameters<Stage["head"]>[0], number][] = [
    [{ authorization: "" }, 401],
    [{ authorization: secret }, 401],
    [{ authorization: `Bearer ${other}` }, 401],
    [{ authorization: `Bearer ${secret}0` }, 401],
    [{ authorization: "Bearer " }, 401],
    [{ request: "GET /" }, 404],
    [{ request: "GET /status/" }, 404],
    [{ request: "GET /admin.json" }, 404],
    [{ request: "POST /status" }, 404],
    [{ request: "HEAD /status" }, 404],
    [{ request: "POST /log-level", authorization: "" }, 401],
    [{ request: "POST /log-level", authorization: `Bearer ${other}` }, 401],
    [{ request: "PUT /log-level" }, 404],
    [{ request: "GET /log-level" }, 404],
    [{ request: "POST /log-level/debug" }, 404],
    [{ host: "127.0.0.1", request: "POST /log-level" }, 403],
    [{ host: `localhost:${stage.service.port}` }, 403],
    [{ host: "127.0.0.1" }, 403],
    [{ host: `evil.example:${stage.service.port}` }, 403],
    [{ host: `evil.example:${stage.service.port}`, request: "GET /" }, 403],
  ];
  for (const [changes, expected] of cases) {
    const [status, body] = await stage.ask(stage.head(changes));
    assertEquals(status, expected, JSON.stringify(changes));
    assert(!body.includes("node1") && !body.includes(secret), body);
  }
  assertEquals((await stage.ask(stage.head()))[0], 200);
  const [status] = await stage.ask(["hello"]);
  assertEquals(status, 400);
  console.log(`${cases.length + 1} requests refused`);
});

processTest("AdminService asks for the secret on its socket too", async () => {
  await using stage = await Stage.set();
  const [status] = await stage.ask(stage.head({ authorization: "" }));
  assertEquals([stage.service.port, status], [undefined, 401]);
});

processTest(
  "AdminService has a socket for its owner alone, in the place of one that a crash left",
  async () => {
    const data = await Deno.makeTempDir({ prefix: "chat-admin-test-" });
    const killed = Deno.listen({ transport: "unix", path: `${data}/left.sock` });
    // The name stays when the listener is closed, as after a kill.
    await Deno.rename(`${data}/left.sock`, `${data}/admin.sock`);
    killed.close();
    await using stage = await Stage.set({ data });
    const { mode } = await Deno.stat(`${data}/admin.sock`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
    assertEquals((await stage.ask(stage.head()))[0], 200);
    await stage.service.stop();
    assertEquals(await pathExists(`${data}/admin.sock`), false);
  },
);

processTest("AdminService lets the oldest silent connections go, however many come", async () => {
  for (const hasLongPath of [false, true]) {
    await using stage = await Stage.set({ hasLongPath });
    const silent: Deno.Conn[] = [];
    for (let i = 0; i < SILENT; i++) silent.push(await stage.connect());
    assertEquals((await stage.ask(stage.head()))[0], 200);
    let closed = 0;
    for (const connection of silent) {
      void connection.read(new Uint8Array(1)).catch(() => null).then(() => closed++);
    }
    await eventually("the others are closed", () => SILENT - closed <= CONNECTIONS_MAX);
    for (const connection of silent) connection.close();
  }
  console.log(`${2 * SILENT} silent connections`);
});

processTest("AdminService writes its file for its owner alone, and removes it at the end", async () => {
  const data = await Deno.makeTempDir({ prefix: "chat-admin-test-" });
  // As a crash leaves them.
  await Deno.writeTextFile(`${data}/admin.json`, "{}", { mode: 0o644 });
  await Deno.writeTextFile(`${data}/admin.json.new`, "{", { mode: 0o644 });
  await using stage = await Stage.set({ data });
  const { mode } = await Deno.stat(stage.path);
  assertEquals((mode ?? 0) & 0o777, 0o600);
  const { port, pid, node, secret = "" } = stage.address ?? {};
  assertEquals({ port, pid, node }, { port: undefined, pid: Deno.pid, node: "node1" });
  assertMatch(secret, /^[0-9a-f]{64}$/);
  assertEquals(await pathExists(`${stage.path}.new`), false);
  await stage.service.stop();
  assertEquals(await pathExists(stage.path), false);
  assertEquals(await refusesConnections(stage), true);
});

async function refusesConnections(stage: Stage): Promise<boolean> {
  try {
    (await stage.connect()).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotFound;
  }
}

processTest("AdminService has another secret at every start", async () => {
  await using one = await Stage.set();
  await using other = await Stage.set();
  assertNotEquals(one.address?.secret, other.address?.secret);
});

processTest("AdminService.stop() does not wait for those who say nothing", async () => {
  const data = await Deno.makeTempDir({ prefix: "chat-admin-test-" });
  const stage = await Stage.set({ data });
  using silent = await stage.connect();
  using slow = await stage.connect();
  await slow.write(new TextEncoder().encode("GET /status HT"));
  using posting = await stage.connect();
  await posting.write(new TextEncoder().encode("POST /status HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"));
  // That it was answered shows that the other two have arrived as well.
  assertEquals((await stage.ask(stage.head()))[0], 200);
  const start = performance.now();
  await stage[Symbol.asyncDispose]();
  const stoppedMs = performance.now() - start;
  assert(stoppedMs < AT_ONCE_MS, `it took ${stoppedMs} ms`);
  assertEquals(await silent.read(new Uint8Array(1)), null);
});

processTest("AdminService runs where it cannot write its file, and says so", async () => {
  await using stage = await Stage.set({ data: "/nonexistent/folder" });
  assertEquals(stage.logged, ["adminFile"]);
  assertEquals((await stage.ask(stage.head()))[0], 401);
});

processTest("AdminService says that the node could not answer, and goes on", async () => {
  let fails = true;
  await using stage = await Stage.set({
    status: () => {
      if (fails) throw new Error("what people say");
      return NODE_STATUS;
    },
  });
  const [status, body] = await stage.ask(stage.head());
  assertEquals([status, body.includes("what people say"), stage.logged], [500, false, ["admin"]]);
  fails = false;
  assertEquals((await stage.ask(stage.head()))[0], 200);
});
