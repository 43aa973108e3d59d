import { assertEquals } from "@std/assert";
import { createHmac, randomBytes } from "node:crypto";
import { fingerprinter } from "../../../server/process/system_ports.ts";

/** RFC 4231, test cases 1 and 2: key, text, HMAC-SHA-256. */
const VECTORS = [
  ["0b".repeat(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b"],
  ["4a656665", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"],
] as const;

Deno.test("fingerprinter() makes the first 16 bytes of HMAC-SHA-256, also of many texts with one key", () => {
  for (const [key, text, expected] of VECTORS) assertEquals(fingerprinter(key)(text), expected);
  const key = randomBytes(32);
  const fingerprint = fingerprinter(key.toString("hex"));
  for (let length = 0; length < 200; length++) {
    const text = "ż🎉x".repeat(length);
    assertEquals(fingerprint(text), createHmac("sha256", key).update(text).digest("hex").slice(0, 32));
  }
});

Deno.test("fingerprinter() takes a key that is none without an error", () => {
  for (const key of ["", "no key", "0f".repeat(1_000), "ż"]) assertEquals(fingerprinter(key)("x").length, 32);
});
