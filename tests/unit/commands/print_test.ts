import { assertEquals, assertRejects } from "@std/assert";
import { print } from "../../../server/commands/print.ts";

Deno.test("print() writes all of a text, however little is taken at once", async () => {
  const taken: number[] = [];
  const write = (bytes: Uint8Array): Promise<number> => {
    taken.push(...bytes.subarray(0, 2));
    return Promise.resolve(Math.min(2, bytes.length));
  };
  assertEquals(await print({ write }, "Grüße"), true);
  assertEquals(new TextDecoder().decode(Uint8Array.from(taken)), "Grüße\n");
});

Deno.test("print() says where nobody reads any further, and passes other faults on", async () => {
  const failing = (error: Error): { write: () => Promise<number> } => ({
    write: () => Promise.reject(error),
  });
  assertEquals(await print(failing(new Deno.errors.BrokenPipe("gone")), "a"), false);
  await assertRejects(() => print(failing(new Error("disk")), "a"), Error, "disk");
});
