import { assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";

const PERMISSIONS = ["--allow-net=127.0.0.1", "--allow-read", "--allow-write", "--allow-run"];

/** Variable with the parent of the demo's folder. */
const FOLDERS: readonly Deno.PermissionDescriptor[] = [{ name: "env", variable: "TMPDIR" }];

function startDemo(folder: string): Deno.ChildProcess {
  const main = new URL("../../demo/main.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...PERMISSIONS, main],
    env: { TMPDIR: folder },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await Array.fromAsync(Deno.readDir(folder))).length === 0;
}

processTest("the demo takes all its steps and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-demo-test-" });
  try {
    const { code, stdout, stderr } = await startDemo(folder).output();
    const [said, failure] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, failure], [0, ""], said);
    assertMatch(said ?? "", /\nall 13 steps were as they must be, in \d+\.\d s\n$/);
    assertEquals(await isEmpty(folder), true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, FOLDERS);

processTest("the demo ends its nodes and removes its folder when Ctrl-C ends it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-demo-test-" });
  try {
    const demo = startDemo(folder);
    const output = demo.output();
    await eventually("the nodes run", async () => {
      const [data] = await Array.fromAsync(Deno.readDir(folder));
      if (data === undefined) return false;
      const names = (await Array.fromAsync(Deno.readDir(`${folder}/${data.name}`))).map(({ name }) => name);
      return ["node1", "node2", "node3"].every((node) => names.includes(node));
    });
    const processes = await nodesIn(folder);
    assertEquals(processes.length, 3);
    demo.kill("SIGINT");
    assertEquals((await output).code, 130);
    assertEquals([await isEmpty(folder), await nodesIn(folder)], [true, []]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, FOLDERS);

/** The nodes with their data in this folder. */
async function nodesIn(folder: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-e", "-ww", "-o", "pid=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) =>
    line.includes("--node=") && line.includes(`--data=${folder}`)
  );
}
