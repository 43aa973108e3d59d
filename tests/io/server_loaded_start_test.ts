/**
 * Starts of a real node that load the archive, and replay the log from there on.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { SegmentedLog } from "../testing/segmented_log.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const MESSAGES = 400;

/** Text of the line that says why the archive was not loaded. */
const NOT_LOADED = "archiveNotLoaded";

/** Archives of which there is nothing to say. */
const NEW: readonly string[] = ["removed", "empty"];

/** Contents of all messages between bob and ann, oldest first, page by page. */
async function history(port: number): Promise<string[]> {
  await using bob = await TestClient.login(port, "bob");
  const contents: string[] = [];
  let before: string | undefined;
  for (let more = true; more;) {
    const request = { with: "ann", limit: 97, ...(before === undefined ? {} : { before }) };
    const reply = await bob.ask("listMessages", request);
    if (reply.name === "error" && reply.payload.code === "busy") {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    assert(reply.name === "messages", JSON.stringify(reply));
    const { messages } = reply.payload;
    contents.unshift(...messages.map(({ content }) => content));
    before = messages[0]?.id;
    more = reply.payload.more;
  }
  return contents;
}

async function unreadOfBob(port: number): Promise<number> {
  await using bob = await TestClient.login(port, "bob");
  const { users } = await bob.expect("listUsers", {}, "users");
  return users.find(({ name }) => name === "ann")?.unread ?? -1;
}

/** Bytes with one text in place of another of its length, wherever it stands. */
function replaced(bytes: Uint8Array, text: string, other: string): Uint8Array {
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  assert(latin.includes(text));
  return Uint8Array.from(latin.replaceAll(text, other), (character) => character.charCodeAt(0));
}

function expected(messages: number): string[] {
  return Array.from({ length: messages }, (_, i) => `message ${i}`);
}

/** Number of messages that a node has in memory when it starts to listen. */
function residentAtStart({ stdout }: ServerProcess): number {
  const [, all, resident] = /([\d,]+) messages?(?:, ([\d,]+) in memory)?\)/.exec(stdout) ?? [];
  return Number((resident ?? all)?.replaceAll(",", ""));
}

/** Number of all messages of a node when it starts to listen. */
function storedAtStart({ stdout }: ServerProcess): number {
  return Number(/([\d,]+) messages?[,)]/.exec(stdout)?.[1]?.replaceAll(",", ""));
}

async function sendAll(port: number, first: number, count: number): Promise<void> {
  await using ann = await TestClient.login(port, "ann");
  for (let i = first; i < first + count; i++) {
    await ann.expect("sendMessage", { to: "bob", content: `message ${i}` }, "sent");
  }
}

processTest(
  "a node loads its archive, after a stop in order and after kill -9, wherever that comes",
  async () => {
    await using log = await SegmentedLog.make(MESSAGES);
    await log.follow();
    let sent = MESSAGES;
    let loaded = 0;
    for (let start = 0; start < 6; start++) {
      await using server = await log.start(["--log-level=debug"]);
      assert(!server.stderr.includes(NOT_LOADED), server.stderr);
      const resident = residentAtStart(server);
      assert(resident < 60, `${resident} messages are resident`);
      assertEquals(storedAtStart(server), sent);
      assertEquals(await unreadOfBob(server.port), 1 + sent - MESSAGES);
      await sendAll(server.port, sent, 10);
      sent += 10;
      if (start % 3 === 2) await log.followed(server);
      if (start % 2 === 0) await server.kill();
      else await server.stop();
      loaded++;
    }
    await using server = await log.start();
    assertEquals(await history(server.port), expected(sent));
    console.log(`${loaded} starts from the archive, ${sent} messages`);
  },
);

