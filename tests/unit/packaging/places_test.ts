import { assertEquals } from "@std/assert";
import { reasonOf } from "../../../packaging/compile/places.ts";

Deno.test("reasonOf() has what the system says, and nothing of the runtime's flags", () => {
  const refused = new Deno.errors.NotCapable("Requires all access, run again with the --allow-all flag");
  assertEquals(reasonOf(refused), "that is no place for files");
  assertEquals(reasonOf(new Deno.errors.PermissionDenied("Permission denied")), "Permission denied");
  assertEquals(reasonOf("no error"), "no error");
});
