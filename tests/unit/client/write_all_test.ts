import { assertEquals } from "@std/assert";
import { writeAll } from "../../../client/terminal/write_all.ts";

Deno.test("writeAll() waits for room where the other end made the pipe one that does not block", () => {
  let room = 0;
  let refusals = 0;
  const written: number[] = [];
  const pipe = {
    writeSync(bytes: Uint8Array): number {
      if (room === 0) {
        refusals++;
        room = 3;
        throw new Deno.errors.WouldBlock();
      }
      const taken = Math.min(room, bytes.length);
      room -= taken;
      written.push(...bytes.subarray(0, taken));
      return taken;
    },
  };
  writeAll(pipe, "twelve bytes");
  assertEquals(new TextDecoder().decode(Uint8Array.from(written)), "twelve bytes");
  assertEquals(refusals, 4);
});
