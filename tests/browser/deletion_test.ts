import { assertEquals, assertMatch } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { passwordOf, Person } from "./person.ts";
import { scenarios, type Scene } from "./scenarios.ts";
import { storedText } from "./stored.ts";

/** Deletes the message with that text in the open chat, by its menu. */
async function deleteMessage(person: Person, text: string, item: string): Promise<void> {
  const message = person.messages(text);
  await message.hover();
  await message.getByRole("button", { name: EN.message.menu }).click();
  await person.page.getByRole("menuitem", { name: item }).click();
  await person.page.getByRole("dialog").getByRole("button", { name: EN.dialogs.delete, exact: true }).click();
  await message.waitFor({ state: "detached" });
}

/** Two people who have the chat with each other open. */
async function pair(scene: Scene, [one, two]: readonly [string, string]): Promise<[Person, Person]> {
  const address = scene.nodes.address(1);
  const first = await Person.register(scene, one, address);
  const second = await Person.register(scene, two, address);
  await first.chatWith(two);
  await second.chatWith(one);
  return [first, second];
}

scenarios("things that go", { count: 1 }, {
  "a deleted message disappears at both ends, and from what the browsers keep": async (scene) => {
    const [alice, bob] = await pair(scene, ["alice", "bob"]);
    await alice.say("a secret that goes");
    await alice.say("this stays");
    await bob.sees("this stays");
    await bob.sees("a secret that goes");
    const keeps = async ({ page }: Person): Promise<boolean> =>
      (await storedText(page)).includes("a secret that goes");
    for (const person of [alice, bob]) await eventually("it is kept", () => keeps(person));
    await deleteMessage(alice, "a secret that goes", EN.menu.deleteForBoth);
    await bob.messages("a secret that goes").waitFor({ state: "detached" });
    const goneMs = performance.now();
    for (const person of [alice, bob]) {
      await eventually("it is kept no more", async () => !await keeps(person));
    }
    console.log(`gone from what both browsers keep after ${(performance.now() - goneMs).toFixed(0)} ms`);
    await alice.sees("this stays", "read");
    await deleteMessage(bob, "this stays", EN.menu.deleteForMe);
    for (const person of [alice, bob]) {
      await person.page.reload();
      await person.isIn();
      const text = await storedText(person.page);
      assertEquals(text.includes("a secret that goes"), false);
      assertEquals((await person.page.content()).includes("a secret that goes"), false);
    }
    await alice.sees("this stays");
    await bob.page.locator("#history .note", { hasText: EN.chat.begins("alice") }).waitFor();
    assertEquals(await bob.texts(), []);
  },

  "a deletion of the account asks for name and password, and takes everything along": async (scene) => {
    const [carol, dave] = await pair(scene, ["carol", "dave"]);
    await carol.say("words of carol");
    await dave.sees("words of carol");
    await carol.page.goto(`${scene.nodes.address(1)}#/settings`);
    await carol.page.getByRole("button", { name: EN.dialogs.deleteAccount }).click();
    const dialog = carol.page.getByRole("dialog");
    await carol.page.fill("#deletion-name", "dave");
    await carol.page.fill("#deletion-password", passwordOf("carol"));
    await dialog.getByRole("button", { name: EN.dialogs.deleteNow }).click();
    await dialog.getByText(EN.problems.otherName).waitFor();
    await carol.page.fill("#deletion-name", "carol");
    await carol.page.fill("#deletion-password", "not the password");
    await dialog.getByRole("button", { name: EN.dialogs.deleteNow }).click();
    await carol.page.locator("#deletion-password-problem", { hasText: /./ }).waitFor();
    await carol.page.fill("#deletion-password", passwordOf("carol"));
    await dialog.getByRole("button", { name: EN.dialogs.deleteNow }).click();
    await carol.page.locator("#login-name").waitFor();
    await dave.messages("words of carol").waitFor({ state: "detached" });
    await eventually(
      "nothing of the account is stored",
      async () => !/token|carol/.test(await storedText(carol.page)),
    );
    await carol.logIn();
    await carol.page.locator("#login-repeat").waitFor();
  },

  "a log out in one tab logs out all, and none of them keeps the login": async (scene) => {
    const address = scene.nodes.address(1);
    const erin = await Person.register(scene, "erin", address);
    const other = await erin.open(address);
    await other.locator("#find").waitFor();
    assertMatch(await storedText(other), /token/);
    await erin.page.getByRole("button", { name: EN.menu.person("erin") }).click();
    await erin.page.getByRole("menuitem", { name: EN.menu.logOut }).click();
    for (const page of [erin.page, other]) {
      await page.locator("#login-name").waitFor();
      await eventually("nothing is kept", async () => !/token|erin/.test(await storedText(page)));
    }
  },

  "a login that does not stay is kept in its tab alone": async (scene) => {
    const address = scene.nodes.address(1);
    const frank = await Person.at(scene, "frank", address);
    await frank.page.getByRole("checkbox").uncheck();
    await frank.register();
    assertEquals(await frank.page.evaluate("JSON.stringify(localStorage).includes('token')"), false);
    await frank.page.reload();
    await frank.isIn();
    const other = await frank.open(address);
    await other.locator("#login-name").waitFor();
  },
});

scenarios("two accounts of one name", { count: 2 }, {
  "a person who is renamed after a split is told the name, and everybody sees it": async (scene) => {
    const { nodes } = scene;
    const { cluster } = nodes;
    for (const node of cluster.nodes) for (const wire of cluster.wiresFrom(node)) wire.cut();
    await eventually("the nodes are apart", async () => {
      const statuses = await Promise.all(cluster.nodes.map((node) => node.status()));
      return statuses.every((status) => status?.peers.every(({ state }) => state !== "in sync"));
    });
    const first = await Person.register(scene, "grace", nodes.address(1));
    const second = await Person.register(scene, "grace", nodes.address(2));
    const heidi = await Person.register(scene, "heidi", nodes.address(2));
    await heidi.chatWith("grace");
    await heidi.say("to the grace of node2");
    await heidi.sees("to the grace of node2", "delivered");
    cluster.heal();
    await cluster.settled();
    const named = second.page.locator(".owner .name", { hasText: "grace~node2" });
    await named.waitFor();
    await second.page.getByText("grace~node2").first().waitFor();
    assertEquals(await first.page.locator(".owner .name").innerText(), "grace");
    // The chat follows its account, in the address too.
    await heidi.page.locator("#screen-name", { hasText: "grace~node2" }).waitFor();
    await eventually(
      "the address follows",
      () => decodeURIComponent(heidi.page.url()).endsWith("#/chat/grace~node2"),
    );
    await heidi.say("and to the same one");
    await second.chatWith("heidi");
    await second.sees("and to the same one");
    await second.hasTexts(["to the grace of node2", "and to the same one"]);
  },
});
