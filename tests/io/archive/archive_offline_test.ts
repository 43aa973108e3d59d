/**
 * Commands that change the log of a node that does not run, while its archive lies beside it.
 *
 * @module
 */

import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { PASSWORD, PASSWORD_HASH } from "../../../bench/client.ts";
import { FIRST_CHAIN, nextChain } from "../../../server/core/chain.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import { keepFork } from "../../../server/log/fork_file.ts";
import { comparedAt, entriesOf, positionOf } from "../../testing/archive_content.ts";
import { processTest } from "../../testing/permissions.ts";
import { ServerProcess } from "../../testing/server_process.ts";
import { TestClient } from "../../testing/test_client.ts";
import { CommandFolder, messageLine } from "../commands_harness.ts";

const MESSAGES = 300;
/** Number of the message that the damage hits. */
const HIT = 150;

/** The content of a message: one word that all have, and one of its own. */
function contentOf(number: number): string {
  return `word of message${String(number).padStart(4, "0")}`;
}

function linesOf(numbers: readonly number[]): string {
  return numbers.map((number) => messageLine(number, { content: contentOf(number) })).join("\n");
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

async function importMessages(folder: CommandFolder, numbers: readonly number[]): Promise<void> {
  const accounts = JSON.stringify({ ada: PASSWORD_HASH, bob: PASSWORD_HASH });
  const file = await folder.write("node1.json", `${accounts}\n${linesOf(numbers)}\n`);
  const { status, stderr } = await folder.import(file);
  assertEquals([status, stderr], [0, ""]);
}

/** What a node answered and said until its archive had the whole log. */
interface Followed {
  /** The numbers of the messages that a search finds at the end. */
  readonly found: readonly number[];
  /** Number of answers before the one with all of them: `busy`, or a part. */
  readonly earlier: number;
  /** The complaint about the archive, if there was one. */
  readonly complaint: string | undefined;
}

/**
 * Starts a node and searches from the first moment on, until the archive has the whole log.
 *
 * @throws {AssertionError} if any answer has a message that is not in the log, or the archive differs from it
 */
async function follow({ data }: CommandFolder, count: number): Promise<Followed> {
  await using server = await ServerProcess.start({ data });
  const contents = new Set(
    (await entriesOf(data)).flatMap((entry) => entry.type === "messageSent" ? [entry.content] : []),
  );
  await using ada = await TestClient.login(server.port, "ada", PASSWORD);
  let found: readonly string[] = [];
  let earlier = 0;
  for (const endMs = performance.now() + 120_000; performance.now() < endMs; earlier++) {
    const reply = await ada.ask("search", { words: "word", limit: 100 });
    const messages = reply.name === "found" ? reply.payload.messages : [];
    found = messages.map(({ content }) => content);
    assertEquals(found.filter((content) => !contents.has(content)), [], "messages that are not in the log");
    if (reply.name === "found" && found.length === Math.min(count, 100)) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const hit = await ada.expect("search", { words: contentOf(HIT) }, "found");
  assertEquals(hit.messages.length, contents.has(contentOf(HIT)) ? 1 : 0, "the message that the damage hit");
  await comparedAt(data, (await entriesOf(data)).length);
  assertEquals((await server.stop()).code, 0);
  const complaint = server.stderr.split("\n").find((line) => line.includes('"archiveFailed"'));
  return { found: found.map((content) => Number(content.slice(-4))), earlier, complaint };
}

async function archivedFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.make();
  await importMessages(folder, range(0, MESSAGES));
  assertEquals((await follow(folder, MESSAGES)).complaint, undefined);
  return folder;
}

function newest(numbers: readonly number[]): number[] {
  return numbers.toReversed().slice(0, 100);
}

processTest(
  "an archive is made anew after a repair that has lost a message, and never answers with it",
  async () => {
    await using folder = await archivedFolder();
    const text = await Deno.readTextFile(folder.segment);
    await Deno.writeTextFile(folder.segment, text.replace(contentOf(HIT), contentOf(HIT).toUpperCase()));
    const { status, stderr } = await folder.log("repair", "--accept-loss");
    assertEquals([status, stderr], [0, ""]);
    const { found, earlier, complaint = "" } = await follow(folder, MESSAGES - 1);
    assertStringIncludes(complaint, "other entries than the log has");
    assertEquals(found, newest(range(0, MESSAGES)));
    console.log(`${earlier} answers before the archive was there again`);
  },
);

processTest("an archive is made anew after a repair that has moved entries to another origin", async () => {
  await using folder = await archivedFolder();
  const common = (await entriesOf(folder.data)).slice(0, HIT);
  let chain = FIRST_CHAIN;
  for (const { seq, stamp } of common) chain = nextChain(chain, seq, stamp);
  const origin = common[0]?.origin ?? "?";
  keepFork(new DenoFiles(folder.data), { origin, after: common.length, chain, seenMs: Date.now() });
  const { status, stderr } = await folder.log("repair", "--as-new-origin");
  assertEquals([status, stderr], [0, ""]);
  const { found, complaint = "" } = await follow(folder, MESSAGES);
  assertStringIncludes(complaint, "other entries than the log has");
  assertEquals(found, newest(range(0, MESSAGES)));
});

processTest(
  "an archive goes on from its place after a repair that had nothing to do, and an import",
  async () => {
    await using folder = await archivedFolder();
    const position = positionOf(folder.data);
    assertGreater(position, MESSAGES);
    assertStringIncludes((await folder.log("repair")).stdout, "nothing to repair");
    await importMessages(folder, range(MESSAGES, MESSAGES + 50));
    assertEquals(positionOf(folder.data), position, "no command touches the archive");
    const { found, complaint } = await follow(folder, MESSAGES + 50);
    assertEquals(complaint, undefined);
    assertEquals(found, newest(range(0, MESSAGES + 50)));
  },
);

processTest("an archive of a log that an import has replaced is made anew, and never answers", async () => {
  await using folder = await archivedFolder();
  // Another log in the same folder: without the archive, the folder would be new.
  for (const name of ["log", "clean"]) await Deno.remove(`${folder.data}/${name}`, { recursive: true });
  for (const name of ["proven", "reserve"]) await Deno.remove(`${folder.data}/${name}`).catch(() => {});
  await importMessages(folder, range(HIT + 1, MESSAGES));
  const { found, earlier, complaint = "" } = await follow(folder, MESSAGES - HIT - 1);
  assertStringIncludes(complaint, "entries");
  assertEquals(found, newest(range(0, MESSAGES)));
  console.log(`${earlier} answers before the archive was there again`);
});
