/**
 * The smallest executable that prints a text: machine code made by hand, for 64-bit Linux on x86.
 *
 * @module
 */

import type { Target } from "../../packaging/targets.ts";

/** Its only platform. */
export const TINY_TARGET: Target = "x86_64-unknown-linux-gnu";

/** Address at which Linux maps the file. */
const ADDRESS = 0x400000;

/** The header of the file, and the one of its only segment (System V ABI, "ELF header", "Program header"). */
const FILE_HEADER_BYTES = 64;
const SEGMENT_HEADER_BYTES = 56;
const CODE_OFFSET = FILE_HEADER_BYTES + SEGMENT_HEADER_BYTES;

/** write(1, text, length), exit(0); the text's address is relative to the end of the third instruction. */
function machineCode(textBytes: number): Uint8Array {
  const code = [
    [0xb8, 1, 0, 0, 0], // mov eax, 1 (write)
    [0xbf, 1, 0, 0, 0], // mov edi, 1 (standard output)
    [0x48, 0x8d, 0x35, 16, 0, 0, 0], // lea rsi, [rip + 16]
    [0xba, textBytes, 0, 0, 0], // mov edx, textBytes
    [0x0f, 0x05], // syscall
    [0xb8, 60, 0, 0, 0], // mov eax, 60 (exit)
    [0x31, 0xff], // xor edi, edi
    [0x0f, 0x05], // syscall
  ];
  return new Uint8Array(code.flat());
}

/** An executable that prints a text for any arguments. @param text at most 255 bytes */
export function tinyExecutable(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const code = machineCode(bytes.length);
  const file = new Uint8Array(CODE_OFFSET + code.length + bytes.length);
  file.set(code, CODE_OFFSET);
  file.set(bytes, CODE_OFFSET + code.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // an executable
  view.setUint16(18, 62, true); // for x86-64
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(ADDRESS + CODE_OFFSET), true); // where it begins
  view.setBigUint64(32, BigInt(FILE_HEADER_BYTES), true); // where the segment's header is
  view.setUint16(52, FILE_HEADER_BYTES, true);
  view.setUint16(54, SEGMENT_HEADER_BYTES, true);
  view.setUint16(56, 1, true); // one segment
  view.setUint32(64, 1, true); // to be loaded
  view.setUint32(68, 5, true); // readable and executable
  view.setBigUint64(80, BigInt(ADDRESS), true);
  view.setBigUint64(88, BigInt(ADDRESS), true);
  view.setBigUint64(96, BigInt(file.length), true);
  view.setBigUint64(104, BigInt(file.length), true);
  view.setBigUint64(112, 0x1000n, true);
  return file;
}
