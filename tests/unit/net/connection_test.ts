import { assertEquals, assertGreater } from "@std/assert";
import fastCheck from "fast-check";
import { Connection } from "../../../server/net/connection.ts";
import { runScript } from "../../testing/scripted_connection.ts";
import { SCRIPTS, STEPS } from "../../testing/connection_scripts.ts";

/** Runs of a property; each is one life of a connection. */
const RUNS = 1_500;

Deno.test("Connection keeps its promises to the session, whatever happens in whatever order", async () => {
  const seen = new Map<string, number>();
  await fastCheck.assert(
    fastCheck.asyncProperty(SCRIPTS, STEPS, async (script, steps) => {
      // `runScript` returns only if the read loop has ended: no pause is left waiting.
      const { notes, readsAtOnce, timersLeft } = await runScript(Connection, script, steps);
      assertEquals(readsAtOnce <= 1, true, "two reads at once");
      assertEquals(timersLeft, 0, "a timer is left");
      const count = (wanted: string): number => notes.filter((note) => note === wanted).length;
      assertEquals(count("disconnected"), count("opened"), "disconnected is not told exactly once");
      assertEquals([count("ended"), count("socket.close")], [1, 1]);
      const after = notes.slice(notes.indexOf("ended") + 1);
      assertEquals(after.filter((note) => /^(received|malformed|finished)/.test(note)), []);
      assertEquals(count("finished") <= 1, true, "finished twice");
      for (const note of notes) {
        const kind = /^\w+/.exec(note)?.[0] ?? "step";
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: RUNS },
  );
  console.log(
    `checked ${RUNS} connections: ${[...seen].map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
  );
  for (
    const kind of [
      "received",
      "malformed",
      "finished",
      "disconnected",
      "closeWrite",
      "fault",
      "slowReaderDropped",
    ]
  ) {
    assertGreater(seen.get(kind) ?? 0, 0, kind);
  }
});
