import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { runProgram } from "./commands_harness.ts";

processTest("the console client registers with an invitation, and says what is wrong without", async () => {
  await using server = await ServerProcess.start({ configuration: { registration: "invite" } });
  const file = `${server.folder}/password`;
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  const register = (name: string, ...flags: readonly string[]): ReturnType<typeof runClient> =>
    runClient(
      "",
      "run",
      "-",
      "--user",
      name,
      "--register",
      "--password-file",
      file,
      ...flags,
      "--server",
      `127.0.0.1:${server.port}`,
    );
  const { stdout } = await runProgram("invite", `--data=${server.data}`);
  const code = stdout.trim();

  const without = await register("ann");
  assertEquals(without.code, 4);
  assertMatch(
    without.stderr,
    /!! a new account needs an invitation at this server; ask its operator for one/,
  );
  const wrong = await register("ann", "--invitation", "00ff");
  assertMatch(wrong.stderr, /!! no invitation has this code; compare it with the one that you got/);
  const invited = await register("ann", "--invitation", code);
  assertEquals([invited.code, invited.stderr.includes("!!")], [0, false], invited.stderr);
  const again = await register("ann", "--invitation", code);
  assertEquals([again.code, again.stderr.includes("!!")], [0, false], "whoever is there needs none");
  const used = await register("bob", "--invitation", code);
  assertMatch(used.stderr, /!! this invitation was used once, and holds for no more; ask the operator/);
});

processTest("the console client says that nobody can register at a closed node", async () => {
  await using server = await ServerProcess.start({ configuration: { registration: "closed" } });
  const file = `${server.folder}/password`;
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  const flags = ["--register", "--password-file", file, "--server", `127.0.0.1:${server.port}`];
  const { code, stderr } = await runClient("", "run", "-", "--user", "ann", ...flags);
  assertEquals(code, 1, stderr);
  assertMatch(
    stderr,
    /!! nobody can register at this server: its operator makes the accounts; ask them for one/,
  );
});
