import { assertEquals, assertGreater } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import { type LogOptions, openLog } from "../../../server/log/open_log.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import type { LogWriter } from "../../../server/log/log_writer.ts";
import { messageEntries } from "../../unit/log/log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const states = await Promise.all(
  (["read", "write"] as const).map((name) => Deno.permissions.query({ name })),
);
const isGranted = states.every(({ state }) => state === "granted");
const needs = isGranted ? "" : " (ignored: needs --allow-read --allow-write)";

function testInFolder(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test({
    name: name + needs,
    ignore: !isGranted,
    fn: async () => {
      const parent = await Deno.makeTempDir();
      try {
        await test(`${parent}/data/node1`);
      } finally {
        await Deno.remove(parent, { recursive: true });
      }
    },
  });
}

function completed(start: (done: (error?: Error) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => start(resolve));
}

function text(files: DenoFiles, path: string): string {
  const bytes = new Uint8Array(files.size(path) ?? 0);
  assertEquals(files.read(path, 0, bytes), bytes.length);
  return new TextDecoder().decode(bytes);
}

testInFolder("DenoFiles appends, reads, cuts, renames, lists, syncs and removes", async (folder) => {
  const files = new DenoFiles(folder);
  const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
  assertEquals([files.list("log"), files.size("log/a")], [[], undefined]);
  files.makeFolder("log");
  files.makeFolder("log");
  assertEquals(files.append("log/b", encode("hello")), 5);
  assertEquals(files.append("log/b", encode(" world")), 6);
  files.append("log/a", new Uint8Array(0));
  assertEquals(files.list("log"), ["a", "b"]);
  files.truncate("log/b", 6);
  files.append("log/b", encode("you"));
  assertEquals(text(files, "log/b"), "hello you");
  const part = new Uint8Array(4);
  assertEquals([files.read("log/b", 6, part), files.read("log/b", 9, part)], [3, 0]);
  files.syncNow("log/b");
  files.syncFolderNow("log");
  assertEquals(await completed((done) => files.sync("log/b", done)), undefined);
  assertEquals(await completed((done) => files.syncFolder("", done)), undefined);
  files.rename("log/b", "log/a");
  assertEquals([files.list("log"), text(files, "log/a")], [["a"], "hello you"]);
  files.append("log/a", encode("!"));
  files.close("log/a");
  assertEquals(files.size("log/a"), 10);
  files.remove("log/a");
  files.remove("log/a");
  assertEquals(files.list("log"), []);
});

testInFolder(
  "DenoFiles appends, renames and removes in the background, and hands errors on",
  async (folder) => {
    const files = new DenoFiles(folder);
    const bytes = new TextEncoder().encode("hello");
    for (let times = 0; times < 2; times++) {
      assertEquals(await completed((done) => files.appendLater("a", bytes, done)), undefined);
    }
    assertEquals(await completed((done) => files.sync("a", done)), undefined);
    files.append("b", bytes);
    assertEquals(await completed((done) => files.renameLater("a", "b", done)), undefined);
    assertEquals([files.list(""), text(files, "b")], [["b"], "hellohello"]);
    for (let times = 0; times < 2; times++) {
      assertEquals(await completed((done) => files.removeLater("b", done)), undefined);
    }
    assertEquals(files.list(""), []);
    const errors = [
      await completed((done) => files.appendLater("no/folder", bytes, done)),
      await completed((done) => files.renameLater("none", "other", done)),
    ];
    assertEquals(errors.map((error) => error instanceof Deno.errors.NotFound), [true, true]);
  },
);

testInFolder("DenoFiles.reader() stays at its file when another is renamed over it", async (folder) => {
  const files = new DenoFiles(folder);
  const put = (path: string, value: string): void => {
    files.append(path, new TextEncoder().encode(value));
    files.close(path);
  };
  put("a", "one two");
  put("a.new", "other");
  const reader = files.reader("a");
  const into = new Uint8Array(4);
  assertEquals([reader.read(into), new TextDecoder().decode(into)], [4, "one "]);
  files.rename("a.new", "a");
  const outcomes = [];
  for (let times = 0; times < 2; times++) {
    outcomes.push(await new Promise((resolve) => reader.readLater(into, resolve)));
  }
  assertEquals([outcomes, new TextDecoder().decode(into)], [[3, 0], "two "]);
  reader.close();
  const missing = await new Promise((resolve) => files.reader("none").readLater(into, resolve));
  assertEquals(missing instanceof Deno.errors.NotFound, true);
});

testInFolder(
  "DenoFiles.fill() makes a file of real bytes, and leaves nothing where it cannot",
  async (folder) => {
    const files = new DenoFiles(folder);
    assertEquals(await completed((done) => files.fill("reserve", 300_000, done)), undefined);
    assertEquals([files.size("reserve"), files.list("")], [300_000, ["reserve"]]);
    const { blocks, mode } = await Deno.stat(`${folder}/reserve`);
    assertGreater((blocks ?? 0) * 512, 299_999);
    assertEquals((mode ?? 0) & 0o777, 0o600);
    const error = await completed((done) => files.fill("no/such/folder", 1, done));
    assertEquals(error instanceof Error, true);
  },
);

testInFolder("DenoFiles.syncFolder() hands the error on", async (folder) => {
  const files = new DenoFiles(folder);
  const error = await completed((done) => files.syncFolder("missing", done));
  assertEquals(error instanceof Deno.errors.NotFound, true);
});

/** The log of a real folder, with real timers. */
function open(folder: string, replayed: Entry[], onSynced: () => void): LogWriter {
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const options: LogOptions = {
    files: new DenoFiles(folder),
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    random: { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
    logger: silent,
    node: "node1",
    version: "1.0.0",
    segmentBytes: 20_000,
    reserveBytes: 1_000_000,
    replay: (entry) => replayed.push(entry),
    onSynced,
    onReadOnly: () => {},
    onFault: (error) => {
      throw error;
    },
  };
  return openLog(options).log;
}

testInFolder("openLog() on a real disk writes, rolls over, is cut and goes on", async (folder) => {
  let synced = (): void => {};
  const log = open(folder, [], () => synced());
  for (let batch = 0; batch < 40; batch++) {
    await new Promise<void>((resolve) => {
      synced = resolve;
      log.commit(encoded(messageEntries(batch * 5 + 1, 5)));
    });
  }
  await new Promise<void>((resolve) => log.close(resolve));
  const files = new DenoFiles(folder);
  const report = verifyLog(files);
  assertEquals([report.entries, report.clean, report.damage, report.segments > 1], [
    200,
    "clean",
    undefined,
    true,
  ]);
  assertEquals(files.size("reserve"), 1_000_000);
  await Deno.remove(`${folder}/clean`);
  const last = `${folder}/log/${files.list("log").at(-1)}`;
  await Deno.truncate(last, ((await Deno.stat(last)).size) - 5);
  const replayed: Entry[] = [];
  const again = open(folder, replayed, () => {});
  assertEquals(replayed.length, 200);
  assertEquals(files.list("broken").length, 1);
  await new Promise<void>((resolve) => again.close(resolve));
  assertEquals(verifyLog(files).clean, "clean");
});
