import { assertEquals } from "@std/assert";
import bcrypt from "bcryptjs";
import { OriginalWindow } from "../testing/original_window.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { CommandFolder } from "./commands_harness.ts";

/** Passwords that nobody can choose here, by who has them in the original. */
const PASSWORDS = { ada: "x".repeat(100), bob: "ä".repeat(60), cy: "pw" };

processTest("people of the original log in with passwords that nobody can choose here", async () => {
  await using folder = await CommandFolder.make();
  const hashes = Object.entries(PASSWORDS).map(([name, password]) => [name, bcrypt.hashSync(password, 4)]);
  const file = await folder.write("user_accounts.json", JSON.stringify(Object.fromEntries(hashes)));
  assertEquals((await folder.import(file)).status, 0);
  // A hash of this cost is renewed at a login, unless the password could not be chosen.
  const configuration = { hashCost: 5 };
  await using server = await ServerProcess.start({ data: folder.data, configuration });
  for (const [name, password] of Object.entries(PASSWORDS)) {
    await using gui = new OriginalWindow(server.port, name);
    assertEquals(await gui.enterName(), 101);
    assertEquals(await gui.enterPassword(`y${password}`), 104);
    assertEquals(await gui.enterPassword(password), 103, name);
    await using client = await TestClient.login(server.port, name, password);
    assertEquals(
      await client.ask("changePassword", { old: password, new: "x".repeat(73) }).then(codeOf),
      "password-invalid",
    );
    assertEquals(
      await client.ask("changePassword", { old: password, new: "x".repeat(72) }).then(codeOf),
      "ok",
    );
  }
  await using gui = new OriginalWindow(server.port, "ada");
  assertEquals(await gui.enterName(), 101);
  assertEquals(await gui.enterPassword("x".repeat(71)), 104);
  assertEquals(await gui.enterPassword("x".repeat(72)), 103);
  assertEquals((await server.stop()).code, 0);
  const types = (await folder.lines()).map((line) => JSON.parse(line).type);
  const count = (type: string): number => types.filter((each) => each === type).length;
  // Only the short password was hashed anew; it is known by then that the other two are too long.
  assertEquals([count("passwordRehashed"), count("passwordChanged")], [1, 3]);
});

function codeOf(reply: { readonly name: string; readonly payload: unknown }): string {
  const { name, payload } = reply;
  return name === "error" ? (payload as { readonly code: string }).code : name;
}
