import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../../common/errors.ts";
import { addressText } from "../../../server/core/address_bytes.ts";
import { ProxyHeader } from "../../../server/net/proxy_header.ts";
import { proxied, proxyHeader } from "../../testing/proxy_headers.ts";

/** Feeds a header as a connection does, at most `step` bytes at a time; returns it and the bytes left over. */
function read(bytes: Uint8Array, step: number): { readonly header: ProxyHeader; readonly left: Uint8Array } {
  const header = new ProxyHeader();
  let at = 0;
  while (header.bytesNeeded > 0 && at < bytes.length) {
    const part = bytes.subarray(at, at + Math.min(step, header.bytesNeeded));
    header.push(part);
    at += part.length;
  }
  return { header, left: bytes.subarray(at) };
}

function problemOf(bytes: Uint8Array): string {
  return assertThrows(() => read(bytes, 1_000), ProtocolError).message;
}

Deno.test("ProxyHeader reads the client's address, however the bytes come, and none of what follows", () => {
  const address = fc.oneof(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((ipv4) =>
      Uint8Array.of(...new Uint8Array(10), 255, 255, ...ipv4)
    ),
  ).map(addressText);
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(address, bytes, bytes, fc.integer({ min: 1, max: 300 }), (client, fields, behind, step) => {
      const { header, left } = read(Uint8Array.of(...proxied(client, fields), ...behind), step);
      assertEquals([header.bytesNeeded, header.client, left], [0, client, behind]);
    }),
  );
});

Deno.test("ProxyHeader reads the example of the specification, byte by byte", () => {
  const { header, left } = read(
    Uint8Array.of(
      13,
      10,
      13,
      10,
      0,
      13,
      10,
      81,
      85,
      73,
      84,
      10,
      0x21,
      0x11,
      0,
      12,
      192,
      0,
      2,
      7,
      10,
      0,
      0,
      1,
      0,
      1,
      0,
      2,
      9,
    ),
    1,
  );
  assertEquals([header.client, left], ["192.0.2.7", Uint8Array.of(9)]);
});

Deno.test("ProxyHeader has no client where the proxy speaks for itself, or knows none", () => {
  for (const rest of [0, 12, 300]) {
    for (const [command, family] of [[0x20, 0x00], [0x20, 0x11], [0x20, 0x31], [0x21, 0x00]] as const) {
      const { header, left } = read(
        Uint8Array.of(...proxyHeader(command, family, new Uint8Array(rest)), 1, 2),
        7,
      );
      assertEquals([header.bytesNeeded, header.client, left], [0, undefined, Uint8Array.of(1, 2)]);
    }
  }
});

Deno.test("ProxyHeader refuses other versions, commands and families, and names them", () => {
  for (const command of [0x00, 0x11, 0x22, 0x31, 0xff]) {
    assertStringIncludes(
      problemOf(proxyHeader(command, 0x11, new Uint8Array(12))),
      `version and command 0x${command.toString(16).padStart(2, "0")}`,
    );
  }
  for (const family of [0x01, 0x10, 0x12, 0x22, 0x31, 0x32, 0xff]) {
    assertStringIncludes(
      problemOf(proxyHeader(0x21, family, new Uint8Array(300))),
      `address family 0x${family.toString(16).padStart(2, "0")}`,
    );
  }
});

Deno.test("ProxyHeader refuses a length that is too short for the addresses, or too long", () => {
  assertMatch(problemOf(proxyHeader(0x21, 0x11, new Uint8Array(11))), /announces 11 bytes.*have 12/);
  assertMatch(problemOf(proxyHeader(0x21, 0x21, new Uint8Array(35))), /announces 35 bytes.*have 36/);
  for (const command of [0x20, 0x21]) {
    assertMatch(
      problemOf(proxyHeader(command, 0x11, new Uint8Array(4_097))),
      /announces 4097 bytes and the limit is 4096/,
    );
    assertEquals(read(proxyHeader(command, 0x11, new Uint8Array(4_096)), 5_000).header.bytesNeeded, 0);
  }
});

Deno.test("ProxyHeader names version 1 as soon as it can only be that", () => {
  for (const text of ["P", "PROXY", "PROXY UNKNOWN\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n"]) {
    assertMatch(
      problemOf(new TextEncoder().encode(text).subarray(0, 16)),
      /PROXY header of version 1.*send-proxy-v2/,
    );
  }
});

Deno.test("ProxyHeader refuses other bytes at the first that differs", () => {
  const whole = proxied("192.0.2.7");
  for (let at = 0; at < 12; at++) {
    const begin = whole.slice(0, at + 1);
    begin[at] = (begin[at] ?? 0) ^ 0xff;
    assertMatch(problemOf(begin), /without a PROXY header/);
    const header = new ProxyHeader();
    header.push(whole.subarray(0, at));
    assert(header.bytesNeeded > 0);
  }
  assertMatch(problemOf(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 10)), /without a PROXY header/);
});

Deno.test("ProxyHeader takes any bytes without another error, and never needs more than it may have", () => {
  const whole = proxied("2001:db8::7", new Uint8Array(40));
  const mutated = fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) =>
    whole.map((old, index) => index === at ? byte : old)
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated),
      fc.integer({ min: 1, max: 60 }),
      (bytes, step) => {
        try {
          const { header } = read(bytes, step);
          assert(header.bytesNeeded >= 0 && header.bytesNeeded <= 16 + 4_096);
          if (header.bytesNeeded === 0) assertEquals(typeof (header.client ?? ""), "string");
        } catch (error) {
          assert(error instanceof ProtocolError, String(error));
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
