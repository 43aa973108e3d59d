import { assertEquals, assertStringIncludes } from "@std/assert";
import { dummyHash, hashCost, hashDamage } from "../../../server/core/accounts/bcrypt_hash.ts";

const REST = "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

Deno.test("hashDamage() accepts the hashes of all costs in use, whatever the version letter", () => {
  for (const version of ["2a", "2b", "2y"]) {
    for (const cost of ["04", "10", "14"]) assertEquals(hashDamage(`$${version}$${cost}$${REST}`), undefined);
  }
});

Deno.test("hashDamage() says what is wrong with anything else", () => {
  for (
    const text of ["", "secret", `$2b$10$${REST}x`, `$2x$10$${REST}`, `$2b$1$${REST}`, `$2b$10$${REST}\n`]
  ) {
    assertStringIncludes(hashDamage(text) ?? "", `it has ${text.length}`);
  }
  for (const cost of ["03", "15", "31", "99"]) {
    assertStringIncludes(
      hashDamage(`$2b$${cost}$${REST}`) ?? "",
      `its cost is ${Number(cost)} and the limits`,
    );
  }
});

Deno.test("dummyHash() is a bcrypt hash of its cost", () => {
  for (const cost of [4, 10, 14]) {
    assertEquals(hashDamage(dummyHash(cost)), undefined);
    assertEquals(hashCost(dummyHash(cost)), cost);
  }
});
