/**
 * The first bytes of executables, made by hand: enough to tell the platform of a file.
 *
 * @module
 */

import type { Target } from "../../packaging/targets.ts";

/** Length of the headers, bytes. */
const BYTES = 256;

/** Offset of the header of the Windows format, named by the DOS header before it. */
const PE_OFFSET = 128;

/** The header of an executable for a platform. */
export function executableHeader(target: Target): Uint8Array<ArrayBuffer> {
  switch (target) {
    case "x86_64-unknown-linux-gnu":
      return elfHeader(62);
    case "aarch64-unknown-linux-gnu":
      return elfHeader(183);
    case "x86_64-apple-darwin":
      return machHeader(0x01000007);
    case "aarch64-apple-darwin":
      return machHeader(0x0100000c);
    case "x86_64-pc-windows-msvc":
      return windowsHeader(0x8664);
  }
}

/** ELF for Linux. @param bits 64, or 32 for old machines */
export function elfHeader(machine: number, bits: 32 | 64 = 64): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BYTES);
  header.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, 1, 1]);
  new DataView(header.buffer).setUint16(18, machine, true);
  return header;
}

/** Mach-O for macOS. */
export function machHeader(cpu: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0xfeedfacf, true);
  view.setUint32(4, cpu, true);
  return header;
}

/** PE for Windows. */
export function windowsHeader(machine: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BYTES);
  const view = new DataView(header.buffer);
  header.set([0x4d, 0x5a]);
  view.setUint32(60, PE_OFFSET, true);
  header.set([0x50, 0x45, 0, 0], PE_OFFSET);
  view.setUint16(PE_OFFSET + 4, machine, true);
  return header;
}
