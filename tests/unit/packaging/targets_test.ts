import { assertEquals } from "@std/assert";
import { isTarget, localName, releasedName, targetProblem, TARGETS } from "../../../packaging/targets.ts";

Deno.test("isTarget() knows the five platforms and nothing else", () => {
  assertEquals(TARGETS.length, 5);
  for (const target of TARGETS) assertEquals(isTarget(target), true);
  for (const name of ["", "linux", "X86_64-UNKNOWN-LINUX-GNU", "x86_64-unknown-linux-musl", "toString"]) {
    assertEquals(isTarget(name), false, name);
  }
});

Deno.test("targetProblem() names the targets, and the one that was meant", () => {
  const targets = TARGETS.join(", ");
  assertEquals(
    targetProblem("x86_64-unknown-linux-gnuu"),
    `x86_64-unknown-linux-gnuu is no target; the targets are ${targets}; did you mean "x86_64-unknown-linux-gnu"?`,
  );
  assertEquals(targetProblem("plan9"), `plan9 is no target; the targets are ${targets}`);
});

Deno.test("releasedName() has the version and the target, and the ending that Windows needs", () => {
  assertEquals(TARGETS.map((target) => releasedName("chat-server", "1.2.3", target)), [
    "chat-server-1.2.3-x86_64-unknown-linux-gnu",
    "chat-server-1.2.3-aarch64-unknown-linux-gnu",
    "chat-server-1.2.3-x86_64-apple-darwin",
    "chat-server-1.2.3-aarch64-apple-darwin",
    "chat-server-1.2.3-x86_64-pc-windows-msvc.exe",
  ]);
});

Deno.test("localName() is the name of the program, and the ending that Windows needs", () => {
  assertEquals(localName("chat-client", "aarch64-apple-darwin"), "chat-client");
  assertEquals(localName("chat-client", "x86_64-pc-windows-msvc"), "chat-client.exe");
});
