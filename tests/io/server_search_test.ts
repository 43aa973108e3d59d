/**
 * Searches at a real node, whose archive follows its log.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import { eventually } from "../testing/eventually.ts";
import { allFound, foundPage } from "../testing/found_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { Stage } from "./client_stage.ts";

/** The contents that a search finds, newest first; waits while the archive is busy. */
async function found(client: TestClient, request: RequestPayload<"search">): Promise<string[]> {
  const { messages } = await foundPage(client, request);
  return messages.map(({ content }) => content);
}

function send(client: TestClient, to: string, content: string, id = crypto.randomUUID()): Promise<unknown> {
  return client.expect("sendMessage", { to, content, id }, "sent");
}

processTest(
  "a message is found once its SENT is there, and by nobody once its deletion is answered",
  async () => {
    await using server = await ServerProcess.start();
    await using ann = await TestClient.login(server.port, "ann");
    await using bob = await TestClient.login(server.port, "bob");
    await using cy = await TestClient.login(server.port, "cy");
    await send(ann, "bob", "Crème brûlée");
    assertEquals([await found(ann, { words: "creme" }), await found(bob, { words: "BRU" })], [
      ["Crème brûlée"],
      ["Crème brûlée"],
    ]);
    assertEquals(await found(cy, { words: "creme" }), []);
    let searches = 0;
    for (let i = 0; i < 50; i++) {
      const id = crypto.randomUUID();
      await send(ann, "bob", `word${i} and more`, id);
      assertEquals(await found(bob, { words: `word${i} more`, with: "ann" }), [`word${i} and more`]);
      const [one, other] = i % 2 === 0 ? [ann, bob] as const : [bob, ann] as const;
      await one.expect("deleteMessages", { ids: [id] }, "ok");
      assertEquals(await found(one, { words: `word${i}` }), []);
      // The sender deletes for both, the recipient for themselves.
      assertEquals((await found(other, { words: `word${i}` })).length, i % 2);
      searches += 3;
    }
    await send(cy, "ann", "a secret of cy");
    assertEquals(await found(ann, { words: "secret" }), ["a secret of cy"]);
    await cy.expect("deleteAccount", { password: "password of cy" }, "ok");
    assertEquals(await found(ann, { words: "secret" }), []);
    console.log(`${searches} searches`);
  },
);

processTest("pages of a search have every message once, newest first, after a restart too", async () => {
  await using folder = await ServerProcess.start();
  const { data, port } = folder;
  const MESSAGES = 1_000;
  {
    await using ann = await TestClient.login(port, "ann");
    await using bob = await TestClient.login(port, "bob");
    for (let i = 0; i < MESSAGES; i++) {
      if (i % 2 === 0) await send(ann, "bob", `even ${i} 東京大学`);
      else await send(bob, "ann", `odd ${i} пример`);
    }
  }
  const even = Array.from({ length: MESSAGES / 2 }, (_, i) => `even ${MESSAGES - 2 - 2 * i} 東京大学`);
  await folder.kill();
  await using _again = await ServerProcess.start({ data, port });
  await using bob = await TestClient.login(port, "bob");
  for (const words of ["EVEN", "京大", "e 東"]) {
    const all = await allFound(bob, { words, with: "ann", limit: 97 });
    assertEquals(all.map(({ content }) => content), even, words);
  }
  console.log(`${3 * MESSAGES / 2} messages found`);
});

processTest("a search that makes no sense is refused in words, and the connection goes on", async () => {
  await using server = await ServerProcess.start();
  await using ann = await TestClient.login(server.port, "ann");
  await using bob = await TestClient.login(server.port, "bob");
  const secret = crypto.randomUUID();
  await send(bob, "bob", "only for bob", secret);
  const cases: readonly [RequestPayload<"search">, string, RegExp][] = [
    [{ words: "x".repeat(16_384) }, "bad-request", /16384 bytes.*at most 256.*fewer words/],
    [{ words: "* -- '" }, "bad-request", /at least one letter or digit/],
    [{ words: "a", limit: 101 }, "bad-request", /from 1 to 100; 101 is not/],
    [{ words: "a", with: "nobody" }, "unknown-user", /no user "nobody"/],
    [{ words: "a", before: secret }, "unknown-message", /not in a conversation of this account/],
    [{ words: "a", before: crypto.randomUUID() }, "unknown-message", /not in a conversation of this account/],
  ];
  for (const [request, code, text] of cases) {
    const { code: given, message } = await ann.expect("search", request, "error");
    assertEquals(given, code);
    assertMatch(message, text);
  }
  // Operators are words.
  for (
    const words of [
      '"only" OR x*',
      "only NEAR(bob",
      "'; DROP TABLE messages; --",
      "only AND NOT bob",
      "{only}:",
    ]
  ) {
    assert(Array.isArray(await found(bob, { words })));
  }
  assertEquals(await found(bob, { words: '"(only)* ^bob' }), ["only for bob"]);
  await ann.expect("ping", null, "pong");
  console.log(`${cases.length} searches refused`);
});

processTest("others are served while one account searches without pause", async () => {
  await using server = await ServerProcess.start();
  await using ann = await TestClient.login(server.port, "ann");
  await using greedy = await TestClient.login(server.port, "greedy");
  for (let i = 0; i < 300; i++) await send(greedy, "greedy", `some words number ${i}`);
  await found(greedy, { words: "some" });
  const SEARCHES = 100;
  let answered = 0;
  for (let i = 0; i < SEARCHES; i++) await greedy.send("search", { words: "s w n", limit: 100 });
  const all = (async () => {
    for (; answered < SEARCHES; answered++) assertEquals((await greedy.reply()).name, "found");
  })();
  for (let i = 0; i < 50; i++) await ann.expect("ping", null, "pong");
  await send(ann, "ann", "hey");
  assertGreater(SEARCHES, answered, "everything greedy came first");
  await all;
  console.log(`${SEARCHES} searches, ${answered} answered`);
});

processTest("the client finds what was said, and ends with its status", async () => {
  await using stage = await Stage.set("alice", "bob");
  await stage.run("", "send", "bob", "Crème brûlée", "--user", "alice");
  await eventually("the message is found", async () => {
    const { code, stdout } = await stage.run("", "search", "brulee", "--user", "bob", "--json");
    return code === 0 && JSON.parse(stdout || "{}").text === "Crème brûlée";
  });
  const mistaken = await stage.run("", "search", "***", "--user", "bob");
  assertEquals([mistaken.code, mistaken.stdout], [1, ""]);
  assertMatch(mistaken.stderr, /^!! words is "\*\*\*"; a search needs at least one letter or digit$/m);
  const script = "/search creme from alice\n/history 5 before #a1\n/search x\n";
  const run = await stage.run(script, "run", "-", "--user", "bob");
  assertEquals(run.code, 0);
  assertMatch(run.stderr, /^-- found for creme with alice: 1 message$/m);
  assertMatch(run.stderr, /^-- found for x: nothing$/m);
});
