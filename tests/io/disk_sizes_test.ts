import { assertEquals } from "@std/assert";
import { type DiskSizes, DiskWatch, readDiskSizes } from "../../server/process/disk_sizes.ts";
import { processTest } from "../testing/permissions.ts";

processTest(
  "readDiskSizes() adds the segments of a log up, and knows no log where there is none",
  async () => {
    const data = await Deno.makeTempDir({ prefix: "chat-sizes-test-" });
    try {
      assertEquals((await readDiskSizes(data)).log, undefined);
      await Deno.mkdir(`${data}/log`);
      assertEquals((await readDiskSizes(data)).log, 0);
      for (const name of ["00000001.jsonl", "00000002.jsonl", "00000003.jsonl.part", "lock"]) {
        await Deno.writeFile(`${data}/log/${name}`, new Uint8Array(1_000));
      }
      const { log, free } = await readDiskSizes(data);
      assertEquals([log, free === undefined || free > 0], [2_000, true]);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
);

processTest("DiskWatch.sizes() has the last sizes while the disk hangs, and asks it once", async () => {
  const asked: PromiseWithResolvers<DiskSizes>[] = [];
  const watch = new DiskWatch(() => {
    asked.push(Promise.withResolvers());
    return asked.at(-1)?.promise ?? Promise.reject(new Error("nothing was asked"));
  });
  const first = watch.sizes();
  asked[0]?.resolve({ log: 1, free: 2 });
  assertEquals(await first, { log: 1, free: 2 });
  for (let scrapes = 0; scrapes < 3; scrapes++) assertEquals(await watch.sizes(), { log: 1, free: 2 });
  assertEquals(asked.length, 2);
  asked[1]?.resolve({ log: 3, free: undefined });
  await asked[1]?.promise;
  const last = watch.sizes();
  asked[2]?.resolve({ log: 4, free: undefined });
  assertEquals([await last, asked.length], [{ log: 4, free: undefined }, 3]);
});
