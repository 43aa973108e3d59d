import { assertEquals } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";

/** Chooses an item of the menu of the open chat. */
async function choose({ page }: Person, item: string): Promise<void> {
  await page.getByRole("button", { name: EN.chat.menu, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

scenarios("people who block each other", { count: 2 }, {
  "who is blocked writes in vain, and sees neither marks nor presence, until that ends": async (scene) => {
    const alice = await Person.register(scene, "alice", scene.nodes.address(1));
    const bob = await Person.register(scene, "bob", scene.nodes.address(2));
    await alice.chatWith("bob");
    await bob.chatWith("alice");
    await bob.say("before");
    await alice.sees("before");
    await bob.sees("before", "read");
    await bob.page.locator(".head-bar", { hasText: EN.lists.online }).waitFor();

    await choose(alice, EN.menu.block);
    await alice.page.locator(".told", { hasText: "bob is blocked." }).waitFor();
    await bob.page.locator(".head-bar", { hasText: EN.lists.offline }).waitFor();
    await bob.say("in vain");
    const failed = bob.messages("in vain");
    await failed.filter({ hasText: "Alice does not accept your messages" }).waitFor();
    await alice.say("you cannot answer");
    await bob.sees("you cannot answer");
    assertEquals(await alice.texts(), ["before", "you cannot answer"]);

    await alice.page.reload();
    await alice.isIn();
    await alice.page.goto(`${scene.nodes.address(1)}#/settings`);
    await alice.page.getByRole("group", { name: EN.settings.blocked }).getByRole("link", { name: "bob" })
      .click();
    await choose(alice, EN.menu.unblock);
    await alice.page.locator(".told", { hasText: "bob is not blocked any more." }).waitFor();
    await bob.page.locator(".head-bar", { hasText: EN.lists.online }).waitFor();
    await failed.getByRole("button", { name: EN.menu.retry }).click();
    await alice.sees("in vain");
    await bob.sees("in vain", "read");
  },
});
