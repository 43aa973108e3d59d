import { assertEquals } from "@std/assert";
import { VERSION } from "../../../common/version.ts";
import configuration from "../../../deno.json" with { type: "json" };

Deno.test("VERSION is the version of deno.json", () => {
  assertEquals(VERSION, configuration.version, "raise the version in common/version.ts and in deno.json");
});
