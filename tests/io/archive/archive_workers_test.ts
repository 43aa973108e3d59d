import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { archivePath } from "../../../server/follower/archive_folder.ts";
import { eventually } from "../../testing/eventually.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { FollowedFolder, sent } from "./followed_folder.ts";

/** Longest wait of a search behind others, ms: far from it, unless something blocks. */
const SEARCH_MS = 8_000;

/** Messages of ann to bob with a word of their own, from a number on. */
async function fill(folder: FollowedFolder, from: number, count: number, to = "bob"): Promise<void> {
  for (let done = 0; done < count; done += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, count - done) }, (_, i) => from + done + i);
    await folder.commit(...numbers.map((number) => sent(`m${number}`, "ann", to, `word${number}q of many`)));
  }
}

processTest("a search finds what was acknowledged a moment before", async () => {
  await using folder = await FollowedFolder.make();
  const searches = scale(200, 2_000);
  const waitsMs: number[] = [];
  await folder.commit(sent("first", "dee", "dee", "first"));
  await eventually("the workers run", async () => (await folder.found("dee", "first"))[0] === "first");
  for (let number = 0; number < searches; number++) {
    await folder.commit(sent(`m${number}`, "ann", "bob", `unique${number}q`));
    const startedMs = performance.now();
    assertEquals(await folder.found(number % 2 === 0 ? "ann" : "bob", `unique${number}q`), [`m${number}`]);
    waitsMs.push(performance.now() - startedMs);
  }
  assertEquals(await folder.found("cem", "unique"), []);
  waitsMs.sort((a, b) => a - b);
  const [medianMs = 0, longestMs = 0] = [waitsMs[searches >> 1], waitsMs.at(-1)];
  console.log(`${searches} searches, median ${medianMs.toFixed(1)} ms, longest ${longestMs.toFixed(0)} ms`);
});

processTest("an archive that is damaged while its node runs is built anew, and found in again", async () => {
  await using folder = await FollowedFolder.make();
  await fill(folder, 0, 5_000);
  await folder.follows();
  // With an empty write-ahead log, and before the first search: no page must be read from anywhere else.
  folder.archive.compact(0);
  await eventually("the write-ahead log is empty", () => folder.logger.of("archiveCompacted").length > 0);
  await Deno.writeFile(archivePath(folder.data), crypto.getRandomValues(new Uint8Array(65_536)));
  await eventually("the damage is met", async () => {
    await fill(folder, 5_000, 100);
    await folder.found("bob", "word1q");
    return folder.logger.of("archiveFailed").length > 0;
  });
  await folder.follows();
  assertEquals(await folder.found("bob", "word4711q"), ["m4711"]);
  console.log(folder.logger.of("archiveFailed").map(({ problem }) => problem).join("; "));
});

processTest("the deletion of an account with many messages delays no search", async () => {
  await using folder = await FollowedFolder.make();
  const messages = scale(20_000, 300_000);
  await fill(folder, 0, messages);
  await fill(folder, messages, 100, "cem");
  await folder.follows();
  assertEquals(await folder.found("bob", "word17q"), ["m17"]);
  await folder.commit({ type: "accountDeleted", account: "bob" });
  assertEquals(await folder.found("ann", "word17q"), []);
  folder.archive.compact(0);
  let [searches, longestMs] = [0, 0];
  while (folder.logger.of("archiveCompacted").length === 0) {
    const startedMs = performance.now();
    await folder.commit(sent(`later${searches}`, "cem", "ann", `later${searches}q`));
    assertEquals(await folder.found("cem", `later${searches}q`), [`later${searches}`]);
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    searches++;
  }
  assertGreater(searches, 5);
  assertLess(longestMs, SEARCH_MS);
  console.log(
    `${messages} messages erased beside ${searches} searches, the longest ${longestMs.toFixed(0)} ms`,
  );
});

processTest("searches of many accounts at once are found, or told that there are too many", async () => {
  await using folder = await FollowedFolder.make();
  for (let person = 0; person < 100; person++) await fill(folder, person * 300, 300, `person${person}`);
  await folder.follows();
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, i) => folder.search(`person${i}`, "word", 100)),
  );
  const busy = outcomes.filter((outcome) => "problem" in outcome && outcome.problem === "busy").length;
  const found = outcomes.filter((outcome) => "messages" in outcome && outcome.messages.length === 100).length;
  assertEquals(found + busy, 100);
  assert(found >= 64, `${found} of 100 were found`);
  console.log(`${found} searches found 100 messages each, ${busy} were too many`);
});
