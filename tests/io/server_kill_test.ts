import { assert, assertGreater } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { Load } from "../testing/load.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { ServerProcess } from "../testing/server_process.ts";

/** Number of kills on one data folder. */
const KILLS_PER_FOLDER = 30;
/** Longest work of a server before a kill, ms. */
const WORK_MS = 300;
/** Requests that are acknowledged before a kill, however busy the machine is. */
const ACKNOWLEDGED = 30;
/** Longest start before a kill, ms; a complete one takes about 100. */
const START_MS = 150;

processTest("ServerProcess loses nothing acknowledged when it is killed under load", async () => {
  const folders = scale(1, 10);
  let kills = 0;
  let acknowledged = 0;
  for (let folder = 1; folder <= folders; folder++) {
    const load = new Load(folder);
    const compared = await killAgainAndAgain(load, new SeededNumbers(-folder));
    kills += KILLS_PER_FOLDER;
    acknowledged += load.acknowledgedCount;
    console.log(`folder ${folder}: ${KILLS_PER_FOLDER} kills, ${compared} comparisons, ${load.summary()}`);
    assertGreater(load.repeated, 0, "no kill hit a request under way: the test proves nothing");
  }
  console.log(`${kills} kills, ${acknowledged} requests acknowledged, none of them lost`);
  assertGreater(acknowledged, kills * ACKNOWLEDGED - 1);
});

async function killAgainAndAgain(load: Load, random: SeededNumbers): Promise<number> {
  const data = await Deno.makeTempDir({ prefix: "chat-server-test-kill-" });
  let compared = 0;
  try {
    for (let kill = 0; kill < KILLS_PER_FOLDER; kill++) {
      if (kill % 5 === 4) await killWhileStarting(data, random);
      await using server = await ServerProcess.start({ data });
      if (kill === 0) await load.register(server.port);
      compared += await load.verify(server.port);
      const before = load.acknowledgedCount;
      const working = load.work(server.port);
      await new Promise((resolve) => setTimeout(resolve, random.below(WORK_MS)));
      await eventually("there is something to lose", () => load.acknowledgedCount >= before + ACKNOWLEDGED);
      await server.kill();
      await working;
    }
    await using server = await ServerProcess.start({ data });
    compared += await load.verify(server.port);
    compared += await load.verify(server.port);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
  assert(compared > 0, "nothing was compared");
  return compared;
}

/** A start that is cut off must not harm the log that it reads. */
async function killWhileStarting(data: string, random: SeededNumbers): Promise<void> {
  await using server = await ServerProcess.spawn({ data });
  await new Promise((resolve) => setTimeout(resolve, random.below(START_MS)));
  await server.kill();
}
