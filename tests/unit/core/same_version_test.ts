import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../../server/core/entry.ts";
import { advance, type Reached, type Version } from "../../../server/core/version.ts";
import { isSameVersion } from "../../../server/core/same_version.ts";
import { messageEntry } from "../log/log_harness.ts";

function versionOf(entries: readonly Entry[]): Version {
  const version = new Map<string, Reached>();
  for (const entry of entries) advance(version, entry);
  return version;
}

/** Entries of three origins, in an order that a log may have. */
const LOGS = fc.array(fc.constantFrom("node1#a", "node2#b", "node3#c"), { minLength: 3, maxLength: 40 }).map(
  (origins) => {
    const seqs = new Map<string, number>();
    return origins.map((origin) => {
      const seq = (seqs.get(origin) ?? 0) + 1;
      seqs.set(origin, seq);
      return messageEntry(seq, "", origin);
    });
  },
);

Deno.test("isSameVersion() trusts the same entries, whatever their order and content", () => {
  let checked = 0;
  fc.assert(fc.property(LOGS, (log) => {
    const byOrigin = log.toSorted((a, b) =>
      a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.seq - b.seq
    );
    assertEquals(isSameVersion(versionOf(log), versionOf(byOrigin)), true);
    checked++;
  }));
  console.log(`${checked} logs`);
});

Deno.test("isSameVersion() finds an entry that is missing, added, moved to another origin or made at another time", () => {
  let checked = 0;
  fc.assert(fc.property(LOGS, fc.nat(), (log, nat) => {
    const at = nat % log.length;
    const entry = log[at] as Entry;
    const changed = [
      log.slice(0, -1),
      log.toSpliced(at, 1),
      [...log, messageEntry(1, "", "node4#d")],
      log.with(at, { ...entry, stamp: entry.stamp - 1 }),
      log.map((each) => each.origin === entry.origin ? { ...each, origin: "node1#moved" } : each),
    ];
    for (const other of changed) {
      assertEquals(isSameVersion(versionOf(log), versionOf(other)), false);
      assertEquals(isSameVersion(versionOf(other), versionOf(log)), false);
      checked++;
    }
  }));
  console.log(`${checked} changed logs`);
});
