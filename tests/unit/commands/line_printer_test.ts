import { assertEquals, assertThrows } from "@std/assert";
import { LinePrinter, ReaderGone } from "../../../server/commands/line_printer.ts";

Deno.test("LinePrinter.flush() writes all lines, however little is taken at once", () => {
  const taken: number[] = [];
  const printer = new LinePrinter({
    writeSync: (bytes) => {
      taken.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  });
  printer.print("Grüße");
  printer.print("");
  assertEquals(taken, []);
  printer.flush();
  printer.flush();
  assertEquals(new TextDecoder().decode(Uint8Array.from(taken)), "Grüße\n\n");
});

Deno.test("LinePrinter.print() writes by itself once much is waiting", () => {
  let written = 0;
  const printer = new LinePrinter({ writeSync: ({ length }) => (written += length, length) });
  for (let i = 0; i < 100; i++) printer.print("x".repeat(999));
  assertEquals([written > 0, written % 1_000], [true, 0]);
});

Deno.test("LinePrinter.flush() says when nobody reads, and passes other faults on", () => {
  const failing = (error: Error): LinePrinter => {
    const printer = new LinePrinter({
      writeSync: () => {
        throw error;
      },
    });
    printer.print("a");
    return printer;
  };
  assertThrows(() => failing(new Deno.errors.BrokenPipe("gone")).flush(), ReaderGone);
  assertThrows(() => failing(new Error("disk")).flush(), Error, "disk");
});
