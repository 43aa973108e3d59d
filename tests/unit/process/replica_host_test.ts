import { assertEquals } from "@std/assert";
import { State } from "../../../server/core/state.ts";
import { SegmentDamaged } from "../../../server/log/log_errors.ts";
import { forkKeeper } from "../../../server/process/fork_keeper.ts";
import { replicaHost } from "../../../server/process/replica_host.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

Deno.test("replicaHost() notes damage for the next start before the node halts, and nothing else", () => {
  const told: string[] = [];
  const clock = { wallMs: () => 5, monotonicMs: () => 0 };
  const log = (event: string): void => void told.push(event);
  const logger = { debug: log, info: log, warn: log, error: log };
  const state = new State();
  const host = replicaHost({
    state,
    origin: "node1#a",
    log: { readOnly: false },
    memory: { isShort: false, took: () => {} },
    clock,
    node: () => {
      throw new Error("no call of the node is expected");
    },
    residents: () => undefined,
    filled: () => {},
    ...forkKeeper(new MemoryFiles(), clock, state, logger),
    noteDamage: (problem) => told.push(`notes: ${problem}`),
    halt: ({ message }) => told.push(`halts: ${message}`),
  });
  const damage = new SegmentDamaged("log/00000002.jsonl", 300, "its checksum is wrong");
  host.halt(damage);
  host.halt(new Error("EIO: read log/00000002.jsonl"));
  assertEquals(told, [
    `notes: ${damage.message}`,
    `halts: ${damage.message}`,
    "halts: EIO: read log/00000002.jsonl",
  ]);
});
