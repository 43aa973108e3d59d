/**
 * A person with the page in a window of a browser. Everything that the browser complains about fails the test.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import type { Stage } from "./chromium.ts";

/** Time limit for something to appear, ms: the machine may be busy. */
const APPEARS_MS = 60_000;

/** Complaints about a node that is gone, which no page can prevent; 502 is that of a proxy. */
const NODE_GONE = new RegExp(
  [
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_SOCKET_NOT_CONNECTED",
    "closed before receiving a handshake",
    // The page calls an attempt off when another node was faster.
    "closed before the connection is established",
    "code: 502",
    "status of 502",
  ].join("|"),
);

/** Complaints about a header that has no meaning without a secure context. */
const NO_SECURE_CONTEXT =
  /Cross-Origin-Opener-Policy header has been ignored, because the URL's origin was untrust/;

/** A person with windows of their own, which are closed with the browser. */
export class Person {
  /** Number of complaints about a node that was gone. */
  refused = 0;

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly complaints: string[],
  ) {
    this.#listen(page);
  }

  /** Opens the page. */
  static async at(
    { browser, complaints }: Stage,
    name: string,
    address: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({ locale: "en-GB", ...options });
    context.setDefaultTimeout(APPEARS_MS);
    const person = new Person(name, context, await context.newPage(), complaints);
    await person.page.goto(address);
    return person;
  }

  /** Opens the page and makes an account. */
  static async register(
    stage: Stage,
    name: string,
    address: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const person = await Person.at(stage, name, address, options);
    await person.register();
    return person;
  }

  /** Makes an account. */
  async register(): Promise<void> {
    await this.logIn();
    await this.page.fill("#login-repeat", passwordOf(this.name));
    await this.page.getByRole("button", { name: EN.login.register }).click();
    await this.isIn();
  }

  /** Opens another window. */
  async open(address: string): Promise<Page> {
    const page = await this.context.newPage();
    this.#listen(page);
    await page.goto(address);
    return page;
  }

  /** Gives name and password. */
  async logIn(): Promise<void> {
    await this.page.fill("#login-name", this.name);
    await this.page.fill("#login-password", passwordOf(this.name));
    await this.page.getByRole("button", { name: EN.login.submit }).click();
  }

  /** Waits until the person is logged in. */
  async isIn(): Promise<void> {
    await this.page.locator("#find").waitFor();
  }

  /** Opens the chat with somebody, from wherever the person is. */
  async chatWith(name: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await this.page.fill("#find", name);
    await this.page.press("#find", "Enter");
    await this.page.locator("#screen-name", { hasText: name }).waitFor();
  }

  /** Sends a text in the open chat. */
  async say(text: string): Promise<void> {
    await this.page.fill("#composer", text);
    await this.page.press("#composer", "Enter");
  }

  /** The messages with that text in the open chat. */
  messages(text: string): Locator {
    return this.page.locator("#history > [data-id]").filter({ hasText: text });
  }

  /** Waits for a message with that text, and for a state of it if one is given. */
  async sees(text: string, state?: keyof typeof EN.message.states): Promise<void> {
    const message = this.messages(text);
    await message.waitFor();
    if (state !== undefined) {
      await message.locator(".state").filter({ hasText: EN.message.states[state] }).waitFor();
    }
  }

  /** Gives attention to a window, or takes it away: a browser without a screen gives it to all. */
  async attend(attends: boolean, page = this.page): Promise<void> {
    const event = attends ? "focus" : "blur";
    await page.evaluate(`document.hasFocus = () => ${attends}; dispatchEvent(new Event("${event}"))`);
  }

  /** The texts of the open chat, in their order. */
  async texts(): Promise<readonly string[]> {
    return await this.page.locator("#history > [data-id] .text").allInnerTexts();
  }

  /** Waits until the open chat has these texts alone, in this order: a node tells them page by page. */
  async hasTexts(expected: readonly string[]): Promise<void> {
    let seen: readonly string[] = [];
    await eventually("the texts are there", async () => {
      seen = await this.texts();
      return JSON.stringify(seen) === JSON.stringify(expected);
    }).catch(() => {});
    assertEquals(seen, expected);
  }

  /** Waits until a reload works without a node. */
  async hasWorker(): Promise<void> {
    await this.page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  }

  #listen(page: Page): void {
    page.on("pageerror", (error) => this.complaints.push(`${this.name}: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (NO_SECURE_CONTEXT.test(text)) return;
      if (NODE_GONE.test(text)) this.refused++;
      else this.complaints.push(`${this.name}: ${message.type()}: ${text}`);
    });
  }
}

/** The password of a person. */
export function passwordOf(name: string): string {
  return `password of ${name}`;
}
