import { assertEquals } from "@std/assert";
import { toSyncFolder } from "../../../server/log/folder_sync.ts";

Deno.test("toSyncFolder() opens for writing on Windows, which syncs nothing else, and for reading elsewhere", () => {
  assertEquals(toSyncFolder("windows"), { write: true });
  assertEquals([toSyncFolder("linux"), toSyncFolder("darwin")], [{ read: true }, { read: true }]);
});
