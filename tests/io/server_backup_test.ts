/**
 * Backups of a node that works: under load, killed at random moments, and while its disk is full.
 *
 * @module
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { Load } from "../testing/load.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { serverCommand, ServerProcess } from "../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { type Ending, runProgram } from "./commands_harness.ts";

/** Number of killed backups. */
const KILLS = scale(12, 60);

/** Longest life of a backup that is killed, as a share of the time that one takes. */
const LIFE = 1.5;

const MEBIBYTE = 1_048_576;

const BALLAST = "ballast";

function commandArgs(server: ServerProcess, word: string, ...args: readonly string[]): string[] {
  return [word, `--config=${server.folder}/cluster_config.json`, ...args];
}

function backUp(server: ServerProcess, place: string): Promise<Ending> {
  return runProgram(...commandArgs(server, "backup", `--data=${server.data}`, place));
}

/** Begins a backup and kills it; returns true if it was killed before its end. */
async function killedBackup(server: ServerProcess, place: string, lifeMs: number): Promise<boolean> {
  const [program = "", ...args] = serverCommand(
    ...commandArgs(server, "backup", `--data=${server.data}`, place),
  );
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended at this moment.
    }
  }, lifeMs);
  const { signal } = await child.status;
  clearTimeout(timer);
  return signal === "SIGKILL";
}

/** Restores a backup beside the node that it is of, and compares it with the acknowledged state. */
async function compareRestored(server: ServerProcess, place: string, load: Load): Promise<number> {
  const data = `${server.folder}/restored`;
  const restored = await runProgram(...commandArgs(server, "restore", `--data=${data}`, place));
  assertEquals([restored.status, restored.stderr], [0, ""]);
  await using again = await ServerProcess.start({ data });
  return await load.verify(again.port);
}

processTest(
  "backup of a node under load is whole whenever it is killed, and has all that was acknowledged",
  async () => {
    const load = new Load(1, 4, 200);
    const random = new SeededNumbers(1);
    const place = await Deno.makeTempDir({ prefix: "chat-backup-test-" });
    try {
      await using server = await ServerProcess.start();
      await load.register(server.port);
      const working = load.work(server.port);
      const beganMs = performance.now();
      assertEquals((await backUp(server, place)).status, 0);
      const lifeMs = LIFE * (performance.now() - beganMs);
      let [killed, numbers] = [0, 1];
      for (let attempt = 0; attempt < KILLS; attempt++) {
        if (await killedBackup(server, place, random.below(lifeMs))) killed++;
        const verified = await runProgram("backup", "--verify", place);
        const number = Number(/backup (\d+) of node1/.exec(verified.stdout)?.[1] ?? 0);
        assertEquals([verified.status, verified.stderr], [0, ""]);
        assert(number >= numbers, `backup ${number} follows backup ${numbers}`);
        numbers = number;
      }
      const whole = await backUp(server, place);
      assertEquals([whole.status, whole.stderr], [0, ""]);
      load.stop();
      await working;
      const rest = await backUp(server, place);
      assertEquals([rest.status, rest.stderr], [0, ""]);
      await server.kill();
      const compared = await compareRestored(server, place, load);
      console.log(
        `${killed} of ${KILLS} backups killed, backup ${numbers} was the last one before; ${
          rest.stdout.split("\n")[1]
        }`,
      );
      console.log(`${compared} messages compared: ${load.summary()}`);
      assertGreater(killed, 0);
      assertGreater(compared, 100);
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
);

const reason = await whyNoSmallDisk();

Deno.test({
  name: `backup works while the disk of the node is full${
    reason === undefined ? "" : ` (ignored: ${reason})`
  }`,
  ignore: reason !== undefined,
  fn: async () => {
    await using disk = await SmallDisk.mount(64 * MEBIBYTE);
    const place = await Deno.makeTempDir({ prefix: "chat-backup-test-" });
    const load = new Load(1, 4, 1_000);
    try {
      await using server = await ServerProcess.start({ data: `${disk.folder}/data` });
      await load.register(server.port);
      const working = load.work(server.port);
      await load.visited();
      await disk.fill(BALLAST);
      await eventually("requests are refused", () => (load.refused.get("read-only") ?? 0) > 0);
      load.stop();
      await working;
      const { status, stdout, stderr } = await backUp(server, place);
      assertEquals([status, stderr], [0, ""]);
      await server.kill();
      const compared = await compareRestored(server, place, load);
      console.log(`${stdout.split("\n")[1]}; ${compared} messages compared: ${load.summary()}`);
      assertGreater(compared, 0);
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
});
