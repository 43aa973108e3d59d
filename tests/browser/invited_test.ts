import { assert, assertEquals } from "@std/assert";
import { runProgram } from "../io/commands_harness.ts";
import { Person } from "./person.ts";
import { scenarios, type Scene } from "./scenarios.ts";

/** Makes an invitation; returns its code, and the address of the page with it. */
async function invite({ nodes }: Scene): Promise<{ readonly code: string; readonly link: string }> {
  const { stdout } = await runProgram("invite", `--data=${nodes.cluster.node(1).data}`);
  const [code, link] = stdout.trimEnd().split("\n");
  assert(code !== undefined && link !== undefined);
  return { code, link };
}

scenarios("invitations", { count: 1, configuration: { registration: "invite" } }, {
  "the link of an invitation opens the login, and its person is in": async (scene) => {
    const { code, link } = await invite(scene);
    const ann = await Person.at(scene, "ann", link);
    assertEquals(await ann.page.locator("#login-invitation").inputValue(), code);
    await ann.register();
  },

  "a code is asked for where it is needed, and a used one says so beside its field": async (scene) => {
    const { code } = await invite(scene);
    const bob = await Person.at(scene, "bob", scene.nodes.address(1));
    await bob.logIn();
    await bob.page.fill("#login-repeat", await bob.page.inputValue("#login-password"));
    const submit = bob.page.locator("form button[type=submit]");
    await submit.click();
    await bob.page.locator("#login-invitation-problem", { hasText: "needs an invitation" }).waitFor();
    assertEquals(await bob.page.evaluate("document.activeElement.id"), "login-invitation");
    await bob.page.fill("#login-invitation", code);
    await submit.click();
    await bob.isIn();

    const carol = await Person.at(scene, "carol", `${scene.nodes.address(1)}#/invite/${code}`);
    await carol.logIn();
    await carol.page.fill("#login-repeat", await carol.page.inputValue("#login-password"));
    await carol.page.locator("form button[type=submit]").click();
    await carol.page.locator("#login-invitation-problem", { hasText: "was used once" }).waitFor();
  },
});
