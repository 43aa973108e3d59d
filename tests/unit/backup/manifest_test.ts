import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  encodeManifest,
  manifestOf,
  parseManifest,
  type StoredSegment,
} from "../../../server/backup/manifest.ts";

const SEGMENT: StoredSegment = {
  file: "segments/00000001-1.jsonl",
  bytes: 439,
  sha256: "ab".repeat(32),
  entries: 3,
  batch: 4,
  crc: "59598a17",
  reached: { "node1#5f2a9c01d3b4": 2, "node2#00112233aabb": 1 },
};

const HEAD = {
  cluster: "test",
  node: "node1",
  number: 7,
  time: "2026-01-31T18:00:00.000Z",
  program: "1.1.0",
};

Deno.test("parseManifest() reads what encodeManifest() writes, and the version vector is that of all segments", () => {
  const second = {
    ...SEGMENT,
    file: "segments/00000002-7.jsonl",
    batch: 9,
    reached: { "node1#5f2a9c01d3b4": 5 },
  };
  const manifest = manifestOf({ ...HEAD, segments: [SEGMENT, { ...second, sealedCrc: "00c0ffee" }] });
  assertEquals([manifest.batch, manifest.version], [9, { "node1#5f2a9c01d3b4": 5, "node2#00112233aabb": 1 }]);
  const bytes = encodeManifest(manifest);
  const { crc, ...json } = JSON.parse(new TextDecoder().decode(bytes));
  assertEquals(json, manifest);
  assertEquals(String(crc).length, 8);
  assertEquals(parseManifest(bytes), manifest);
});

Deno.test("parseManifest() says what is wrong with a manifest", () => {
  const problemOf = (manifest: unknown): string => {
    const problem = parseManifest(encodeManifest(manifest as ReturnType<typeof manifestOf>));
    assert(typeof problem === "string", JSON.stringify(problem));
    return problem;
  };
  const good = manifestOf({ ...HEAD, segments: [SEGMENT] });
  assertStringIncludes(problemOf({ ...good, format: 2 }), "it has format 2, and this version");
  const outside = { ...SEGMENT, file: "segments/../../secret.jsonl" };
  assertStringIncludes(
    problemOf({ ...good, segments: [outside] }),
    "it names the file segments/../../secret.jsonl",
  );
  assertStringIncludes(problemOf({ ...good, segments: [{ ...SEGMENT, bytes: 0 }] }), "with 0 bytes");
  assertEquals(problemOf({ ...good, segments: 5 }), "its checksum fits, but it is no manifest");
  assertEquals(parseManifest(new Uint8Array(0)), "it does not end in its checksum");
  const cut = encodeManifest(good).slice(0, -1);
  assertEquals(parseManifest(cut), "it does not end in its checksum");
});
