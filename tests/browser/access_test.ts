import { assertEquals, assertGreater } from "@std/assert";
import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { judge } from "./accessible.ts";
import { passwordOf, Person } from "./person.ts";
import { scenarios, type Scene } from "./scenarios.ts";

/** Opens the menu of a message. */
async function openMenu(person: Person, text: string): Promise<void> {
  await person.messages(text).hover();
  await person.messages(text).getByRole("button", { name: EN.message.menu }).click();
}

/** A way to a screen. */
type Screens = Readonly<Record<string, () => Promise<unknown>>>;

/** Every screen of somebody who is logged in, and has a chat with `other` with a message of each. */
function screensOf(person: Person, other: string, address: string): Screens {
  const { page, name } = person;
  const to = (hash: string) => async (): Promise<void> => {
    await page.keyboard.press("Escape");
    await page.goto(`${address}#/${hash}`);
  };
  const button = async (label: string): Promise<void> => {
    await to("settings")();
    await page.getByRole("button", { name: label }).click();
    await page.getByRole("dialog").waitFor();
  };
  return {
    "the chats": to(""),
    "a chat": async () => {
      await to(`chat/${other}`)();
      await person.sees("from here");
    },
    "the menu of a message": () => openMenu(person, "from here"),
    "the details of a message": () => page.getByRole("menuitem", { name: EN.menu.details }).click(),
    "the question before a message is deleted": async () => {
      await page.keyboard.press("Escape");
      await openMenu(person, "from here");
      await page.getByRole("menuitem", { name: EN.menu.deleteForBoth }).click();
    },
    "the people": to("people"),
    "a search": async () => {
      await to("search")();
      await page.fill("#words", "from");
      await page.press("#words", "Enter");
      await page.locator("ul.rows li").first().waitFor();
    },
    "a chat with nobody": async () => {
      await to("chat/nobody%20here")();
      await page.getByText(EN.chat.nobody("nobody here")).waitFor();
    },
    "the settings": to("settings"),
    "the change of the password": () => button(EN.dialogs.changePassword),
    "the deletion of the account": () => button(EN.dialogs.deleteAccount),
    "about": async () => {
      await to("about")();
      await page.locator("dl.facts").first().waitFor();
    },
    "the keys": () => page.keyboard.press("Control+/"),
    "the menu of the person": async () => {
      await to("")();
      await page.getByRole("button", { name: EN.menu.person(name) }).click();
    },
  };
}

/** Two people who have written to each other. */
async function talked(
  scene: Scene,
  one: string,
  other: string,
  options: Parameters<typeof Person.register>[3],
): Promise<[Person, Person]> {
  const address = scene.nodes.address(1);
  const first = await Person.register(scene, one, address, options);
  const second = await Person.register(scene, other, address);
  await first.chatWith(other);
  await first.page.fill("#composer", "from here");
  // Enter is a new line on touch screens.
  await first.page.press("#composer", "Control+Enter");
  await second.chatWith(one);
  await second.say("from there, see https://example.org/");
  await first.sees("from there");
  return [first, second];
}

