import { assertEquals, assertMatch } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { processTest } from "../testing/permissions.ts";
import { type Ended, PASSWORD, runClient } from "./client_process.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";
import type { Request } from "../../common/protocol/requests.ts";

/** Time limit that the clients are given, and the most that their start and end may take besides, ms. */
const TIMEOUT_MS = 1_500;
const BESIDES_MS = 30_000;

type Answers = (request: Request) => Answer | undefined;

function message(number: number, sender = "bob"): ChatMessage {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return { id, timestamp: number, sender, recipient: "alice", content: "text", status: "read" };
}

/** Runs a client at a node with these answers; fails if it does not end in time. */
async function runAt(port: number, input: string, ...words: readonly string[]): Promise<Ended> {
  const passwordFile = await Deno.makeTempFile({ prefix: "chat-password-" });
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const startMs = performance.now();
  const flags = ["--user", "alice", "--password-file", passwordFile, "--timeout", `${TIMEOUT_MS}ms`];
  const ended = await runClient(input, ...words, ...flags, "--server", `127.0.0.1:${port}`);
  const tookMs = performance.now() - startMs;
  await Deno.remove(passwordFile);
  assertEquals(tookMs < TIMEOUT_MS + BESIDES_MS, true, `${words.join(" ")} took ${tookMs} ms`);
  return ended;
}

function pages(page: (count: number) => { messages: ChatMessage[]; more: boolean }): Answers {
  let count = 0;
  return ({ name }) => name === "listMessages" ? { name: "messages", payload: page(++count) } : undefined;
}

processTest("history ends at a node that answers nonsense, with a message and a status", async () => {
  const cases: readonly (readonly [string, Answers])[] = [
    ["no answer", ({ name }) => name === "listMessages" ? "nothing" : undefined],
    [
      "an answer to something else",
      ({ name }) => name === "listMessages" ? { name: "pong", payload: null } : undefined,
    ],
    ["a break", ({ name }) => name === "listMessages" ? "break" : undefined],
    ["the same page for ever", pages(() => ({ messages: [message(1)], more: true }))],
    ["empty pages", pages(() => ({ messages: [], more: true }))],
    ["new pages for ever", pages((count) => ({ messages: [message(1e9 - count)], more: true }))],
    ["newer pages", pages((count) => ({ messages: [message(count)], more: true }))],
    ["messages of others", pages(() => ({ messages: [message(1, "carol")], more: false }))],
    ["no answer to the login", ({ name }) => name === "finishLogin" ? "nothing" : undefined],
    [
      "no end of the login",
      ({ name }) => name === "finishLogin" ? { name: "pong", payload: null } : undefined,
    ],
  ];
  for (const [what, answers] of cases) {
    await using server = new ScriptedServer("node", answers);
    const ended = await runAt(server.port, "", "history", "bob", "-n", "all");
    assertEquals([3, 6].includes(ended.code), true, `${what}: ${ended.code} ${ended.stderr}`);
    assertEquals(ended.stdout, "", what);
    assertMatch(ended.stderr, /^!! no (complete answer of|node is reachable)/m, what);
  }
});

processTest("send and run end at a node that answers nonsense", async () => {
  const other = { id: message(9).id, timestamp: 1, copies: 1, nodes: 1 };
  const answers: readonly Answers[] = [
    ({ name }) => name === "sendMessage" ? { name: "sent", payload: other } : undefined,
    ({ name }) => name === "sendMessage" ? { name: "ok", payload: null } : undefined,
    ({ name }) => name === "sendMessage" ? "nothing" : undefined,
  ];
  for (const each of answers) {
    await using server = new ScriptedServer("node", each);
    const sent = await runAt(server.port, "", "send", "bob", "hi");
    assertEquals([sent.code, sent.stdout], [7, ""], sent.stderr);
    const ran = await runAt(server.port, "/msg bob hi\n/users\n", "run", "-");
    assertEquals([[3, 6].includes(ran.code), ran.stdout], [true, ""], ran.stderr);
  }
});

processTest("every subcommand ends where the other end is no node", async () => {
  const garbage = new Uint8Array(100_000).fill(0x5a);
  for (const bytes of [garbage, new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"), undefined]) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const connections: Deno.Conn[] = [];
    const accepting = (async () => {
      for await (const connection of listener) {
        connections.push(connection);
        if (bytes !== undefined) await connection.write(bytes).catch(() => {});
      }
    })();
    try {
      for (const words of [["history", "bob"], ["send", "bob", "hi"], ["run", "-"], ["tail"]]) {
        const ended = await runAt(listener.addr.port, "", ...words);
        assertEquals([ended.code, ended.stdout], [3, ""], ended.stderr);
      }
    } finally {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    }
  }
});

processTest("tail --timeout bounds the search for a node and the login, after a break too", async () => {
  for (const silent of ["startLogin", "finishLogin"]) {
    await using server = new ScriptedServer("node", ({ name }) => name === silent ? "nothing" : undefined);
    const ended = await runAt(server.port, "", "tail");
    assertEquals(ended.code, 3, ended.stderr);
    assertMatch(ended.stderr, /!! node lets nobody log in/);
  }
  const breaks: Answers = ({ name }) => name === "listMessages" ? "break" : undefined;
  const server = new ScriptedServer("node", breaks);
  const running = runAt(server.port, "", "tail");
  while (server.asked("listMessages").length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await server[Symbol.asyncDispose]();
  assertEquals((await running).code, 3);
});

processTest("a node that breaks the connection once it has answered has answered", async () => {
  let asked = 0;
  await using server = new ScriptedServer("node", ({ name }) => {
    if (name !== "listUsers" || ++asked > 1) return undefined;
    setTimeout(() => server.breakAll(), 0);
    return { name: "users", payload: { users: [], more: false } };
  });
  const ended = await runAt(server.port, "/users\n/users\n", "run", "-");
  assertEquals(ended.code, 0, ended.stderr);
});
