import { assertEquals, assertMatch } from "@std/assert";
import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import { processTest } from "../testing/permissions.ts";
import { type Ended, PASSWORD, runClient } from "./client_process.ts";
import { foundMessage, searchingServer } from "./client_scripted_search.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";

async function search(server: ScriptedServer, ...words: readonly string[]): Promise<Ended> {
  const passwordFile = await Deno.makeTempFile({ prefix: "chat-password-" });
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const login = ["--user", "alice", "--password-file", passwordFile];
  try {
    const place = ["--server", `127.0.0.1:${server.port}`];
    return await runClient("", "search", ...words, ...login, ...place, "--timeout", "5s");
  } finally {
    await Deno.remove(passwordFile);
  }
}

const [NEW, OWN, OLD] = [
  foundMessage(3),
  foundMessage(2, { sender: "alice", recipient: "carol" }),
  foundMessage(1, { content: "two\nlines\x1b[2J" }),
];

processTest("search prints what is found, the newest last, as lines and as JSON", async () => {
  await using server = searchingServer([NEW, OWN, OLD]);
  const plain = await search(server, "crème", "brûlée");
  assertEquals([plain.code, plain.stderr], [0, "-- found for crème brûlée: 3 messages\n"]);
  const [old, own, last, end] = plain.stdout.split("\n");
  assertMatch(old ?? "", /^2023-11-14 \d\d:\d\d #a1 bob> two\\u\{a\}lines\\u\{1b\}\[2J$/);
  assertMatch(own ?? "", /^2023-11-1[45] \d\d:\d\d #a2 = alice to carol> text 2$/);
  assertMatch(last ?? "", /^2023-11-1[45] \d\d:\d\d #a3 bob> text 3$/);
  assertEquals(end, "");
  const json = await search(server, "x", "--from", "bob", "--json");
  const events = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(events.map(({ event, id, from, to }) => [event, id, from, to]), [
    ["message", OLD.id, "bob", "alice"],
    ["message", NEW.id, "bob", "alice"],
  ]);
  assertEquals(server.asked("search"), [
    { words: "crème brûlée", limit: 20 },
    { words: "x", with: "bob", limit: 20 },
  ]);
});

processTest("search -n asks for as many pages as it takes", async () => {
  const all = Array.from({ length: 330 }, (_, i) => foundMessage(400 - i));
  await using server = searchingServer(all);
  const { code, stdout } = await search(server, "text", "-n", "250", "--json");
  const ids = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).id);
  assertEquals([code, ids], [0, all.slice(0, 250).map(({ id }) => id).reverse()]);
  assertEquals(server.asked("search").map(({ limit }) => limit), [100, 100, 50]);
});

processTest("search ends with a status for everything that can go wrong", async () => {
  const refusing = (code: ErrorCode, retryAfter?: number): ScriptedServer => {
    const payload = {
      code,
      message: `refused: ${code}`,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
    return searchingServer([], ({ name }) => name === "search" ? { name: "error", payload } : undefined);
  };
  const cases: readonly [ScriptedServer, number, RegExp][] = [
    [searchingServer([]), 0, /^-- found for x: nothing$/m],
    [refusing("unknown-user"), 1, /^!! refused: unknown-user/m],
    [refusing("bad-request"), 1, /^!! refused: bad-request$/m],
    [refusing("busy", 1.5), 5, /^!! refused: busy; try again in 2 s$/m],
    [refusing("rate-limited", 1), 5, /^!! refused: rate-limited; try again in 1 s$/m],
    [new ScriptedServer("node1"), 2, /^!! node1 cannot search; /m],
  ];
  for (const [scripted, code, said] of cases) {
    await using server = scripted;
    const ended = await search(server, "x");
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assertMatch(ended.stderr, said);
  }
  console.log(`checked ${cases.length} searches`);
});

processTest("search ends at a node that answers nonsense, with a message and a status", async () => {
  const pages = (page: (count: number) => Answer): ScriptedServer => {
    let count = 0;
    return searchingServer([], ({ name }) => name === "search" ? page(++count) : undefined);
  };
  const found = (messages: readonly ReturnType<typeof foundMessage>[], more = true): Answer => ({
    name: "found",
    payload: { messages, more },
  });
  const cases: readonly [string, ScriptedServer][] = [
    ["no answer", pages(() => "nothing")],
    [
      "an answer to something else",
      pages(() => ({ name: "messages", payload: { messages: [], more: false } })),
    ],
    ["a break", pages(() => "break")],
    ["the same page for ever", pages(() => found([NEW]))],
    ["empty pages", pages(() => found([]))],
    ["newer pages", pages((count) => found([foundMessage(count)]))],
    ["a page that is not in order", pages(() => found([OLD, NEW], false))],
  ];
  for (const [what, scripted] of cases) {
    await using server = scripted;
    const ended = await search(server, "x");
    assertEquals([[3, 6].includes(ended.code), ended.stdout], [true, ""], `${what}: ${ended.stderr}`);
    assertMatch(ended.stderr, /^!! no (complete answer of|node is reachable)/m, what);
  }
  console.log(`checked ${cases.length} nodes`);
});
