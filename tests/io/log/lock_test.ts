import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataFolderLocked, lockDataFolder } from "../../../server/log/lock.ts";
import { scale } from "../../testing/scale.ts";

const HOLDER = new URL("./lock_holder.ts", import.meta.url);

async function isGranted(...names: ("read" | "write" | "run")[]): Promise<boolean> {
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  return states.every(({ state }) => state === "granted");
}

const withFiles = await isGranted("read", "write");
const withProcesses = withFiles && await isGranted("run");
const needsFiles = withFiles ? "" : " (ignored: needs --allow-read --allow-write)";
const needsProcesses = withProcesses ? "" : " (ignored: needs --allow-read --allow-write --allow-run)";

/** A process that tries to lock a folder, and its output. */
interface Contender {
  readonly child: Deno.ChildProcess;
  readonly said: { locked: boolean; pid: number; message?: string };
}

async function contend(folder: string): Promise<Contender> {
  const args = [
    "run",
    "--no-prompt",
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
    HOLDER.pathname,
    folder,
  ];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the process ended after ${JSON.stringify(text)}`);
    text += value;
  }
  await reader.cancel();
  return { child, said: JSON.parse(text) as Contender["said"] };
}

async function kill({ child }: Contender): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

async function inFolder(test: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "lockDataFolder() lets one in, names the holder to the second, and lets it in afterwards" +
    needsFiles,
  ignore: !withFiles,
  fn: () =>
    inFolder((folder) => {
      const lock = lockDataFolder(folder, { node: "node1", pid: 4_711, startedMs: 1 });
      const second = { node: "node2", pid: 4_712, startedMs: 2 };
      const error = assertThrows(() => lockDataFolder(folder, second), DataFolderLocked);
      assertStringIncludes(error.message, `${folder} is in use by node node1 (process 4711)`);
      lock.release();
      lockDataFolder(folder, second).release();
    }),
});

Deno.test({
  name: "lockDataFolder() lets one of two processes in, and a kill -9 frees it" + needsProcesses,
  ignore: !withProcesses,
  fn: () =>
    inFolder(async (folder) => {
      const races = scale(5, 50);
      for (let race = 0; race < races; race++) {
        const both = await Promise.all([contend(folder), contend(folder)]);
        const winners = both.filter(({ said }) => said.locked);
        const losers = both.filter(({ said }) => !said.locked);
        assertEquals([winners.length, losers.length], [1, 1]);
        assertStringIncludes(losers[0]?.said.message ?? "", "is in use by ");
        await Promise.all(losers.map(({ child }) => child.status));
        await Promise.all(winners.map(kill));
        lockDataFolder(folder, { node: "node1", pid: 1, startedMs: 1 }).release();
      }
      console.log(`lockDataFolder(): ${races} races of two processes`);
    }),
});
