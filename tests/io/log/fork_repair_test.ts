import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FIRST_CHAIN, nextChain } from "../../../server/core/chain.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import { keepFork } from "../../../server/log/fork_file.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { processTest } from "../../testing/permissions.ts";
import { ServerProcess } from "../../testing/server_process.ts";
import { TestClient } from "../../testing/test_client.ts";
import { runProgram } from "../commands_harness.ts";

/** Runs a node and sends messages from alice to herself. */
async function send(data: string, contents: readonly string[]): Promise<void> {
  await using server = await ServerProcess.start({ data });
  await using alice = await TestClient.login(server.port, "alice");
  for (const content of contents) await alice.expect("sendMessage", { to: "alice", content }, "sent");
  assertEquals((await server.stop()).code, 0);
}

async function contentsIn(data: string): Promise<string[]> {
  await using server = await ServerProcess.start({ data });
  await using alice = await TestClient.login(server.port, "alice");
  const { messages } = await alice.expect("listMessages", { with: "alice", limit: 500 }, "messages");
  await server.stop();
  return messages.map(({ content }) => content);
}

function entriesIn(data: string): Entry[] {
  const entries: Entry[] = [];
  showLog(new DenoFiles(data), ({ record }) => "seq" in record && entries.push(record));
  return entries;
}

/** Notes a fork behind the last of some entries, as a node does that finds it. */
function noteFork(data: string, common: readonly Entry[]): string {
  const origin = common[0]?.origin ?? "?";
  let chain = FIRST_CHAIN;
  for (const { seq, stamp } of common) chain = nextChain(chain, seq, stamp);
  keepFork(new DenoFiles(data), { origin, after: common.length, chain, seenMs: Date.now() });
  return origin;
}

processTest("log repair ends a fork at both of its nodes, and loses nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-fork-" });
  try {
    const [data, copy] = [`${folder}/data`, `${folder}/copy`];
    await send(data, ["one", "two"]);
    const common = entriesIn(data);
    await Deno.mkdir(`${copy}/log`, { recursive: true });
    await Deno.copyFile(`${data}/log/00000001.jsonl`, `${copy}/log/00000001.jsonl`);
    await send(data, ["of the original"]);
    await send(copy, ["of the copy"]);
    const origin = [data, copy].map((data) => noteFork(data, common))[0];

    for (const each of [data, copy]) {
      await using refused = await ServerProcess.spawn({ data: each, flags: ["--log-level=error"] });
      assertEquals([await refused.ended(), refused.stdout], [1, ""]);
      assertStringIncludes(
        refused.stderr,
        `other entries of ${origin} than this one, behind entry ${common.length}`,
      );
      assertMatch(
        refused.stderr,
        /\(1\) stop all nodes.* chat-server log repair --data=FOLDER --as-new-origin\..*\(3\)/,
      );
    }
    const before = entriesIn(copy);
    const plan = await runProgram("log", "repair", `--data=${copy}`);
    assertEquals([plan.status, plan.stderr], [1, ""]);
    const promised = /--as-new-origin would make the (\d+) of this log entries of (node1#[0-9a-f]{12})\n/
      .exec(plan.stdout);
    assertEquals(promised?.[1], String(before.length - common.length));
    assertEquals(entriesIn(copy), before);

    const moved = await runProgram("log", "repair", `--data=${copy}`, "--as-new-origin");
    assertEquals([moved.status, moved.stderr], [0, ""]);
    assertStringIncludes(moved.stdout, `are entries of ${promised?.[2]} now; nothing was lost`);
    const kept = await runProgram("log", "repair", `--data=${data}`, "--keep-origin");
    assertEquals([kept.status, kept.stderr], [0, ""]);
    assertStringIncludes(
      kept.stdout,
      `the entries of ${origin} behind entry ${common.length} stay as they are`,
    );

    assertEquals((await runProgram("log", "verify", `--data=${copy}`)).status, 0);
    assertEquals(await contentsIn(data), ["one", "two", "of the original"]);
    assertEquals(await contentsIn(copy), ["one", "two", "of the copy"]);
    await send(copy, ["later"]);
    const origins = new Set(entriesIn(copy).map(({ origin }) => origin));
    assertEquals([origins.size, origins.has(promised?.[2] ?? "?")], [3, true]);
    const again = await runProgram("log", "repair", `--data=${copy}`, "--as-new-origin");
    assertEquals(again.status, 0);
    assertStringIncludes(again.stdout, "has found no fork: nothing was changed");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

processTest("log repair as root leaves all files to the owner of the folder", async () => {
  const data = await Deno.makeTempDir({ prefix: "chat-server-test-fork-" });
  try {
    await send(data, ["one", "two"]);
    noteFork(data, entriesIn(data).slice(0, 1));
    const [uid, gid] = [65_534, 65_533];
    try {
      for (const name of ["", "/log", "/log/00000001.jsonl"]) await Deno.chown(data + name, uid, gid);
    } catch (error) {
      // Only root gives files away.
      if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotSupported) return;
      throw error;
    }
    assertEquals((await runProgram("log", "repair", `--data=${data}`, "--as-new-origin")).status, 0);
    for (const name of ["", "/log", "/log/00000001.jsonl", "/lock"]) {
      const { uid: owner, gid: group } = await Deno.stat(data + name);
      assertEquals([owner, group], [uid, gid], name);
    }
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

processTest("log repair leaves the fork of a running node alone", async () => {
  await using server = await ServerProcess.start();
  await using alice = await TestClient.login(server.port, "alice");
  await alice.expect("sendMessage", { to: "alice", content: "one" }, "sent");
  noteFork(server.data, entriesIn(server.data).slice(0, 1));
  for (const flag of ["--as-new-origin", "--keep-origin"]) {
    const { status, stdout, stderr } = await runProgram("log", "repair", `--data=${server.data}`, flag);
    assertEquals([status, stdout], [1, ""]);
    assertStringIncludes(stderr, "is in use by node node1");
  }
});
