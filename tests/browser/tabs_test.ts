import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { passwordOf, Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";
import { storedText } from "./stored.ts";

/** Time after which every timer of a tab has kept what it keeps, ms. */
const KEPT_MS = 2_500;

/** Time limit for an open tab to find what another has left, ms: it looks from time to time. */
const TAKEN_MS = 60_000;

/** Tells a tab that another one has ended the login that was there before the present one. */
const LATE_LOGOUT = `dispatchEvent(
  new StorageEvent("storage", { storageArea: localStorage, key: "chat / login", newValue: null }),
)`;

/** Opens the menu of the person, and chooses its last item by keys, all at once. */
const LOG_OUT_BY_KEYS = `{
  document.querySelector(".owner").closest("button").click();
  for (const key of ["ArrowUp", "Enter"]) dispatchEvent(new KeyboardEvent("keydown", { key }));
}`;

async function logOut(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: EN.menu.person(name) }).click();
  await page.getByRole("menuitem", { name: EN.menu.logOut }).click();
}

async function logInAs(page: Page, name: string): Promise<void> {
  await page.fill("#login-name", name);
  await page.fill("#login-password", passwordOf(name));
  await page.getByRole("button", { name: EN.login.submit }).click();
}

async function isInAs(page: Page, name: string): Promise<void> {
  await page.locator(".owner .name", { hasText: name }).waitFor();
}

async function keptLater(page: Page): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
  return await storedText(page);
}

