import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { blockText, isWithin, parseBlock } from "../../../server/core/address_block.ts";
import { addressBytes, addressText } from "../../../server/core/address_bytes.ts";

Deno.test("addressText() writes the address of any 16 bytes, and addressBytes() reads it", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
    assertEquals(addressBytes(addressText(bytes)), bytes);
  }));
  // Runs of zeros are rare among random bytes.
  fc.assert(fc.property(fc.array(fc.constantFrom(0, 0, 1), { minLength: 16, maxLength: 16 }), (bytes) => {
    assertEquals(addressBytes(addressText(Uint8Array.from(bytes))), Uint8Array.from(bytes));
  }));
});

Deno.test("addressText() shortens IPv6 addresses as RFC 5952 does, and writes mapped ones as IPv4", () => {
  for (
    const [given, text] of [
      ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
      ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
      ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
      ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["0:0:0:0:0:0:0:0", "::"],
      ["::1", "::1"],
      ["1::", "1::"],
      ["::ffff:192.0.2.1", "192.0.2.1"],
      ["::ffff:c000:0201", "192.0.2.1"],
      ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
      ["fe80::1%eth0", "fe80::1"],
      ["192.0.2.1", "192.0.2.1"],
    ] as const
  ) assertEquals(addressText(addressBytes(given) ?? new Uint8Array()), text, given);
});

Deno.test("addressBytes() is undefined for everything that is no address", () => {
  const texts = [
    "",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4 ",
    "localhost",
    ":",
    ":::",
    "1:2:3:4:5:6:7",
  ];
  texts.push(
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "12345::",
    "g::",
    "1:2:3:4:5:6:7::8",
    "1.2.3.4::",
    "::1.2.3",
    "::-1",
  );
  for (const text of texts) assertEquals(addressBytes(text), undefined, text);
  fc.assert(fc.property(fc.string(), (text) => {
    const bytes = addressBytes(text);
    assertEquals(bytes === undefined || bytes.length === 16, true);
  }));
});

Deno.test("isWithin() knows the addresses of a block, IPv4 and IPv6, and mapped ones as IPv4", () => {
  const blocks = ["10.1.0.0/16", "192.0.2.7", "2001:db8::/33", "198.51.100.128/25"].flatMap((text) =>
    parseBlock(text) ?? []
  );
  for (
    const inside of [
      "10.1.0.0",
      "10.1.255.255",
      "::ffff:10.1.2.3",
      "192.0.2.7",
      "2001:db8:7fff::1",
      "198.51.100.128",
    ]
  ) {
    assertEquals(isWithin(inside, blocks), true, inside);
  }
  for (
    const outside of [
      "10.0.255.255",
      "10.2.0.0",
      "192.0.2.6",
      "2001:db8:8000::1",
      "198.51.100.127",
      "",
      "::10.1.0.0",
    ]
  ) assertEquals(isWithin(outside, blocks), false, outside);
  assertEquals(isWithin("10.1.0.0", []), false);
  const [all, allIpv4] = [parseBlock("::/0"), parseBlock("0.0.0.0/0")];
  assertEquals(["::1", "1.2.3.4"].map((address) => isWithin(address, all ? [all] : [])), [true, true]);
  assertEquals(["::1", "1.2.3.4"].map((address) => isWithin(address, allIpv4 ? [allIpv4] : [])), [
    false,
    true,
  ]);
});

Deno.test("isWithin() is true exactly for addresses with the same first bits", () => {
  const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(fc.property(address, fc.nat(128), fc.nat(127), (bytes, bits, flipped) => {
    const block = parseBlock(`${addressText(bytes)}/${bits}`);
    // A mapped address is written as IPv4, where longer prefixes make no sense.
    if (block === undefined) return;
    const other = bytes.map((byte, at) => at === flipped >> 3 ? byte ^ 0x80 >> (flipped & 7) : byte);
    assertEquals(isWithin(addressText(other), [block]), flipped >= block.bits);
    assertEquals(isWithin(addressText(bytes), [block]), true);
  }));
});

Deno.test("parseBlock() refuses everything that is no block", () => {
  const texts = [
    "",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0/8",
    "2001:db8::/129",
    "10.0.0.0/8/8",
  ];
  for (const text of [...texts, "fe80::1%eth0", "proxy.example.org", "10.0.0.0/1e1", " 10.0.0.1"]) {
    assertEquals(parseBlock(text), undefined, text);
  }
});

Deno.test("blockText() is the canonical text of a block", () => {
  for (
    const [given, text] of [
      ["10.1.2.3/16", "10.1.0.0/16"],
      ["10.1.2.3/32", "10.1.2.3"],
      ["10.1.2.3", "10.1.2.3"],
      ["2001:DB8::1/32", "2001:db8::/32"],
      ["2001:db8:0:0::1", "2001:db8::1"],
      ["::/0", "::/0"],
      ["0.0.0.0/0", "0.0.0.0/0"],
      ["::ffff:10.0.0.1/104", "10.0.0.0/8"],
    ] as const
  ) {
    const block = parseBlock(given);
    assertEquals(block && blockText(block), text);
  }
});
