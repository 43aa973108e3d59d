import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";

processTest("a data folder that cannot be used is refused with the reason and the way out", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-folder-" });
  try {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink(`${folder}/nowhere`, `${folder}/link`);
    const refusals = [
      [`${folder}/file`, "Not a directory (os error 20)"],
      [`${folder}/file/node1`, "Not a directory (os error 20)"],
      [`${folder}/link`, "File exists (os error 17)"],
      ["/dev/null/node1", "it is no place for files"],
      ["/proc/node1", "it is no place for files"],
    ] as const;
    for (const [data, reason] of refusals) {
      await using server = await ServerProcess.spawn({ data, flags: ["--log-level=error"] });
      assertEquals(await server.ended(), 1);
      assertEquals(server.stdout, "");
      assertEquals(
        server.stderr,
        `chat-server: the data folder ${data} cannot be used (${reason}); make it a folder that may be written ` +
          "to, or name another with --data FOLDER\n",
      );
    }
    console.log(`${refusals.length} folders refused`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

processTest("a node whose data folder is moved or removed stops at once, and says so", async () => {
  for (const isMoved of [true, false]) {
    await using server = await ServerProcess.start();
    await eventually("the reserve is there", async () => (await namesIn(server.data)).includes("reserve"));
    const moved = `${server.folder}/moved`;
    await Deno.rename(server.data, moved);
    if (!isMoved) await Deno.remove(moved, { recursive: true });
    assertEquals(await server.ended(), 1);
    assertStringIncludes(
      server.stderr,
      `the data folder ${server.data} was moved or removed while the node runs`,
    );
  }
});

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}