processTest(
  "a node replays its whole log where the archive is not that of the log, and says so once, unless it is new",
  async () => {
    await using log = await SegmentedLog.make(MESSAGES);
    await log.follow();
    await using other = await SegmentedLog.make(2 * MESSAGES);
    await other.follow();
    const archive = `${log.data}/archive/archive.db`;
    const whole = await Deno.readFile(archive);
    const foreign = await Deno.readFile(`${other.data}/archive/archive.db`);
    const cases: Record<string, () => Promise<unknown>> = {
      "removed": () => Deno.remove(`${log.data}/archive`, { recursive: true }),
      "truncated": () => Deno.writeFile(archive, whole.subarray(0, whole.length / 2)),
      "of another log": () => Deno.writeFile(archive, foreign),
      "no database": () => Deno.writeFile(archive, new Uint8Array(9_000).fill(7)),
      "of a word that nobody has said": () =>
        Deno.writeFile(archive, replaced(whole, "message 399", "massage 399")),
      "empty": () => Deno.writeFile(archive, new Uint8Array()),
    };
    for (const [name, damage] of Object.entries(cases)) {
      await damage();
      await using server = await log.start();
      const isNew = NEW.includes(name);
      if (!isNew) await server.waitFor(() => server.stderr.includes(NOT_LOADED));
      assertEquals(residentAtStart(server), MESSAGES);
      assertEquals(await unreadOfBob(server.port), 1);
      assertEquals(await history(server.port), expected(MESSAGES));
      await log.followed(server);
      await server.stop();
      assertEquals(server.stderr.split(NOT_LOADED).length - 1, isNew ? 0 : 1, `${name}: ${server.stderr}`);
      await using again = await log.start();
      assertEquals(residentAtStart(again), 1, `${name}: ${again.stderr}`);
      await again.stop();
    }
    console.log(`${Object.keys(cases).length} archives were not loaded`);
  },
);

processTest("a node does not load an archive that is ahead of a log that was put back", async () => {
  await using log = await SegmentedLog.make(MESSAGES);
  await log.follow();
  const last = (await log.segments()).at(-1) ?? "";
  const before = await Deno.readFile(last);
  {
    await using server = await log.start();
    await sendAll(server.port, MESSAGES, 5);
    await log.followed(server);
    await server.kill();
  }
  await Deno.writeFile(last, before);
  await using server = await log.start();
  await server.waitFor(() => server.stderr.includes(NOT_LOADED));
  assertEquals(await unreadOfBob(server.port), 1);
  assertEquals(await history(server.port), expected(MESSAGES));
});

processTest(
  "damage in an older segment ends a node that has started, or refuses its start with --verify",
  async () => {
    await using log = await SegmentedLog.make(MESSAGES);
    await log.follow();
    const segments = await log.segments();
    const [first = "", second = ""] = segments;
    assertGreater(segments.length, 4);
    {
      await using server = await log.start();
      await eventually(
        "the log is verified",
        async () => (await log.status(server)).verification?.isDone === true,
      );
      await server.waitFor(() => server.stderr.includes("logVerified"));
      await server.stop();
    }
    let refused = 0;
    for (const [path, at] of [[first, 50], [first, 9_000], [second, 700]] as const) {
      await log.flip(path, at);
      const text = new RegExp(
        `${path.slice(-14)}, line \\d+ \\(byte \\d+\\) is damaged: .*This is no unfinished write`,
      );
      {
        await using server = await log.start();
        // The damage may be found before she is answered.
        const ann = await TestClient.login(server.port, "ann").catch(() => undefined);
        assertEquals(await server.ended(), 1);
        assertMatch(server.stderr, text);
        assertMatch(server.stderr, /"event":"stopped".*"clean":true/);
        await ann?.closed;
        await ann?.[Symbol.asyncDispose]();
      }
      // The start after that verifies first, as one with the flag does.
      for (const flags of [[], [], ["--verify"]]) {
        await using strict = await ServerProcess.spawn({ data: log.data, flags });
        assertEquals(await strict.ended(), 1);
        assertMatch(strict.stderr, text);
        assertEquals(strict.stdout, "");
        refused++;
      }
      await log.flip(path, at);
      await using mended = await log.start();
      assertEquals((await log.status(mended)).verification?.isDone, true);
      await mended.stop();
    }
    await log.flip(first, 50);
    await using strict = await ServerProcess.spawn({ data: log.data, flags: ["--verify"] });
    assertEquals(await strict.ended(), 1);
    assertEquals(strict.stdout, "");
    await log.flip(first, 50);
    await using server = await log.start(["--verify"]);
    assertEquals((await log.status(server)).verification?.isDone, true);
    console.log(`3 damaged logs were found in the background, and ${refused} starts refused after that`);
  },
);
