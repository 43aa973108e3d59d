import { assertEquals } from "@std/assert";
import { writeAll } from "../../../client/terminal/write_all.ts";

/** The most bytes that a pipe takes whole or not at all, at least. */
const PIPE_BUF = Deno.build.os === "linux" ? 4_096 : 512;

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

Deno.test("writeAll() hands over no more than a pipe takes whole, so that nothing is written twice", () => {
  let room = 0;
  let text = "";
  // As the runtime: a write that finds too little room writes a part, and does not say so.
  const pipe = {
    writeSync(bytes: Uint8Array): number {
      const isWhole = bytes.length <= PIPE_BUF;
      const taken = isWhole ? (room >= bytes.length ? bytes.length : 0) : Math.min(room, bytes.length);
      room -= taken;
      text += new TextDecoder().decode(bytes.subarray(0, taken));
      if (taken === bytes.length) return taken;
      room = 9_000;
      throw new Deno.errors.WouldBlock();
    },
  };
  const long = Array.from({ length: 6_000 }, (_, i) => String(i)).join(" ");
  writeAll(pipe, long);
  assertEquals(text === long, true, `${text.length} of ${long.length} characters`);
});
