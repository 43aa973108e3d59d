import { assertEquals, assertMatch } from "@std/assert";
import { lastHolder } from "../../server/log/lock.ts";
import { eventually } from "../testing/eventually.ts";
import { whyNoStrace } from "../testing/failing_calls.ts";
import { IdleConnections, withDescriptors } from "../testing/few_descriptors.ts";
import { freePort } from "../testing/free_port.ts";
import { scrape } from "../testing/scraped.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const reason = await whyNoStrace();
const noted = reason === undefined ? "" : ` (ignored: ${reason})`;

/** The first accepts that find no descriptor in the whole system. */
const FAILURES = "inject=accept4:error=ENFILE:when=2..4";

/** Descriptors of a server that strangers hold, and of one that could accept nobody. */
const DESCRIPTORS = 120;
const TOO_FEW = 46;

Deno.test({
  name: `ServerProcess accepts again after the system had no descriptor, and says so once${noted}`,
  ignore: reason !== undefined,
  fn: async () => {
    const wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=accept4", "-e", FAILURES];
    await using server = await ServerProcess.start({ wrapper });
    for (const name of ["ann", "bob", "cid", "dan"]) {
      await using client = await TestClient.login(server.port, name);
      assertEquals((await client.ask("sendMessage", { to: name, content: "hey" })).name, "sent");
    }
    const told = (event: string) => server.stderr.split(`"event":"${event}"`).length - 1;
    const { pid = 0 } = lastHolder(server.data) ?? {};
    // Strace would leave its child behind.
    Deno.kill(pid, "SIGTERM");
    assertEquals(await server.ended(), 0);
    assertEquals([told("outOfDescriptors"), told("acceptFailed")], [1, 0]);
  },
});

for (const loopbackExempt of [true, false]) {
  const settings = {
    ...QUICK.limits,
    firstFrameMs: 600_000,
    unauthenticatedPerAddress: 1_000,
    loopbackExempt,
  };
  const name =
    `ServerProcess lets strangers give way that have all descriptors, with loopbackExempt ${loopbackExempt}`;
  Deno.test(name, async () => {
    const metricsPort = freePort();
    await using server = await ServerProcess.start({
      wrapper: withDescriptors(DESCRIPTORS),
      node: { metrics: { port: metricsPort } },
      configuration: { limits: settings },
    });
    await using ann = await TestClient.login(server.port, "ann");
    using idle = new IdleConnections();
    await idle.open(server.port, 1.5 * DESCRIPTORS);
    await server.waitFor(() => server.stderr.includes("outOfDescriptors"));
    // Behind all others in the queue of the system.
    for (const name of ["bob", "cid"]) {
      await using client = await TestClient.login(server.port, name);
      assertEquals((await client.ask("ping", null)).name, "pong");
    }
    assertEquals((await ann.ask("ping", null)).name, "pong");
    await eventually("the metrics tell of it", async () => {
      const samples = await scrape(metricsPort);
      return (samples.get('chat_connections_turned_away_total{limit="descriptors"}') ?? 0) > 0;
    });
    const { pid = 0 } = lastHolder(server.data) ?? {};
    Deno.kill(pid, "SIGTERM");
    assertEquals(await server.ended(), 0);
    assertEquals(server.stderr.split(`"event":"outOfDescriptors"`).length - 1, 1);
  });
}

Deno.test("ServerProcess refuses to start with too few descriptors, and names the way out", async () => {
  await using server = await ServerProcess.spawn({ wrapper: withDescriptors(TOO_FEW) });
  assertEquals(await server.ended(), 1);
  assertMatch(server.stderr, /may open fewer than 28 further files and sockets.*ulimit -n, LimitNOFILE/);
});
