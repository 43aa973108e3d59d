import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";

/** The service worker tells the page of a click on a notification. */
function click(hash: string): string {
  const data = JSON.stringify({ kind: "open", hash });
  return `navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: ${data} }))`;
}

async function logOut(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: EN.menu.person(name) }).click();
  await page.getByRole("menuitem", { name: EN.menu.logOut }).click();
  await page.locator("#login-name").waitFor();
  await isAtChats(page);
}

async function isAtChats(page: Page): Promise<void> {
  await eventually("the address is that of the chats", () => new URL(page.url()).hash === "#/");
}

async function opens(page: Page, name: string): Promise<void> {
  await page.locator("#screen-name", { hasText: name }).waitFor();
  await page.locator("#composer").waitFor();
}

scenarios("addresses of chats that are opened while nobody is logged in", { count: 1 }, {
  "lead to their chat after the login, by whichever way they came": async (scene) => {
    const address = scene.nodes.address(1);
    for (const name of ["bob", "carol"]) await Person.register(scene, name, address);
    const alice = await Person.register(scene, "alice", address);
    const { page } = alice;
    await alice.chatWith("bob");
    const ways = [`location.hash = "#/chat/carol"`, click("#/chat/carol")];
    for (const way of ways) {
      await logOut(page, "alice");
      await page.evaluate(way);
      await alice.logIn();
      await opens(page, "carol");
      await page.goBack();
      await page.goForward();
      await opens(page, "carol");
    }
    await logOut(page, "alice");
    await alice.logIn();
    await alice.isIn();
    await isAtChats(page);
    console.log(`${ways.length} ways to a chat while nobody was logged in`);
  },

  "lead a new account to their chat, too": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "dave", address);
    const erin = await Person.register(scene, "erin", address);
    await logOut(erin.page, "erin");
    await erin.page.evaluate(`location.hash = "#/chat/dave"`);
    await erin.page.fill("#login-name", "frank");
    await erin.page.fill("#login-password", "password of frank");
    await erin.page.getByRole("button", { name: EN.login.submit }).click();
    await erin.page.fill("#login-repeat", "password of frank");
    await erin.page.getByRole("button", { name: EN.login.register }).click();
    await opens(erin.page, "dave");
  },
});
