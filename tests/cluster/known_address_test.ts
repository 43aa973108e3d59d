import { assertEquals } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

processTest("an address that is known at one node is known at all, also after a restart", async () => {
  const limits = { ...QUICK.limits, loopbackExempt: false, strangerFailuresPerHour: 1 };
  await using cluster = await ClusterProcesses.start({ configuration: { limits } });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using _ada = await one.login("ada");
  await cluster.settled();
  const attempt = async (address: string, password: string): Promise<string> => {
    await using client = await TestClient.connect(0, await connectFrom(address, two.port));
    await client.expect("startLogin", { name: "ada" }, "userExisting");
    const reply = await client.ask("finishLogin", { password });
    return reply.name === "error" ? reply.payload.code : reply.name;
  };
  const right = "password of ada";
  for (const isRestarted of [false, true]) {
    if (isRestarted) {
      await two.kill();
      await two.start();
      await cluster.settled();
    }
    assertEquals(await attempt("127.0.0.2", "wrong password"), "loginFailed");
    assertEquals(await attempt("127.0.0.2", right), "rate-limited");
    assertEquals(await attempt("127.0.0.1", right), "loginSuccess");
  }
}, OTHER_ADDRESSES);
