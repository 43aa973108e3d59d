import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { archivePath } from "../../../server/follower/archive_folder.ts";
import { comparedAt, entriesOf } from "../../testing/archive_content.ts";
import { sendMany } from "../../testing/many_messages.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { ServerProcess } from "../../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../../testing/small_disk.ts";
import { TestClient } from "../../testing/test_client.ts";
import { runProgram } from "../commands_harness.ts";

const MESSAGES = 1_000;

/** A data folder with messages and an archive that has them all. */
async function archivedFolder(): Promise<string> {
  const data = await Deno.makeTempDir({ prefix: "chat-archive-" });
  await using server = await ServerProcess.start({ data });
  await sendMessages(server);
  await comparedAt(data, (await entriesOf(data)).length);
  assertEquals((await server.stop()).code, 0);
  return data;
}

async function sendMessages(server: ServerProcess): Promise<void> {
  await using alice = await TestClient.login(server.port, "alice");
  await TestClient.login(server.port, "bob").then((bob) => bob[Symbol.asyncDispose]());
  await sendMany(alice, "bob", MESSAGES);
}

/** Starts a node, which takes messages, and whose archive is complete soon. Returns its diagnostics. */
async function startsAndFollows(data: string): Promise<string> {
  await using server = await ServerProcess.start({ data });
  await sendMessages(server);
  const entries = (await entriesOf(data)).length;
  const compared = await comparedAt(data, entries);
  assertEquals(compared.position, entries);
  assertGreater(compared.rows, MESSAGES);
  assertEquals((await server.stop()).code, 0);
  return server.stderr;
}

/** Things that happen to an archive while its node does not run, and what the node says of it. */
const DAMAGES: Readonly<
  Record<string, readonly [damage: (path: string) => void, problem: string | undefined]>
> = {
  "removed": [(path) => Deno.removeSync(path.replace(/\/[^/]*$/, ""), { recursive: true }), undefined],
  "truncated to nothing": [(path) => Deno.truncateSync(path, 0), undefined],
  "truncated": [(path) => Deno.truncateSync(path, 20_000), "damaged"],
  "overwritten": [(path) => Deno.writeTextFileSync(path, "{}\n".repeat(50_000)), "not a database"],
  "of a later format": [(path) => withDatabase(path, "PRAGMA user_version = 1000000"), "format 1000000"],
  "another database": [(path) => withDatabase(path, "PRAGMA application_id = 7"), "not an archive"],
  "ahead of the log": [
    (path) => withDatabase(path, "UPDATE place SET position = 1000000"),
    "1000000 entries",
  ],
  "of other entries": [(path) => withDatabase(path, "UPDATE origins SET chain = chain - 1"), "other entries"],
};

function withDatabase(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

processTest(
  "a node builds an archive anew that is missing, damaged, of another format or of another log",
  async () => {
    const whole = await archivedFolder();
    const log = await Deno.makeTempDir({ prefix: "chat-archive-copy-" });
    let built = 0;
    for (const [name, [damage, problem]] of Object.entries(DAMAGES)) {
      const data = `${log}/${built++}`;
      await copyFolder(whole, data);
      damage(archivePath(data));
      const said = await startsAndFollows(data);
      const warnings = said.split("\n").filter((line) => line.includes('"archiveFailed"'));
      assertEquals(warnings.length, problem === undefined ? 0 : 1, `${name}: ${said}`);
      if (problem !== undefined) assertStringIncludes(warnings[0] ?? "", problem, name);
    }
    await Deno.remove(whole, { recursive: true });
    await Deno.remove(log, { recursive: true });
    console.log(`${built} archives built anew`);
  },
);

processTest(
  "a node serves and its archive is searchable, whichever bit of the archive is flipped",
  async () => {
    const whole = await archivedFolder();
    const random = new SeededNumbers(5);
    const flips = scale(8, 100);
    let rebuilt = 0;
    for (let flip = 0; flip < flips; flip++) {
      const data = await Deno.makeTempDir({ prefix: "chat-archive-flip-" });
      await copyFolder(whole, data);
      const bytes = await Deno.readFile(archivePath(data));
      // The header of the file and of the first page: nearly every bit of it matters.
      const at = random.below(flip % 2 === 0 ? 200 : bytes.length);
      await Deno.writeFile(archivePath(data), bytes.with(at, (bytes[at] ?? 0) ^ 1 << random.below(8)));
      await using server = await ServerProcess.start({ data });
      await sendMessages(server);
      const { status, stdout } = await runProgram("status", `--data=${data}`, "--json");
      assertEquals(status, 0);
      assert(JSON.parse(stdout).entries > 2 * MESSAGES);
      assertEquals((await server.stop()).code, 0, server.stderr);
      if (server.stderr.includes('"archiveFailed"')) rebuilt++;
      await Deno.remove(data, { recursive: true });
    }
    await Deno.remove(whole, { recursive: true });
    console.log(`${flips} flipped bits, ${rebuilt} found at once`);
  },
);

const noDisk = await whyNoSmallDisk();

function diskTest(name: string, fn: () => Promise<void>): void {
  const note = noDisk === undefined ? "" : ` (ignored: ${noDisk})`;
  Deno.test({ name: name + note, ignore: noDisk !== undefined, fn });
}

diskTest(
  "a node serves while the disk of its archive is full, says it once, and recovers by itself",
  async () => {
    await using disk = await SmallDisk.mount(1_048_576);
    const data = await Deno.makeTempDir({ prefix: "chat-archive-" });
    await Deno.symlink(disk.folder, `${data}/archive`);
    await disk.fill("ballast");
    await using server = await ServerProcess.start({ data });
    await sendMessages(server);
    await server.waitFor(() => server.stderr.includes('"archiveFailed"'));
    const { stdout } = await runProgram("status", `--data=${data}`);
    assertStringIncludes(stdout, "\narchive   no search now: ");
    await disk.free("ballast");
    await comparedAt(data, (await entriesOf(data)).length);
    await server.waitFor(() => server.stderr.includes('"archiveFollows"'));
    assertEquals(server.stderr.split('"archiveFailed"').length, 2);
    assertEquals((await server.stop()).code, 0);
    await Deno.remove(data, { recursive: true });
  },
);

diskTest("a node serves while the folder of its archive is read-only, and recovers by itself", async () => {
  await using disk = await SmallDisk.mount(16 * 1_048_576);
  const data = await Deno.makeTempDir({ prefix: "chat-archive-" });
  await Deno.symlink(disk.folder, `${data}/archive`);
  await remount(disk, "ro");
  await using server = await ServerProcess.start({ data });
  await sendMessages(server);
  await server.waitFor(() => server.stderr.includes('"archiveFailed"'));
  await remount(disk, "rw");
  await comparedAt(data, (await entriesOf(data)).length);
  assertEquals(server.stderr.split('"archiveFailed"').length, 2);
  assertEquals((await server.stop()).code, 0);
  await Deno.remove(data, { recursive: true });
});

async function remount({ folder }: SmallDisk, mode: "ro" | "rw"): Promise<void> {
  const { success } = await new Deno.Command("mount", { args: ["-o", `remount,${mode}`, folder] }).output();
  assert(success);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else if (name !== "admin.sock") await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
