import { assertEquals, assertGreater } from "@std/assert";
import { copyDataFolder, folderBytes, storedFolder } from "../../bench/stored_folder.ts";
import { writeStoredLog } from "../../bench/stored_log.ts";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { verifyLog } from "../../server/log/verify_log.ts";
import { processTest } from "../testing/permissions.ts";

const SIZE = { messages: 10_000, accounts: 50, conversations: 100 };

processTest("writeStoredLog() writes a whole log of sealed segments, closed in order", async () => {
  const data = await Deno.makeTempDir({ prefix: "chat-stored-log-" });
  const { entries, bytes } = await writeStoredLog(data, SIZE, 1_000_000);
  const verified = verifyLog(new DenoFiles(data));
  assertEquals([verified.entries, verified.clean, verified.damage], [entries, "clean", undefined]);
  assertEquals((await folderBytes(data)).log, bytes);
  const segments = await Array.fromAsync(Deno.readDir(`${data}/log`));
  assertGreater(segments.length, 3);
  console.log(`${entries} entries in ${segments.length} segments of ${bytes} bytes`);
  await Deno.remove(data, { recursive: true });
});

processTest(
  "storedFolder() makes a folder once, and copyDataFolder() lets nobody write into it",
  async () => {
    const temporary = await Deno.makeTempDir({ prefix: "chat-stored-folder-" });
    const kept = await storedFolder(SIZE, temporary);
    const first = await Deno.stat(`${kept}/log/00000001.jsonl`);
    assertEquals(await storedFolder(SIZE, temporary), kept);
    assertEquals(await Deno.stat(`${kept}/log/00000001.jsonl`), first);
    await Deno.mkdir(`${kept}/archive`);
    await Deno.writeTextFile(`${kept}/archive/archive.db`, "kept");
    const copy = `${temporary}/copy`;
    await copyDataFolder(kept, copy);
    assertEquals(await folderBytes(copy), await folderBytes(kept));
    assertEquals(verifyLog(new DenoFiles(copy)).clean, "clean");
    await Deno.writeTextFile(`${copy}/log/00000001.jsonl`, "more\n", { append: true });
    await Deno.writeTextFile(`${copy}/archive/archive.db`, "changed");
    assertEquals((await Deno.stat(`${kept}/log/00000001.jsonl`)).size, first.size);
    assertEquals(await Deno.readTextFile(`${kept}/archive/archive.db`), "kept");
    await Deno.remove(temporary, { recursive: true });
  },
);
