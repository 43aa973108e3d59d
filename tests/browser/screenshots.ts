/**
 * Makes pictures of the main screens of the page, wide and narrow, light and dark, in the folder `screenshots`.
 *
 * @module
 */

import { EN } from "../../client/web/texts/en.ts";
import { TestClient } from "../testing/test_client.ts";
import { openBrowser, type Stage } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { passwordOf, Person } from "./person.ts";

/** The folder, which git ignores. */
const FOLDER = "screenshots";

/** Sizes of windows, px. */
const SIZES = { wide: { width: 960, height: 620 }, narrow: { width: 360, height: 680 } } as const;

/** The person whose window it is. */
const NAME = "alice";

/** People who only are in the lists. */
const OTHERS = ["carol", "dan", "erin", "faraz", "grace", "heidi"];

/** The screens: the address of each, and what must be there before a picture is taken. */
const SCREENS = {
  chat: { hash: "#/chat/bob", shows: "#history [data-id]" },
  people: { hash: "#/people", shows: "li.row" },
  settings: { hash: "#/settings", shows: "fieldset" },
} as const;

/** The conversation: who writes, and what. */
const TALK: readonly (readonly ["bob" | "alice", string])[] = [
  ["bob", "Are we still on for Saturday?"],
  ["alice", "Yes! I have asked the others, four of us so far."],
  ["alice", "Could you bring the big pot?"],
  ["bob", "Sure. And the recipe is here: https://example.org/recipes/lentil-soup"],
  ["bob", "It says 40 minutes, but mine always takes an hour."],
  ["alice", "Then let us start at five.\nI bring bread and the cheese that you liked."],
  ["bob", "Perfect. See you at five!"],
  ["alice", "Until then"],
];

async function talk(port: number): Promise<void> {
  await using alice = await TestClient.login(port, NAME, passwordOf(NAME));
  await using bob = await TestClient.login(port, "bob");
  for (const [writer, content] of TALK) {
    const [client, to] = writer === "alice" ? [alice, "bob"] : [bob, "alice"];
    await client.expect("sendMessage", { to, content }, "sent");
  }
  for (const name of OTHERS) {
    await using other = await TestClient.login(port, name);
    if (name === "carol") {
      await other.expect("sendMessage", { to: NAME, content: "Photos from Sunday?" }, "sent");
    }
    if (name === "dan") {
      await other.expect("sendMessage", { to: NAME, content: "Thanks, that worked." }, "sent");
    }
  }
}

async function picturesOf(person: Person, address: string, size: keyof typeof SIZES): Promise<void> {
  const { page } = person;
  for (const [screen, { hash, shows }] of Object.entries(SCREENS)) {
    await page.goto(`${address}${hash}`);
    await page.locator(shows).first().waitFor();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await page.getByTitle(EN.chat.toBottom).click({ timeout: 500 }).catch(() => {});
    await page.mouse.move(0, 0);
    // Messages that are in view become read, and the line above them goes with a reload.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await page.reload();
    await page.locator(shows).first().waitFor();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await picture(person, `${screen}-${size}`);
  }
}

async function picture({ page }: Person, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
  }
}

async function main(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  await using nodes = await PageCluster.start();
  const address = nodes.address(1);
  const stage: Stage = { browser: await openBrowser(), complaints: [] };
  try {
    for (const size of ["wide", "narrow"] as const) {
      // A change of colours is drawn step by step otherwise.
      const options = { viewport: SIZES[size], reducedMotion: "reduce" } as const;
      const person = await Person.at(stage, NAME, address, options);
      await person.page.getByRole("button", { name: EN.login.submit }).waitFor();
      await picture(person, `login-${size}`);
      if (size === "wide") {
        await person.register();
        await talk(nodes.cluster.node(1).port);
      } else {
        await person.logIn();
        await person.isIn();
      }
      const bob = await Person.at(stage, "bob", address);
      await bob.logIn();
      await bob.isIn();
      await bob.page.goto(`${address}#/chat/alice`);
      await bob.sees("Until then");
      await picturesOf(person, address, size);
    }
  } finally {
    await stage.browser.close();
  }
  const screens = Object.keys(SCREENS).length + 1;
  console.log(`${screens * 4} pictures of ${screens} screens are in ${FOLDER}/`);
}

await main();
