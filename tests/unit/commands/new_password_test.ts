import { assertEquals, assertMatch } from "@std/assert";
import { madePassword } from "../../../server/commands/new_password.ts";

Deno.test("madePassword() makes groups of signs that cannot be confused, of all random bits", () => {
  assertEquals(madePassword(new Uint8Array(20)), "aaaaa-aaaaa-aaaaa-aaaaa");
  assertEquals(madePassword(Uint8Array.from({ length: 20 }, (_, i) => 31 - i)), "98765-432zy-xwvut-srqpn");
  const signs = new Set<string>();
  for (let byte = 0; byte < 256; byte++) signs.add(madePassword(new Uint8Array(20).fill(byte)).charAt(0));
  assertEquals(signs.size, 32);
  assertMatch([...signs].join(""), /^[a-km-np-z2-9]+$/);
});
