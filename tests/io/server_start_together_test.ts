import { assertEquals } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";

/** Number of nodes that start at once, and of repetitions. */
const NODES = 4;
const ROUNDS = 3;

processTest("nodes that start at the same moment in an empty folder all start", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-folder-" });
    const names = Array.from({ length: NODES }, (_, i) => `node${i}`);
    const servers = await Promise.all(
      names.map((name) => ServerProcess.spawn({ data: `${folder}/chat/data/${name}` })),
    );
    try {
      for (const server of servers) await server.waitFor(() => server.stdout.includes("listens on"));
      assertEquals((await Array.fromAsync(Deno.readDir(`${folder}/chat/data`))).length, NODES);
    } finally {
      for (const server of servers) await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    }
  }
  console.log(`${ROUNDS * NODES} starts`);
});
