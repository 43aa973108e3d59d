import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { IdleConnections, withDescriptors } from "../testing/few_descriptors.ts";
import { freePort } from "../testing/free_port.ts";
import { openSockets } from "../testing/open_sockets.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { webConnection } from "./web_connection.ts";

/** Connections that say nothing, and as many that send half a request. */
const EACH = 500;

/** Time after which they are gone, ms: ten seconds for a handshake, two for the rest, and much for a busy machine. */
const GONE_MS = 36_000;

/** Open files of a server that is to run out of them. */
const OPEN_FILES = 150;

const HALF = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: local");

processTest(
  `${EACH} silent connections and ${EACH} half requests at the page's port are let go of`,
  async () => {
    if (Deno.build.os !== "linux") return;
    const port = freePort();
    await using server = await ServerProcess.start({ node: { web: { port } } });
    const connections: Deno.Conn[] = [];
    for (let i = 0; i < 2 * EACH; i++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      if (i % 2 === 0) await connection.write(HALF);
      connections.push(connection);
    }
    const beganMs = performance.now();
    const most = openSockets(server.child.pid, port);
    const times: number[] = [];
    for (let left = most; left > 1; left = openSockets(server.child.pid, port)) {
      assertLess(performance.now() - beganMs, GONE_MS, `${left} are left`);
      const startMs = performance.now();
      await using person = await TestClient.login(server.port, "bob");
      assertEquals((await person.ask("ping", null)).name, "pong");
      times.push(performance.now() - startMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertGreater(most, EACH);
    for (const connection of connections) connection.close();
    console.log(
      `${most} open, gone after ${
        Math.round(performance.now() - beganMs)
      } ms; ${times.length} logins meanwhile`,
    );
  },
);

processTest("the page's port lets people in again once there are descriptors", async () => {
  if (Deno.build.os !== "linux") return;
  const port = freePort();
  const wrapper = withDescriptors(OPEN_FILES);
  await using server = await ServerProcess.start({ node: { web: { port } }, wrapper });
  {
    using idle = new IdleConnections();
    await idle.open(port, 2 * OPEN_FILES);
    await server.waitFor(() => server.stderr.includes("outOfDescriptors"));
  }
  const below = await Deno.connect({ hostname: "127.0.0.1", port });
  const connection = (await webConnection(below, `127.0.0.1:${port}`)).asConnection;
  await using person = await TestClient.login(0, "bob", undefined, connection);
  assertEquals((await person.ask("ping", null)).name, "pong");
  assertEquals((await server.stop()).code, 0);
});
