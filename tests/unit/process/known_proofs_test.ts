import { assertEquals, assertMatch } from "@std/assert";
import { markNew, readProven } from "../../../server/log/proven_names.ts";
import type { FileStore } from "../../../server/ports/files.ts";
import type { LogFields } from "../../../server/ports/outside.ts";
import { KnownProofs } from "../../../server/process/known_proofs.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

const PEERS = ["node2", "node3"].map((name) => ({ name, host: "127.0.0.1", port: 1 }));

/** A start of a node on a data folder, and its warnings. */
function start(files: FileStore, takesUnproven = false, peers = PEERS): [KnownProofs, LogFields[]] {
  const warnings: LogFields[] = [];
  const ignored = (): void => {};
  const logger = {
    debug: ignored,
    info: ignored,
    error: ignored,
    warn: (event: string, fields: LogFields = {}) => void warnings.push({ event, ...fields }),
  };
  return [new KnownProofs({ files, logger, takesUnproven }, peers), warnings];
}

/** A folder that an earlier version has begun. */
function oldFolder(): MemoryFiles {
  const files = new MemoryFiles();
  files.makeFolder("log");
  files.append("log/00000001.jsonl", new TextEncoder().encode("{}\n"));
  markNew(files);
  return files;
}

Deno.test("KnownProofs takes no unproven peer where this version has begun the data folder", () => {
  const files = new MemoryFiles();
  markNew(files);
  const [proofs, warnings] = start(files);
  assertEquals([proofs.takesUnproven("node2"), proofs.takesUnproven("node9")], [false, false]);
  assertEquals(warnings, []);
});

Deno.test("KnownProofs takes an unproven peer of an old folder until it has proved itself, for ever", () => {
  const files = oldFolder();
  const [proofs, warnings] = start(files);
  assertEquals([proofs.takesUnproven("node2"), proofs.takesUnproven("node2")], [true, true]);
  assertEquals(warnings.map(({ event, peer }) => [event, peer]), [["peerUnproven", "node2"]]);
  assertMatch(String(warnings[0]?.["reason"]), /whoever listens on its port .* can pose as it/);
  assertEquals(proofs.takesUnproven("node9"), false);
  proofs.proved("node2");
  assertEquals([proofs.takesUnproven("node2"), proofs.takesUnproven("node3")], [false, true]);
  const [later] = start(files);
  assertEquals([later.takesUnproven("node2"), later.takesUnproven("node3")], [false, true]);
});

Deno.test("KnownProofs wants a proof of peers that are configured once all others have given theirs", () => {
  const files = oldFolder();
  const [proofs] = start(files);
  proofs.proved("node3");
  proofs.proved("node2");
  proofs.reconfigure([...PEERS, { name: "node4", host: "127.0.0.1", port: 2 }]);
  assertEquals(proofs.takesUnproven("node4"), false);
  assertEquals([...readProven(files)], ["node3", "node2", "*"]);
});

Deno.test("KnownProofs takes unproven peers where the command line says so, and warns of it", () => {
  const files = new MemoryFiles();
  markNew(files);
  const [proofs, warnings] = start(files, true);
  assertEquals([proofs.takesUnproven("node2"), proofs.takesUnproven("node9")], [true, false]);
  assertMatch(String(warnings[0]?.["reason"]), /--unproven-peers/);
  const [strict] = start(files);
  assertEquals(strict.takesUnproven("node2"), false);
});

Deno.test("readProven() reads a name behind one that a crash has cut", () => {
  const files = oldFolder();
  const [proofs] = start(files, false, PEERS);
  files.append("proven", new TextEncoder().encode("\nnod"));
  proofs.proved("node2");
  assertEquals(readProven(files).has("node2"), true);
});
