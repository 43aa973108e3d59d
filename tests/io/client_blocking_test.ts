import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { Stage } from "./client_stage.ts";

processTest("scripts block, list and accept people, and hear that a message was not accepted", async () => {
  await using stage = await Stage.set("alice", "bob");
  const alice = async (lines: string): Promise<readonly unknown[]> => {
    const { code, stdout, stderr } = await stage.run(lines, "run", "-", "--json", "--user", "alice");
    assertEquals(code, 0, stderr);
    return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  };
  assertEquals(await alice("/blocked\n/block bob\n/block bob\n/blocked\n"), [
    { event: "blocked", names: [] },
    { event: "blocked", names: ["bob"] },
  ]);
  const refused = await stage.run("", "send", "alice", "hello", "--user", "bob");
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /to alice was not sent: alice does not accept your messages; nothing was sent/);
  assertEquals(await alice("/unblock bob\n/blocked\n"), [{ event: "blocked", names: [] }]);
  assertEquals((await stage.run("", "send", "alice", "hello", "--user", "bob")).code, 0);
});
