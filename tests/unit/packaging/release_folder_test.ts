import { assertEquals } from "@std/assert";
import { isMadeHere } from "../../../packaging/release/release_folder.ts";
import { localName, releasedName, TARGETS } from "../../../packaging/targets.ts";
import { PROGRAMS } from "../../../packaging/programs.ts";

Deno.test("isMadeHere() knows the executables of every version, and what goes along with them", () => {
  let looked = 0;
  for (const { name } of PROGRAMS) {
    for (const target of TARGETS) {
      for (const version of ["0.9.0", "1.0.0", "12.34.56", "2.0.0-beta.1"]) {
        assertEquals(isMadeHere(releasedName(name, version, target)), true);
        looked++;
      }
      assertEquals(isMadeHere(localName(name, target)), true);
    }
  }
  for (const ending of [".tmp-51b5ccf0b76b3d9a", ".exe.tmp-51b5ccf0b76b3d9a", ".tmp51b5ccf0b76b3d9a"]) {
    assertEquals(isMadeHere(`chat-server${ending}`), true);
    assertEquals(isMadeHere(`chat-client-1.0.0-x86_64-pc-windows-msvc${ending}`), true);
  }
  assertEquals(isMadeHere("SHA256SUMS"), true);
  assertEquals(isMadeHere("THIRD_PARTY_NOTICES.txt"), true);
  console.log(`${looked} names looked at`);
});

Deno.test("isMadeHere() knows nothing else", () => {
  const others = [
    "notes.txt",
    "chat-server.log",
    "chat-server-1.0.0",
    "chat-server-1.0.0-x86_64-unknown-linux-musl",
    "my-chat-server",
    "chat-server.tmp",
    "chat-server.tmp-notes",
    "notes.tmp-51b5ccf0b76b3d9a",
    "SHA256SUMS.asc",
  ];
  for (const name of others) assertEquals(isMadeHere(name), false, name);
});
