/**
 * Memory that a server holds: the rest after all garbage is collected. Resident memory alone depends on the
 * runtime's collections, which come late on a busy machine.
 *
 * @module
 */

import { INSPECT_FLAG, Inspector } from "../../bench/inspector.ts";
import { serverCommand, type ServerProcess } from "./server_process.ts";

const MIB = 1_048_576;

/** Bytes in use after a collection. */
export interface Held {
  /** Objects and buffers of the program. */
  readonly program: number;
  /** The whole process, with the runtime's own memory. */
  readonly process: number;
}

/** The server's command line with an inspector, which `HeldMemory` needs. */
export function inspectedServerCommand(): readonly string[] {
  const [runtime = "", run = "", ...others] = serverCommand();
  return [runtime, run, INSPECT_FLAG, ...others];
}

/** A view of one server's memory. `using` closes it. */
export class HeldMemory implements Disposable {
  private constructor(private readonly server: ServerProcess, private readonly inspector: Inspector) {}

  /** Opens a view of a server that runs by `inspectedServerCommand`. */
  static async open(server: ServerProcess): Promise<HeldMemory> {
    return new HeldMemory(server, await Inspector.open({ errors: () => server.stderr }));
  }

  /** Collects all garbage and measures the rest. */
  async measure(): Promise<Held> {
    // The second collection frees the objects that the first one finalizes.
    await this.inspector.usedHeapBytes();
    const heap = await this.inspector.usedHeapBytes();
    const external = Number(await this.inspector.evaluate("Deno.memoryUsage().external"));
    return { program: heap + external, process: await this.server.residentBytes() };
  }

  [Symbol.dispose](): void {
    this.inspector.close();
  }
}

/** The growth from one measurement to another. */
export function grown(from: Held, to: Held): Held {
  return { program: to.program - from.program, process: to.process - from.process };
}

/** A growth for people. */
export function shown({ program, process }: Held): string {
  return `${(program / MIB).toFixed(1)} MiB of the program, ${(process / MIB).toFixed(1)} MiB of the process`;
}
