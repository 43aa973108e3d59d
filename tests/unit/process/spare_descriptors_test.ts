import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { SPARE_DESCRIPTORS, SpareDescriptors } from "../../../server/process/spare_descriptors.ts";
import { outOf } from "../../testing/out_of_descriptors.ts";

/** A process that may have so many descriptors, of which others hold some. */
class TestProcess {
  limit = 100;
  others = 0;
  open = 0;
  changes = 0;
  lacks = 0;
  readonly said: string[] = [];
  readonly spares = new SpareDescriptors({
    logger: {
      error: (event, fields) => this.said.push(`${event} ${fields?.["wayOut"]}`),
      info: (event: string) => this.said.push(event),
      warn: () => {},
      debug: () => {},
    },
    open: () => {
      if (this.open + this.others >= this.limit) throw outOf("EMFILE");
      this.open++;
      return { close: () => this.open-- };
    },
    onChange: () => this.changes++,
    onLack: () => this.lacks++,
  });

  get isFull(): boolean {
    return this.open + this.others >= this.limit;
  }
}

Deno.test("SpareDescriptors are put aside, given up when others have all, and put aside again", () => {
  const process = new TestProcess();
  const { spares } = process;
  spares.tick();
  assertEquals([process.open, spares.isShort, process.changes], [SPARE_DESCRIPTORS, false, 0]);
  process.others = 100 - SPARE_DESCRIPTORS;
  spares.tick();
  assertEquals([process.open, spares.isShort, process.changes, process.isFull], [0, true, 1, false]);
  process.others--;
  spares.tick();
  assertEquals([process.open, spares.isShort, process.changes], [SPARE_DESCRIPTORS, false, 2]);
});

Deno.test("SpareDescriptors are given up at an error that says so, of the process or the system", () => {
  for (const code of ["EMFILE", "ENFILE"] as const) {
    const process = new TestProcess();
    const { spares } = process;
    spares.look();
    assertEquals([spares.met(new Error("another")), process.open], [false, SPARE_DESCRIPTORS]);
    assertEquals([spares.met(outOf(code)), process.open, spares.isShort], [true, 0, true]);
    assertEquals(spares.met(outOf(code)), false, "there is nothing to give up any more");
  }
});

Deno.test("SpareDescriptors say once what is wrong until it is over for ten ticks", () => {
  const process = new TestProcess();
  for (let shortages = 0; shortages < 3; shortages++) {
    process.others = 100;
    process.spares.tick();
    process.others = 0;
    for (let i = 0; i < 9; i++) process.spares.tick();
  }
  assertEquals(process.said.length, 1);
  assertMatch(process.said[0] ?? "", /^outOfDescriptors .*ulimit -n.*LimitNOFILE.*limits.connections/);
  process.spares.tick();
  process.spares.tick();
  assertEquals(process.said.slice(1), ["descriptorsFree"]);
});

Deno.test("SpareDescriptors.onChange() is called every ten ticks of a shortage", () => {
  const process = new TestProcess();
  process.others = 100;
  for (let i = 0; i < 31; i++) process.spares.tick();
  assertEquals(process.changes, 4);
});

Deno.test("SpareDescriptors.onLack() is called every tick of a shortage, but not for one that is over by then", () => {
  const process = new TestProcess();
  process.spares.look();
  process.spares.met(outOf("ENFILE"));
  process.spares.tick();
  assertEquals([process.spares.isShort, process.lacks], [false, 0]);
  process.others = 100;
  for (let i = 0; i < 4; i++) process.spares.tick();
  assertEquals(process.lacks, 3);
});

Deno.test("SpareDescriptors.start() refuses a limit that leaves too few besides the spare ones", () => {
  const process = new TestProcess();
  process.limit = 28;
  process.spares.start();
  assertEquals([process.open, process.spares.isShort], [SPARE_DESCRIPTORS, false]);
  const smaller = new TestProcess();
  smaller.limit = 27;
  assertThrows(() => smaller.spares.start(), Error, "fewer than 28 further files and sockets");
  assertEquals(smaller.open, 0);
});

Deno.test("SpareDescriptors.areFree() gives the spare ones up if need be, and says if even that is not enough", () => {
  const process = new TestProcess();
  process.spares.look();
  assertEquals([process.spares.areFree(), process.open], [true, SPARE_DESCRIPTORS]);
  process.others = 100 - SPARE_DESCRIPTORS - 5;
  assertEquals([process.spares.areFree(), process.spares.isShort, process.open], [true, true, 0]);
  process.others = 95;
  assertEquals([process.spares.areFree(), process.open], [false, 0]);
});

Deno.test("SpareDescriptors do without where their folder cannot be opened", () => {
  const spares = new SpareDescriptors({
    logger: { error: () => {}, info: () => {}, warn: () => {}, debug: () => {} },
    open: () => {
      throw new Deno.errors.NotFound();
    },
    onChange: () => {},
    onLack: () => {},
  });
  spares.tick();
  assertEquals([spares.isShort, spares.areFree()], [false, true]);
});