scenarios("several tabs of one browser", { count: 1 }, {
  "two accounts go on beside each other, and a log out ends its own alone": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "bob", address);
    const alice = await Person.at(scene, "alice", address);
    const other = await alice.open(address);
    await alice.register();
    await alice.chatWith("bob");
    await alice.page.fill("#composer", "a draft of alice");
    await eventually("the draft is kept", async () => (await storedText(other)).includes("a draft of alice"));
    await logInAs(other, "bob");
    await isInAs(other, "bob");
    await eventually(
      "alice has a login of her own",
      async () => await alice.page.evaluate("JSON.stringify(sessionStorage).includes('token')") === true,
    );
    await alice.page.reload();
    await isInAs(alice.page, "alice");
    await eventually(
      "the draft is back",
      async () => await alice.page.inputValue("#composer") === "a draft of alice",
    );
    await other.reload();
    await isInAs(other, "bob");
    assertEquals((await storedText(other)).includes("a draft of alice"), false);
    await logOut(other, "bob");
    await other.locator("#login-name").waitFor();
    assertEquals(/token|bob|draft/.test(await keptLater(other)), false, await storedText(other));
    await isInAs(alice.page, "alice");
    await alice.page.reload();
    await isInAs(alice.page, "alice");
    await alice.say("still there");
    await alice.sees("still there", "delivered");
    console.log("2 accounts, 3 reloads and a log out: each kept its own login and draft");
  },

  "a log out leaves no text in the browser, whichever tab was writing": async (scene) => {
    const address = scene.nodes.address(1);
    const carol = await Person.register(scene, "carol", address);
    await Person.register(scene, "dave", address);
    await carol.chatWith("dave");
    await carol.say("words of carol");
    await carol.sees("words of carol", "delivered");
    const other = await carol.open(`${address}#/chat/dave`);
    await other.locator("#composer").waitFor();
    await logOut(carol.page, "carol");
    await other.fill("#composer", "another text of carol", { timeout: 2_000 }).catch(() => {});
    for (const page of [carol.page, other]) await page.locator("#login-name").waitFor();
    const text = await keptLater(other);
    assertEquals(/token|carol/.test(text), false, text);
    console.log(`2 tabs, ${text.length} characters kept after the log out, none of the account`);
  },

  "a log out that a tab hears of late removes nothing of the login after it": async (scene) => {
    const address = scene.nodes.address(1);
    const mona = await Person.register(scene, "mona", address);
    const frozen = await mona.open(address);
    await isInAs(frozen, "mona");
    await mona.chatWith("mona");
    await mona.page.fill("#composer", "a draft of the new login");
    const isKept = async (): Promise<boolean> =>
      (await storedText(frozen)).includes("a draft of the new login");
    await eventually("it is kept", isKept);
    const loaded = frozen.waitForEvent("load");
    await frozen.evaluate(LATE_LOGOUT);
    await loaded;
    await isInAs(frozen, "mona");
    await mona.page.reload();
    await eventually(
      "the draft is back",
      async () => await mona.page.inputValue("#composer") === "a draft of the new login",
    );
  },

  "a start with a login that has ended elsewhere leaves no text in the browser": async (scene) => {
    const address = scene.nodes.address(1);
    const erin = await Person.register(scene, "erin", address);
    await erin.chatWith("bob");
    await erin.page.fill("#composer", "a draft of erin");
    await eventually("it is kept", async () => (await storedText(erin.page)).includes("a draft of erin"));
    await erin.page.goto("about:blank");
    const device = await Person.at(scene, "erin", address);
    await device.logIn();
    await device.isIn();
    await device.page.goto(`${address}#/settings`);
    await device.page.getByRole("button", { name: EN.dialogs.changePassword }).click();
    await device.page.fill("#password-old", passwordOf("erin"));
    await device.page.fill("#password-next", "another password");
    await device.page.fill("#password-repeat", "another password");
    await device.page.getByRole("dialog").getByRole("button", { name: EN.dialogs.change }).click();
    await device.page.getByRole("dialog").waitFor({ state: "detached" });
    await erin.page.goto(address);
    await erin.page.locator("#login-name").waitFor();
    const text = await keptLater(erin.page);
    assertEquals(/token|draft of erin/.test(text), false, text);
    console.log(`${text.length} characters kept after the refused start, none of the account`);
  },

  "a tab that starts leaves what waits in an open one, and sends what a closed one has left": async (
    scene,
  ) => {
    const { nodes } = scene;
    const address = nodes.address(1);
    const [node] = nodes.cluster.nodes;
    const frank = await Person.register(scene, "frank", address);
    const grace = await Person.register(scene, "grace", address);
    await frank.chatWith("grace");
    await grace.chatWith("frank");
    await frank.hasWorker();
    await node?.kill();
    await frank.say("withdrawn");
    await frank.sees("withdrawn", "queued");
    await frank.say("left behind");
    await frank.sees("left behind", "queued");
    const other = await frank.open(`${address}#/chat/grace`);
    await other.locator("#composer").waitFor();
    await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
    assertEquals(await other.locator("#history > [data-id]").count(), 0);
    const message = frank.messages("withdrawn");
    await message.hover();
    await message.getByRole("button", { name: EN.message.menu }).click();
    await frank.page.getByRole("menuitem", { name: EN.menu.discard }).click();
    await message.waitFor({ state: "detached" });
    await eventually("it is not kept", async () => !(await storedText(other)).includes("withdrawn"));
    assertStringIncludes(await storedText(other), "left behind");
    await frank.page.close();
    const third = await frank.open(`${address}#/chat/grace`);
    await third.locator("#history > [data-id]").filter({ hasText: "left behind" }).waitFor();
    await node?.start();
    await grace.sees("left behind");
    await grace.hasTexts(["left behind"]);
    console.log("3 tabs, 2 messages: the withdrawn one never sent, the one left behind sent once");
    await eventually("nothing waits", async () => !(await storedText(third)).includes('"status":"queued"'));
  },

  "a log out by keys, quicker than any frame, asks about what waits in another tab": async (scene) => {
    const { nodes } = scene;
    const [node] = nodes.cluster.nodes;
    const nora = await Person.register(scene, "nora", nodes.address(1));
    const other = await nora.open(nodes.address(1));
    await isInAs(other, "nora");
    await nora.chatWith("nora");
    await node?.kill();
    await nora.say("not sent yet");
    await eventually("it is kept", async () => (await storedText(other)).includes("not sent yet"));
    await other.evaluate(LOG_OUT_BY_KEYS);
    await other.getByRole("dialog", { name: EN.dialogs.logOut }).waitFor();
    assertStringIncludes(await other.getByRole("dialog").innerText(), EN.dialogs.logOutText(1));
    await node?.start();
  },

  "an open tab takes over what a tab has left that crashed, and sends it once": async (scene) => {
    const { nodes } = scene;
    const address = nodes.address(1);
    const [node] = nodes.cluster.nodes;
    const henry = await Person.register(scene, "henry", address);
    const iris = await Person.register(scene, "iris", address);
    await iris.chatWith("henry");
    await henry.chatWith("iris");
    const others = [await henry.open(`${address}#/chat/iris`), await henry.open(address)];
    for (const other of others) await isInAs(other, "henry");
    await node?.kill();
    await henry.say("left behind");
    await henry.sees("left behind", "queued");
    await henry.page.fill("#composer", "a draft of henry");
    const [first] = others;
    await eventually(
      "it is kept",
      async () => (await storedText(first as Page)).includes("a draft of henry"),
    );
    const crashed = new Promise((resolve) => henry.page.on("crash", resolve));
    const devtools = await henry.context.newCDPSession(henry.page);
    void devtools.send("Page.crash").catch(() => {});
    await crashed;
    const startMs = performance.now();
    await node?.start();
    await iris.messages("left behind").waitFor({ timeout: TAKEN_MS });
    console.log(`sent ${Math.round((performance.now() - startMs) / 1_000)} s after the crash`);
    await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
    assertEquals(await iris.texts(), ["left behind"]);
    await eventually(
      "nothing waits",
      async () => !(await storedText(first as Page)).includes('"status":"queued"'),
    );
    const text = await storedText(first as Page);
    assertEquals(text.split("a draft of henry").length - 1, 1, text);
    await others[1]?.goto(`${address}#/chat/iris`);
    await eventually("one of them has the draft", async () => {
      const drafts = await Promise.all(others.map((other) => other.inputValue("#composer")));
      return drafts.toSorted().join() === ",a draft of henry";
    });
  },

  "a draft that another tab has left is in the composer before the next key": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "olivia", address);
    const noah = await Person.register(scene, "noah", address);
    await noah.chatWith("olivia");
    const other = await noah.open(`${address}#/chat/olivia`);
    await other.fill("#composer", "the second");
    await noah.page.fill("#composer", "the first");
    await eventually("it is kept", async () => (await storedText(other)).includes("the first"));
    // A key may come before any frame.
    await other.evaluate("requestAnimationFrame = () => 0");
    await noah.page.close();
    const value = `document.querySelector("#composer").value`;
    await eventually(
      "both are there",
      async () => await other.evaluate(value) === "the first\nthe second",
      TAKEN_MS,
    );
  },

  "a tab that starts has the drafts that two others have left for one chat": async (scene) => {
    const address = `${scene.nodes.address(1)}#/chat/liam`;
    await Person.register(scene, "liam", scene.nodes.address(1));
    const kate = await Person.register(scene, "kate", scene.nodes.address(1));
    await kate.chatWith("liam");
    const other = await kate.open(address);
    await kate.page.fill("#composer", "the first draft");
    await other.fill("#composer", "the second draft");
    await eventually("both are kept", async () => {
      const text = await storedText(other);
      return text.includes("the first draft") && text.includes("the second draft");
    });
    for (const page of [kate.page, other]) await page.close();
    const third = await kate.open(address);
    await eventually("both are there", async () => {
      const lines = (await third.inputValue("#composer")).split("\n");
      return lines.toSorted().join() === "the first draft,the second draft";
    });
    await third.reload();
    await eventually(
      "they are there once",
      async () => (await third.inputValue("#composer")).split("\n").length === 2,
    );
  },
});
