import { assertEquals } from "@std/assert";
import { executableTarget } from "../../../packaging/compile/executable_format.ts";
import { TARGETS } from "../../../packaging/targets.ts";
import { elfHeader, executableHeader, machHeader, windowsHeader } from "../../testing/executable_headers.ts";

Deno.test("executableTarget() tells every platform by its first bytes", () => {
  for (const target of TARGETS) assertEquals(executableTarget(executableHeader(target)), target);
});

Deno.test("executableTarget() tells them in the middle of a buffer too", () => {
  for (const target of TARGETS) {
    const header = executableHeader(target);
    const buffer = new Uint8Array(header.length + 3);
    buffer.set(header, 3);
    assertEquals(executableTarget(buffer.subarray(3)), target);
  }
});

Deno.test("executableTarget() knows no executable of another machine", () => {
  const others = {
    "32-bit ELF, Intel 80386": elfHeader(3, 32),
    "32-bit ELF, ARM": elfHeader(40, 32),
    "ELF, RISC-V": elfHeader(243),
    "Mach-O, PowerPC 64": machHeader(0x01000012),
    "PE, 80386": windowsHeader(0x14c),
    "PE, ARM64": windowsHeader(0xaa64),
  };
  for (const [name, header] of Object.entries(others)) {
    assertEquals(executableTarget(header), undefined, name);
  }
});

Deno.test("executableTarget() knows no 32-bit Mach-O", () => {
  const header = executableHeader("aarch64-apple-darwin");
  new DataView(header.buffer).setUint32(0, 0xfeedface, true);
  assertEquals(executableTarget(header), undefined);
});

Deno.test("executableTarget() takes no file that ends within what tells its platform", () => {
  let looked = 0;
  for (const target of TARGETS) {
    const header = executableHeader(target);
    const needed = target.includes("windows") ? 134 : 64;
    for (let length = 0; length < needed; length++, looked++) {
      assertEquals(executableTarget(header.subarray(0, length)), undefined, `${length} bytes of ${target}`);
    }
    assertEquals(executableTarget(header.subarray(0, needed)), target);
  }
  console.log(`${looked} short files looked at`);
});

Deno.test("executableTarget() takes no garbage", () => {
  const texts = ["#!/bin/sh\nexec true\n", "MZ", "MZ and something that is no header of Windows", "\x7fELF"];
  for (const text of texts) {
    const file = new TextEncoder().encode(text.padEnd(1_024, "\n"));
    assertEquals(executableTarget(file), undefined, text);
  }
  assertEquals(executableTarget(new Uint8Array(1_024).fill(0xff)), undefined);
  assertEquals(executableTarget(new Uint8Array(1_024)), undefined);
});

Deno.test("executableTarget() follows no address beyond the file", () => {
  const header = executableHeader("x86_64-pc-windows-msvc");
  for (const address of [251, 256, 0xffff_ffff]) {
    new DataView(header.buffer).setUint32(60, address, true);
    assertEquals(executableTarget(header), undefined, String(address));
  }
});
