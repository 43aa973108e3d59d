import { assert, assertEquals } from "@std/assert";
import { LineWriter } from "../../../server/diagnostics/line_writer.ts";

/** A reader of the output that takes no bytes until `read` is called. */
class Reader {
  text = "";
  calls = 0;
  broken = false;
  #gate = Promise.withResolvers<void>();
  #open: boolean;

  constructor(readonly bytesAtOnce: number, open = true) {
    this.#open = open;
  }

  readonly write = async (bytes: Uint8Array): Promise<number> => {
    this.calls++;
    if (!this.#open) await this.#gate.promise;
    if (this.broken) throw new Error("broken pipe");
    const taken = bytes.subarray(0, this.bytesAtOnce);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  };

  read(): void {
    this.#open = true;
    this.#gate.resolve();
  }
}

function dropped(count: number): string {
  return `dropped ${count}`;
}

Deno.test("LineWriter.write() writes whole lines in their order, however little is taken at once", async () => {
  const reader = new Reader(3);
  const writer = new LineWriter(reader.write, 1_000, dropped);
  const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  for (const line of lines) writer.write(line);
  await writer.flush();
  assertEquals(reader.text, lines.map((line) => `${line}\n`).join(""));
});

Deno.test("LineWriter.write() writes what waits at once", async () => {
  const reader = new Reader(1_000, false);
  const writer = new LineWriter(reader.write, 1_000, dropped);
  for (const line of ["a", "b", "c", "d"]) writer.write(line);
  reader.read();
  await writer.flush();
  assertEquals([reader.text, reader.calls], ["a\nb\nc\nd\n", 2]);
});

Deno.test("LineWriter.write() returns while nobody reads, drops what does not fit, and tells of it", async () => {
  const reader = new Reader(1_000, false);
  const writer = new LineWriter(reader.write, 10, dropped);
  for (let i = 0; i < 1_000; i++) writer.write("1234");
  assertEquals([reader.text, reader.calls], ["", 1]);
  reader.read();
  await writer.flush();
  assertEquals(reader.text, "1234\n1234\ndropped 998\n");
  writer.write("after");
  await writer.flush();
  assert(reader.text.endsWith("dropped 998\nafter\n"), "told once");
});

Deno.test("LineWriter.write() tells of dropped lines where they would have stood", async () => {
  const reader = new Reader(1_000, false);
  const writer = new LineWriter(reader.write, 10, dropped);
  writer.write("1234");
  writer.write("a line that is far too long");
  writer.write("5678");
  reader.read();
  await writer.flush();
  assertEquals(reader.text, "1234\ndropped 1\n5678\n");
});

Deno.test("LineWriter.write() counts bytes, not characters", async () => {
  const reader = new Reader(1_000);
  const writer = new LineWriter(reader.write, 10, dropped);
  writer.write("ééééé");
  writer.write("eeeeeeeee");
  await writer.flush();
  assertEquals(reader.text, "dropped 1\neeeeeeeee\n");
});

Deno.test("LineWriter never fails where the other end is gone, and tells of the loss once it is back", async () => {
  const reader = new Reader(1_000);
  const writer = new LineWriter(reader.write, 1_000, dropped);
  reader.broken = true;
  for (const line of ["a", "b"]) writer.write(line);
  await writer.flush();
  writer.write("c");
  await writer.flush();
  assertEquals([reader.text, reader.calls], ["", 2]);
  reader.broken = false;
  writer.write("d");
  await writer.flush();
  assertEquals(reader.text, "dropped 3\nd\n");
});

Deno.test("LineWriter.flush() resolves at once where nothing waits", async () => {
  await new LineWriter(new Reader(1).write, 10, dropped).flush();
});
