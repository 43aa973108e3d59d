import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { wildcardMatches, wildcardPrefix } from "../../../common/wildcard.ts";
import { addressGroup, isLoopback } from "../../../server/core/address.ts";
import { entryKey, nodeOf } from "../../../server/core/entry.ts";
import { accountId, hex, RANDOM_BYTES, uuidOf } from "../../../server/core/identity.ts";
import { nextStamp, secondsStamp, stampAheadMs, stampMs, stampSeconds } from "../../../server/core/stamp.ts";
import { UUID_PATTERN } from "../../../common/protocol/shapes.ts";

Deno.test("nextStamp() follows a clock that runs and counts on while it does not", () => {
  assertEquals(nextStamp(0, 1_700_000_000_000.9), 1_700_000_000_000_000);
  assertEquals(nextStamp(5_000, 5), 5_001);
  assertEquals(nextStamp(5_000, 4), 5_001);
  assertEquals(nextStamp(5_000, -1e6), 5_001);
  assertEquals(nextStamp(5_000, 6), 6_000);
});

Deno.test("nextStamp() is always later than the one before, whatever the clock does", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: -1e12, max: 4e12, noNaN: true })), (clock) => {
    let last = 0;
    for (const wallMs of clock) {
      const next = nextStamp(last, wallMs);
      assertEquals(next > last && Number.isSafeInteger(next), true);
      last = next;
    }
  }));
});

Deno.test("stamps go to seconds and back without loss, until the year 2106", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 * 1_000_000 - 1 }), (stamp) => {
    assertEquals(secondsStamp(stampSeconds(stamp)), stamp);
  }));
  assertEquals(stampMs(1_500_000), 1_500);
});

Deno.test("stampAheadMs() counts from a minute on, which is as far as stamps follow those of others", () => {
  const ahead = [-5_000_000, 0, 60_000_000, 60_000_600, 120_000_000];
  assertEquals(ahead.map((each) => stampAheadMs(7_000 + each, 7.5)), [0, 0, 0, 60_001, 120_000]);
});

/** The reference implementation. */
function matchesByRegExp(pattern: string, text: string): boolean {
  const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

Deno.test("wildcardMatches() agrees with a regular expression", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      assertEquals(wildcardMatches(pattern, text), matchesByRegExp(pattern, text), `${pattern} ${text}`);
      if (wildcardMatches(pattern, text)) assertEquals(text.startsWith(wildcardPrefix(pattern)), true);
    }),
    { numRuns: 5_000, seed: 9 },
  );
});

Deno.test("wildcardMatches() is quick where backtracking would not be", () => {
  const startMs = performance.now();
  assertEquals(wildcardMatches("*a".repeat(120) + "b", "a".repeat(2_000)), false);
  assertEquals(performance.now() - startMs < 500, true);
});

Deno.test("isLoopback() knows this machine in all its forms", () => {
  const here = ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "localhost"];
  assertEquals(here.filter(isLoopback), here);
  assertEquals(["128.0.0.1", "10.0.0.1", "::2", "::ffff:10.0.0.1", "1127.0.0.1"].filter(isLoopback), []);
});

Deno.test("addressGroup() keeps IPv4 addresses apart and joins an IPv6 /64", () => {
  assertEquals(addressGroup("10.0.0.1"), "10.0.0.1");
  assertEquals(addressGroup("::ffff:10.0.0.1"), "10.0.0.1");
  assertEquals(addressGroup("::FFFF:10.0.0.1"), "10.0.0.1");
  const group = addressGroup("2001:db8:0:1::1");
  const same = [
    "2001:db8:0:1:ffff::",
    "2001:DB8:0:1::2",
    "2001:0db8:0000:0001:0:0:0:9",
    "2001:db8:0:1::1%eth0",
  ];
  assertEquals(same.map(addressGroup), same.map(() => group));
  assertNotEquals(addressGroup("2001:db8:0:2::1"), group);
  assertEquals(addressGroup("::1"), addressGroup("::2"));
  assertEquals(addressGroup("fe80::1%eth0"), addressGroup("fe80::2"));
});

Deno.test("entryKey() and nodeOf() name entries and nodes", () => {
  assertEquals(entryKey({ origin: "node1#abc", seq: 7, stamp: 9 }), "node1#abc/7");
  assertEquals(nodeOf("node.1-x#abc"), "node.1-x");
});

Deno.test("accountId() has nothing of a name but the first byte of its digest, in either case alike", () => {
  const asked: string[] = [];
  const digest = (text: string): string => {
    asked.push(text);
    return "5f00ff";
  };
  const random = new Uint8Array(RANDOM_BYTES.account).fill(0xab);
  assertEquals(accountId("Ada", digest, random), "5fababababababababab");
  assertEquals(asked, ["ada"]);
});

Deno.test("uuidOf() makes a version 4 UUID that keeps the other bits", () => {
  assertEquals(uuidOf(new Uint8Array(16)), "00000000-0000-4000-8000-000000000000");
  assertEquals(uuidOf(new Uint8Array(16).fill(0xff)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
    assertMatch(uuidOf(random), UUID_PATTERN);
    assertMatch(uuidOf(random), /^.{14}4.{4}[89ab]/);
  }));
  assertEquals(hex(Uint8Array.of(0, 1, 254)), "0001fe");
});
