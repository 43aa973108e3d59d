import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { processTest } from "../testing/permissions.ts";
import { type Ended, PASSWORD, runClient } from "./client_process.ts";
import { foundMessage } from "./client_scripted_search.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";

/** The other ends of the chats as a node lists them, the newest first; an export begins with the oldest. */
const NAMES = ["dave", "carol", "bob"];

function messageFrom(name: string): ChatMessage {
  return foundMessage(NAMES.length - NAMES.indexOf(name), { sender: name });
}

/** A node with three chats that answers a request for messages of carol with a refusal at first. */
function refusing(code: ErrorCode, times: number): ScriptedServer {
  let left = times;
  const refusal: Answer = { name: "error", payload: { code, message: `refused: ${code}`, retryAfter: 0.05 } };
  return new ScriptedServer("node1", (request) => {
    if (request.name === "listChats") {
      const chats = NAMES.map((name) => ({ with: name, unread: 0, last: messageFrom(name) }));
      return { name: "chats", payload: { chats, more: false } };
    }
    if (request.name !== "listMessages" || request.payload === null) return undefined;
    const { with: name = "" } = request.payload;
    if (name === "carol" && left-- > 0) return refusal;
    return { name: "messages", payload: { messages: [messageFrom(name)], more: false } };
  });
}

async function exportFrom(server: ScriptedServer): Promise<Ended> {
  const passwordFile = await Deno.makeTempFile({ prefix: "chat-password-" });
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const login = ["--user", "alice", "--password-file", passwordFile];
  try {
    return await runClient("", "export", ...login, "--server", `127.0.0.1:${server.port}`);
  } finally {
    await Deno.remove(passwordFile);
  }
}

function senders({ stdout }: Ended): unknown[] {
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ event }) =>
    event === "message"
  )
    .map(({ from }) => from);
}

processTest("export waits out a refusal that passes, and leaves nothing out", async () => {
  for (const code of ["busy", "unavailable"] as const) {
    await using server = refusing(code, 3);
    const ended = await exportFrom(server);
    assertEquals([ended.code, senders(ended)], [0, NAMES.toReversed()], ended.stderr);
  }
});

processTest("export ends at the first failure, with its exit status", async () => {
  const cases = [["busy", Infinity, 5], ["rate-limited", 1, 5], ["unknown-user", 1, 1]] as const;
  for (const [code, times, status] of cases) {
    await using server = refusing(code, times);
    const ended = await exportFrom(server);
    assertEquals([ended.code, senders(ended)], [status, ["bob"]], ended.stderr);
    assertStringIncludes(ended.stderr, `refused: ${code}`);
  }
  console.log(`${cases.length} failures`);
});
