import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { processTest } from "../../testing/permissions.ts";
import { ServerProcess } from "../../testing/server_process.ts";
import { TestClient } from "../../testing/test_client.ts";
import { runProgram } from "../commands_harness.ts";

/** Changes of a log by other programs and by hand. */
const CHANGES: Readonly<Record<string, (path: string, bytes: Uint8Array) => Promise<void>>> = {
  emptied: (path) => Deno.truncate(path, 0),
  zeroed: (path, bytes) => Deno.writeFile(path, new Uint8Array(bytes.length)),
  gzipped: (path, bytes) => Deno.writeFile(path, new Uint8Array(gzipSync(bytes))),
  "with CR LF": (path, bytes) =>
    Deno.writeTextFile(path, new TextDecoder().decode(bytes).replaceAll("\n", "\r\n")),
  "with a byte order mark": (path, bytes) =>
    Deno.writeTextFile(path, `\ufeff${new TextDecoder().decode(bytes)}`),
  "in UTF-16": (path, bytes) => Deno.writeFile(path, utf16(new TextDecoder().decode(bytes))),
  twice: (path, bytes) => Deno.writeFile(path, Uint8Array.from([...bytes, ...bytes])),
  "replaced by a folder": async (path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
  },
  missing: (path) => Deno.remove(path),
  "missing with its folder": (path) => Deno.remove(path.slice(0, path.lastIndexOf("/")), { recursive: true }),
};

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
}

/** Runs a node until it is killed; returns its data folder below `folder`. */
async function killedNode(folder: string): Promise<string> {
  const data = `${folder}/data`;
  await using server = await ServerProcess.start({ data });
  await using alice = await TestClient.login(server.port, "alice");
  await alice.expect("sendMessage", { to: "alice", content: "kept" }, "sent");
  await server.kill();
  return data;
}

processTest(
  "a node and log verify refuse a log that was changed or is lost, and repair is the way out",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-changed-" });
    try {
      const data = await killedNode(folder);
      const path = `${data}/log/00000001.jsonl`;
      const bytes = await Deno.readFile(path);
      for (const [name, change] of Object.entries(CHANGES)) {
        await change(path, bytes);
        const place = /log\/00000001\.jsonl, line \d+ \(byte \d+\) is damaged: .*`chat-server log repair`/;
        const verified = await runProgram("log", "verify", `--data=${data}`);
        assertEquals([name, verified.status, verified.stdout], [name, 1, ""]);
        assertMatch(verified.stderr, place);
        await using refused = await ServerProcess.spawn({ data, flags: ["--log-level=error"] });
        assertEquals([name, await refused.ended()], [name, 1]);
        assertMatch(refused.stderr, place);
        await Deno.remove(`${data}/log`, { recursive: true }).catch(() => {});
        await Deno.mkdir(`${data}/log`);
        await Deno.writeFile(path, bytes);
      }
      await Deno.remove(`${data}/log`, { recursive: true });
      assertEquals((await runProgram("log", "repair", `--data=${data}`, "--accept-loss")).status, 0);
      await using again = await ServerProcess.start({ data });
      assertStringIncludes(again.stdout, "(0 accounts, 0 messages)");
      console.log(`${Object.keys(CHANGES).length} changed logs refused`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
