import { readAdminFile } from "../../server/admin/admin_file.ts";
import { eventually } from "../testing/eventually.ts";
import { serverCommand } from "../testing/server_process.ts";
import { terminalTest } from "./tmux.ts";

terminalTest("a server whose terminal is closed stops in order", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  const socket = `chat-server-test-${crypto.randomUUID()}`;
  const tmux = async (...args: readonly string[]): Promise<void> => {
    await new Deno.Command("tmux", { args: ["-L", socket, "-f", "/dev/null", ...args] }).output();
  };
  try {
    const words = serverCommand("--port=0").map((word) => `'${word}'`).join(" ");
    await tmux("new-session", "-d", "-c", folder, words);
    const data = `${folder}/data/node1`;
    await eventually("the node runs", async () => await readAdminFile(data) !== undefined);
    await tmux("kill-session");
    await eventually("the node has closed its log", async () => {
      const log = await Deno.readTextFile(`${data}/log/00000001.jsonl`);
      return log.includes('"type":"nodeStopped"');
    });
  } finally {
    await tmux("kill-server");
    await Deno.remove(folder, { recursive: true });
  }
});
