import { assertGreater, assertLess } from "@std/assert";
import { Inspector } from "../../bench/inspector.ts";
import { grown, HeldMemory, inspectedServerCommand, shown } from "../testing/held_memory.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";

const MIB = 1_048_576;

/** Code that takes about 30 MiB of objects and 30 MiB of buffers. */
const TAKE =
  "[Array.from({ length: 500_000 }, (_, number) => ({ number, text: `${number}` })), new Uint8Array(30 << 20)]";

processTest("HeldMemory.measure() counts the memory that a server keeps, and no garbage", async () => {
  await using server = await ServerProcess.start({ program: inspectedServerCommand() });
  using memory = await HeldMemory.open(server);
  const inspector = await Inspector.open({ errors: () => server.stderr });
  const growthBy = async (expression: string): Promise<number> => {
    const before = await memory.measure();
    await inspector.evaluate(expression);
    const growth = grown(before, await memory.measure());
    console.log(`${expression.slice(0, 20)}: ${shown(growth)}`);
    return growth.program;
  };
  assertLess(await growthBy(`${TAKE}.length`), MIB);
  assertGreater(await growthBy(`(globalThis.kept = ${TAKE}).length`), 50 * MIB);
  assertLess(await growthBy("delete globalThis.kept"), -50 * MIB);
  inspector.close();
});
