import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { TestClient } from "../testing/test_client.ts";
import { PASSWORD } from "./client_process.ts";
import { Stage } from "./client_stage.ts";
import { runProgram } from "./commands_harness.ts";

/** Messages of each of two chats, more than a page has. */
const COUNT = 520;

type Line = Readonly<Record<string, unknown>>;

function linesOf(stdout: string): Line[] {
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
}

/** A server where alice has written to bob and bob to carol, and alice has deleted one message and bob hidden one. */
async function written(): Promise<Stage> {
  const stage = await Stage.set("alice", "bob", "carol");
  await using alice = await TestClient.login(stage.server.port, "alice", PASSWORD);
  await using bob = await TestClient.login(stage.server.port, "bob", PASSWORD);
  const ids: string[] = [];
  for (let i = 0; i < COUNT; i++) {
    const { id } = await alice.expect("sendMessage", { to: "bob", content: `to bob ${i}` }, "sent");
    ids.push(id);
    await bob.expect("sendMessage", { to: "carol", content: `to carol ${i}` }, "sent");
  }
  await alice.expect("deleteMessages", { ids: ids.slice(0, 1) }, "ok");
  await bob.expect("deleteMessages", { ids: ids.slice(1, 2) }, "ok");
  return stage;
}

processTest(
  "chat-server export and chat-client export print what a person can see, and nothing else",
  async () => {
    await using stage = await written();
    const own = await stage.run("", "export", "--user", "bob");
    assertEquals(own.code, 0);
    assertStringIncludes(own.stderr, "chat 1 of 2: alice");
    const events = linesOf(own.stdout);
    assertEquals(
      events.filter(({ event }) => event === "chat").map((chat) => [chat["with"], chat["unread"]]),
      [
        ["alice", COUNT - 2],
        ["carol", 0],
      ],
    );
    const texts = events.filter(({ event }) => event === "message").map(({ text }) => text);
    assertEquals(texts.length, 2 * COUNT - 2);
    assertEquals(new Set(texts).size, texts.length);

    const { status, stdout, stderr } = await runProgram("export", `--data=${stage.server.data}`, "Bob");
    assertEquals([status, stderr], [0, ""]);
    assertEquals(/\$2b|token|hash/.exec(stdout), null);
    const lines = linesOf(stdout);
    assertEquals(lines[0]?.["name"], "bob");
    const contents = lines.filter(({ type }) => type === "message").map(({ content }) => content);
    assertEquals(contents.toSorted(), texts.toSorted());
    assert(lines.some(({ type }) => type === "loggedIn"));
    const ofCarol = await runProgram("export", `--data=${stage.server.data}`, "carol");
    assertEquals(linesOf(ofCarol.stdout).filter(({ type }) => type === "message").length, COUNT);
    assert(!ofCarol.stdout.includes("alice"), "carol sees something of alice");
    console.log(`${texts.length} messages, ${lines.length} lines of the operator`);

    // The first export has delivered the messages, and marked nothing as read.
    const again = await stage.run("", "export", "--user", "bob");
    assertEquals(
      again.stdout,
      own.stdout.replaceAll(/("from":"alice".*"status":)"unread"/g, '$1"delivered"'),
    );
    const nobody = await runProgram("export", `--data=${stage.server.data}`, "nobody");
    assertEquals([nobody.status, nobody.stdout], [1, ""]);
    assertStringIncludes(nobody.stderr, 'has no account "nobody"');
  },
);
