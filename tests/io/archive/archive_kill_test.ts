import { assertEquals, assertGreater } from "@std/assert";
import { compareArchive, comparedAt, entriesOf, positionOf } from "../../testing/archive_content.ts";
import { eventually } from "../../testing/eventually.ts";
import { Load } from "../../testing/load.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { ServerProcess } from "../../testing/server_process.ts";

const KILLS = scale(10, 100);
/** Longest work of a node between the first entry that its archive has folded and the kill, ms. */
const WORK_MS = 300;

processTest("an archive is the fold of a beginning of the log, whenever its node is killed", async () => {
  const data = await Deno.makeTempDir({ prefix: "chat-archive-kill-" });
  const random = new SeededNumbers(13);
  const load = new Load(13);
  let rows = 0;
  let behind = 0;
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      await using server = await ServerProcess.start({ data });
      if (kill === 0) await load.register(server.port);
      const before = positionOf(data);
      const working = load.work(server.port);
      await eventually("the archive has gone on", () => positionOf(data) > Math.max(0, before));
      await new Promise((resolve) => setTimeout(resolve, random.below(WORK_MS)));
      await server.kill();
      await working;
      const compared = await compareArchive(data);
      rows += compared.rows;
      if (compared.position < (await entriesOf(data)).length) behind++;
      assertEquals(server.stderr.includes("archiveFailed"), false, server.stderr);
    }
    await using server = await ServerProcess.start({ data });
    const last = await comparedAt(data, (await entriesOf(data)).length);
    console.log(
      `${KILLS} kills, ${behind} of them with an archive behind the log; ${rows} rows compared, ${last.rows} in the end`,
    );
    assertGreater(behind, 0, "no kill hit an archive at work: the test proves nothing");
    await load.verify(server.port);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
