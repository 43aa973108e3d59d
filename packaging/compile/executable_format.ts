/**
 * Recognises the platform of an executable file by its first bytes.
 *
 * @module
 */

import type { Target } from "../targets.ts";

/** Number of bytes to read from a file. */
export const HEADER_BYTES = 1_024;

/** ELF: the machine is at offset 18 (System V ABI, "ELF header"). */
const ELF_MAGIC = 0x7f454c46;
const ELF_MACHINE_OFFSET = 18;
const ELF_MACHINES = new Map<number, Target>([
  [62, "x86_64-unknown-linux-gnu"],
  [183, "aarch64-unknown-linux-gnu"],
]);

/** Mach-O, 64 bits, little-endian: the CPU type is at offset 4 (`mach-o/loader.h`, `mach/machine.h`). */
const MACH_MAGIC = 0xcffaedfe;
const MACH_CPU_OFFSET = 4;
const MACH_CPUS = new Map<number, Target>([
  [0x01000007, "x86_64-apple-darwin"],
  [0x0100000c, "aarch64-apple-darwin"],
]);

/** PE: offset 60 holds the header's address; the machine is 4 bytes behind it ("PE Format", Microsoft). */
const DOS_MAGIC = 0x4d5a;
const PE_ADDRESS_OFFSET = 60;
const PE_MAGIC = 0x50450000;
const PE_MACHINES = new Map<number, Target>([[0x8664, "x86_64-pc-windows-msvc"]]);

/**
 * The platform of an executable; `undefined` if it is not in `TARGETS`, or the file is no executable.
 *
 * @param header the first `HEADER_BYTES` of the file, or all of it if it is shorter
 */
export function executableTarget(header: Uint8Array): Target | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.byteLength < PE_ADDRESS_OFFSET + 4) return undefined;
  const magic = view.getUint32(0);
  if (magic === ELF_MAGIC) return ELF_MACHINES.get(view.getUint16(ELF_MACHINE_OFFSET, true));
  if (magic === MACH_MAGIC) return MACH_CPUS.get(view.getUint32(MACH_CPU_OFFSET, true));
  return view.getUint16(0) === DOS_MAGIC ? windowsTarget(view) : undefined;
}

function windowsTarget(view: DataView): Target | undefined {
  const at = view.getUint32(PE_ADDRESS_OFFSET, true);
  if (at + 6 > view.byteLength || view.getUint32(at) !== PE_MAGIC) return undefined;
  return PE_MACHINES.get(view.getUint16(at + 4, true));
}

/**
 * Reads the bytes that `executableTarget` needs.
 *
 * @throws {Error} of the system, if the file cannot be read
 */
export async function readHeader(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const header = new Uint8Array(HEADER_BYTES);
  const length = await file.read(header) ?? 0;
  return header.subarray(0, length);
}
