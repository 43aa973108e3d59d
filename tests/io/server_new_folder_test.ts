import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { whyNoStrace } from "../testing/failing_calls.ts";
import { ServerProcess } from "../testing/server_process.ts";

const reason = await whyNoStrace();

Deno.test({
  name: "a data folder that is made is as durable as what is in it, with every folder around it" +
    (reason === undefined ? "" : ` (ignored: ${reason})`),
  ignore: reason !== undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-folder-" });
    try {
      const made = [`${folder}/chat`, `${folder}/chat/data`, `${folder}/chat/data/node1`];
      const record = `${folder}/calls`;
      const wrapper = ["strace", "-D", "-f", "-qq", "-y", "-e", "trace=mkdir,fsync", "-o", record];
      await using server = await ServerProcess.start({ data: made.at(-1) ?? "", wrapper });
      await server.stop();
      const calls = await Deno.readTextFile(record);
      for (const path of made) {
        const [, after] = calls.split(`mkdir("${path}", 0700) = 0`);
        assertEquals(after?.includes(`<${dirname(path)}>`), true, `${path} is not synced:\n${calls}`);
      }
      console.log(`${made.length} folders looked at`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