scenarios("the page for everybody", { count: 1 }, {
  "axe finds nothing wrong on any screen, in both themes": async (scene) => {
    const address = scene.nodes.address(1);
    const [alice] = await talked(scene, "alice", "bob", { bypassCSP: true });
    let [screens, held] = [0, 0];
    const problems: string[] = [];
    const judgeBoth = async (page: Page, what: string): Promise<void> => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const judged = await judge(page);
        screens++;
        held += judged.held;
        problems.push(...judged.violations.map((line) => `${what}, ${colorScheme}: ${line}`));
      }
    };
    for (const [what, show] of Object.entries(screensOf(alice, "bob", address))) {
      await show();
      await judgeBoth(alice.page, what);
    }
    const carol = await Person.at(scene, "carol", address, { bypassCSP: true });
    await judgeBoth(carol.page, "the login");
    await carol.page.getByRole("button", { name: EN.login.submit }).click();
    await judgeBoth(carol.page, "the login with problems");
    await carol.logIn();
    await carol.page.locator("#login-repeat").waitFor();
    await judgeBoth(carol.page, "the registration");
    console.log(`${screens} screens looked at, ${held} rules held`);
    assertEquals(problems, []);
    assertGreater(held, 30 * 10);
  },

  "everything fits into 320 pixels, and targets are large enough for a finger": async (scene) => {
    const address = scene.nodes.address(1);
    const narrow = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
    const [dave, erin] = await talked(scene, "dave", "erin", narrow);
    await erin.say(`a long word: ${"x".repeat(300)}, and an address https://example.org/${"y".repeat(200)}`);
    await dave.sees("a long word");
    const problems: string[] = [];
    let looked = 0;
    for (const [what, show] of Object.entries(screensOf(dave, "erin", address))) {
      await show();
      const found = await dave.page.evaluate(FITS) as { looked: number; problems: readonly string[] };
      looked += found.looked;
      problems.push(...found.problems.map((problem) => `${what}: ${problem}`));
    }
    console.log(`${looked} elements looked at`);
    assertEquals(problems, []);
    // One column at a time, with a way back.
    await dave.page.goto(`${address}#/chat/erin`);
    await dave.page.locator("#find").waitFor({ state: "hidden" });
    await dave.page.getByRole("link", { name: EN.chat.back }).tap();
    await dave.page.locator("#find").waitFor();
    await dave.page.locator("#composer").waitFor({ state: "hidden" });
    await dave.page.locator("li.row a", { hasText: "erin" }).tap();
    // On a touch screen, Enter is a new line.
    await dave.page.locator("#composer").tap();
    await dave.page.keyboard.type("one");
    await dave.page.keyboard.press("Enter");
    await dave.page.keyboard.type("two");
    assertEquals(await dave.page.inputValue("#composer"), "one\ntwo");
    await dave.page.getByRole("button", { name: EN.chat.send }).tap();
    await erin.sees("one\ntwo");
  },

  "a whole conversation goes by the keyboard alone": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "frank", address);
    const grace = await Person.at(scene, "grace", address);
    const { page } = grace;
    const { keyboard } = page;
    const focused = async (): Promise<string> => String(await page.evaluate(FOCUSED));
    const hasFocus = async (what: string): Promise<void> => {
      await eventually(`${what} has the focus`, async () => await focused() === what);
    };
    await hasFocus("login-name");
    await keyboard.type("grace");
    await keyboard.press("Tab");
    await keyboard.type(passwordOf("grace"));
    await keyboard.press("Enter");
    await page.locator("#login-repeat").waitFor();
    for (let press = 0; await focused() !== "login-repeat" && press < 20; press++) {
      await keyboard.press("Tab");
    }
    await hasFocus("login-repeat");
    await keyboard.type(passwordOf("grace"));
    await keyboard.press("Enter");
    await grace.isIn();
    await keyboard.press("Control+k");
    await hasFocus("find");
    await keyboard.type("frank");
    await keyboard.press("Enter");
    await hasFocus("composer");
    for (const text of ["first", "second", "third"]) {
      await keyboard.type(text);
      await keyboard.press("Enter");
      await grace.sees(text, "delivered");
    }
    await keyboard.type("two");
    await keyboard.press("Shift+Enter");
    await keyboard.type("lines");
    await keyboard.press("Enter");
    await grace.sees("two\nlines");
    // Into the history, to a message, its menu and back.
    await keyboard.press("ArrowUp");
    await hasFocus("two lines");
    await keyboard.press("ArrowUp");
    await hasFocus("third");
    await keyboard.press("Home");
    await hasFocus("first");
    await keyboard.press("Enter");
    await hasFocus(EN.menu.copy);
    await keyboard.press("ArrowDown");
    await hasFocus(EN.menu.details);
    await keyboard.press("Enter");
    await page.getByRole("dialog", { name: EN.menu.details }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await hasFocus("first");
    await keyboard.press("Delete");
    await page.getByRole("dialog", { name: EN.dialogs.deleteForBoth }).waitFor();
    await hasFocus(EN.dialogs.cancel);
    await keyboard.press("Tab");
    await hasFocus(EN.dialogs.delete);
    await keyboard.press("Enter");
    await grace.messages("first").waitFor({ state: "detached" });
    await hasFocus("second");
    await keyboard.press("Escape");
    await hasFocus("composer");
    // The keys, another chat, the settings.
    await keyboard.press("Control+/");
    await page.getByRole("dialog", { name: EN.menu.keys }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await hasFocus("composer");
    await keyboard.press("Control+k");
    await hasFocus("find");
    await keyboard.type("grace");
    await keyboard.press("Enter");
    await hasFocus("composer");
    await keyboard.type("a note");
    await keyboard.press("Enter");
    await grace.sees("a note");
    await keyboard.press("Alt+ArrowDown");
    await page.locator("#screen-name", { hasText: "frank" }).waitFor();
    await page.evaluate("document.activeElement.blur()");
    let stops = 0;
    while (!(await focused()).includes(EN.menu.person("grace")) && stops < 40) {
      await keyboard.press("Tab");
      stops++;
    }
    await keyboard.press("Enter");
    await hasFocus(EN.menu.settings);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: EN.menu.settings }).waitFor();
    const people = await grace.open(`${address}#/people`);
    await people.locator("li.row", { hasText: "frank" }).waitFor();
    console.log(`four messages, one deleted, settings ${stops} stops away`);
  },
});

/** The element with the focus: its id, its text, or its name. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (["composer", "find", "login-name", "login-repeat"].includes(element.id)) return element.id;
  const name = element.getAttribute("aria-label") ?? (element.querySelector(".text") ?? element).innerText;
  return name.replace(/\\s+/g, " ").trim();
})()`;

/** Finds what is wider than the window, and targets that are too small for a finger. */
const FITS = `(() => {
  const problems = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) problems.push("the document is " + scrollWidth + " px wide");
  const elements = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility());
  const isHidden = (element) => element.closest(".hidden") !== null || element.closest("svg") !== null;
  for (const element of elements.filter((each) => !isHidden(each))) {
    const { left, right, width, height } = element.getBoundingClientRect();
    const name = element.tagName + "." + element.className + " " + element.innerText?.slice(0, 30);
    if (width > 0 && (right > innerWidth + 1 || left < -1)) problems.push(name + ": " + left + " to " + right);
    const isTarget = element.matches("button, a.row-link, a.tab, a.back, input:not([type=radio], [type=checkbox])");
    if (isTarget && height > 0 && height < 43.5) problems.push(name + ": " + height + " px high");
  }
  return { looked: elements.length, problems };
})()`;
