import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { exposedKeys } from "../../server/certificates/exposed_keys.ts";
import { clusterKeyProblems, readClusterKey } from "../../server/process/cluster_key_file.ts";
import { processTest } from "../testing/permissions.ts";

/** Number of nodes that start at once, and of repetitions. */
const NODES = 8;
const ROUNDS = 50;

/** Runs a test in a temporary folder. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "chat-cluster-key-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

processTest(
  "readClusterKey() makes one key, whole and for its owner only, however many ask at once",
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await inFolder(async (folder) => {
        const file = `${folder}/cluster_key`;
        const keys = await Promise.all(Array.from({ length: NODES }, () => readClusterKey(file)));
        const digits = (await Deno.readTextFile(file)).trim();
        assertMatch(digits, /^[0-9a-f]{64}$/);
        for (const { key } of keys) assertEquals(new Uint8Array(key).toHex(), digits);
        assertEquals(keys.filter(({ isNew }) => isNew).length, 1);
        assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
        assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["cluster_key"]);
      });
    }
  },
);

processTest(
  "readClusterKey() waits for a file that is being written where there are no hard links",
  async () => {
    await inFolder(async (folder) => {
      const file = `${folder}/cluster_key`;
      await Deno.writeTextFile(file, "ab", { mode: 0o600 });
      setTimeout(() => void Deno.writeTextFile(file, `${"ab".repeat(32)}\n`), 100);
      const { key, isNew } = await readClusterKey(file);
      assertEquals([key.length, isNew], [32, false]);
    });
  },
);

processTest(
  "readClusterKey() refuses what is no key, and a place where none can be made, with the way out",
  async () => {
    await inFolder(async (folder) => {
      for (const text of ["", "12", "g".repeat(64), "ab".repeat(33), `${"ab".repeat(32)} x`]) {
        await Deno.writeTextFile(`${folder}/damaged`, text);
        await assertRejects(
          () => readClusterKey(`${folder}/damaged`),
          Error,
          `is not 64 hexadecimal digits and a line feed (it has ${text.length} characters); copy the file of another`,
        );
        assertMatch((await clusterKeyProblems(`${folder}/damaged`)).join(), /is not 64 hexadecimal digits/);
      }
      await assertRejects(
        () => readClusterKey(`${folder}/missing/cluster_key`),
        Error,
        "name another place with --cluster-key FILE",
      );
      await assertRejects(() => readClusterKey(folder), Error, "cannot be read");
      assertEquals(await clusterKeyProblems(`${folder}/missing/cluster_key`), []);
    });
  },
);

processTest("exposedKeys() warns of a cluster key that others can read, where nodes need one", async () => {
  await inFolder(async (folder) => {
    const clusterKeyFile = `${folder}/cluster_key`;
    const peers = [{ name: "node2", host: "127.0.0.1", port: 1 }];
    await readClusterKey(clusterKeyFile);
    assertEquals(await exposedKeys([{ peers, clusterKeyFile }]), []);
    await Deno.chmod(clusterKeyFile, 0o644);
    assertMatch(
      (await exposedKeys([{ peers, clusterKeyFile }])).join(),
      /cluster_key holds a secret .*chmod 600/,
    );
    assertEquals(await exposedKeys([{ peers: [], clusterKeyFile }]), []);
  });
});
