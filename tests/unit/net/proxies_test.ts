import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { Proxies } from "../../../server/net/proxies.ts";

Deno.test("Proxies.refuse() warns once for each kind of problem and configured block, whatever the values", () => {
  const warnings: unknown[] = [];
  const logger = {
    warn: (_event: string, fields?: object) => warnings.push(fields),
    error: () => {},
    info: () => {},
    debug: () => {},
  };
  const proxies = new Proxies(["10.0.0.0/8", "192.0.2.1"], DEFAULT_LIMITS, logger);
  for (let i = 0; i < 200; i++) {
    proxies.refuse(`10.0.0.${i}`, `its PROXY header announces ${5_000 + i} bytes and the limit is 4096`);
    proxies.refuse(`10.0.0.${i}`, `its PROXY header has the address family 0x${i.toString(16)}`);
  }
  assertEquals(warnings.length, 2);
  proxies.refuse("192.0.2.1", "its PROXY header announces 5000 bytes and the limit is 4096");
  proxies.refuse("10.0.0.1", "it begins without a PROXY header");
  assertEquals(warnings.length, 4);
});
