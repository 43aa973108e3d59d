/**
 * A node that serves the page, and a person whose page knows two long chats.
 *
 * @module
 */

import type { Browser } from "playwright-core";
import { Client, PASSWORD } from "./client.ts";
import { PageWindow, type Place } from "./page_window.ts";
import { CHEAP_ACCOUNTS } from "./subject.ts";
import { startWebServer, type WebServer } from "./web_server.ts";

/** Messages of each of the two chats. */
export const CHAT_MESSAGES = 10_000;

/** The person at the page, and somebody who never writes to them. */
const PERSON = "alice";
const SILENT = "dave";

/** Those who write to the person. */
export const WRITERS = ["bob", "carol"] as const;
type Writer = typeof WRITERS[number];

/** Messages on their way at once: the page must keep up, or its node lets it go. */
const AT_ONCE = 500;

/** Interval of looks at the page, ms, and how often it is looked at before it counts as stuck. */
const LOOK_MS = 50;
const LOOKS_MAX = 1_200;

const WORDS = "it rained all morning, so we stayed at home and read the old letters of our great uncle aloud";

/** Text of a message: about a hundred characters, each another one. */
function textOf(writer: Writer, number: number): string {
  return `${writer} ${number}: ${WORDS}`;
}

/** Expression of the page that is true while its newest message of a writer is in view. */
export function showsNewest(writer: Writer): string {
  const text = `${writer} ${CHAT_MESSAGES - 1}: `;
  return `(() => {
    const history = document.querySelector("#history");
    const last = history?.querySelector(":scope > [data-id]:last-of-type");
    return last?.querySelector(".text").textContent.startsWith("${text}") &&
      last.getBoundingClientRect().bottom <= history.getBoundingClientRect().bottom + 1;
  })()`;
}

/** Expression of the page that is true while the chat of a writer is open at its first unread message. */
export function showsUnread(writer: Writer): string {
  return `document.querySelector("#screen-name")?.textContent === "${writer}" &&
    document.querySelector("#unread") !== null`;
}

/** Selector of a writer's row in the list of chats. */
export function rowOf(writer: Writer): string {
  return `.row-link[href="#/chat/${writer}"]`;
}

/** The node. */
export class PageStage {
  private constructor(readonly web: WebServer) {}

  /** Starts it, with its accounts. @param data folder for the server's data */
  static async start(data: string): Promise<PageStage> {
    const stage = new PageStage(await startWebServer({ data, settings: CHEAP_ACCOUNTS }));
    for (const name of [PERSON, ...WRITERS, SILENT]) await stage.#as(name, () => Promise.resolve());
    return stage;
  }

  /** Address of the page. */
  get address(): string {
    return `http://127.0.0.1:${this.web.webPort}/`;
  }

  /** The page of somebody who has to log in. */
  get login(): Place {
    return { address: this.address, isUsable: `document.querySelector("#login-name") !== null` };
  }

  /** The page of the person, in the chat with a writer. */
  chatWith(writer: Writer): Place {
    return {
      address: `${this.address}#/chat/${writer}`,
      isUsable: `document.querySelector("#composer") !== null && ${showsNewest(writer)}`,
    };
  }

  /** Logs the person in, and opens all their chats before the first message: nothing of them is missing later. */
  async enter(browser: Browser): Promise<PageWindow> {
    const window = await PageWindow.open(browser, this.login);
    const { page } = window;
    await page.fill("#login-name", PERSON);
    await page.fill("#login-password", PASSWORD);
    await page.press("#login-password", "Enter");
    await page.locator("#find").waitFor();
    // Messages of the chat that is open would be read at once.
    for (const name of [...WRITERS, SILENT]) {
      await page.goto(`${this.address}#/chat/${name}`);
      await page.locator("#history > .note").filter({ hasText: name }).waitFor();
    }
    return window;
  }

  /** Fills the chats of the person while their page looks on. Resolves once it has all messages. */
  async write(window: PageWindow): Promise<void> {
    let sent = 0;
    for (const writer of WRITERS) {
      await this.#as(writer, async (client) => {
        for (let first = 0; first < CHAT_MESSAGES; first += AT_ONCE) {
          const numbers = Array.from({ length: AT_ONCE }, (_, i) => first + i);
          await Promise.all(numbers.map((number) => {
            const payload = { to: PERSON, content: textOf(writer, number) };
            return client.ask({ name: "sendMessage", payload }, "sent");
          }));
          await unread(window, sent += AT_ONCE);
        }
      });
    }
  }

  /** Marks everything as read, at another device of the person. Resolves once the page knows. */
  async read(window: PageWindow): Promise<void> {
    await this.#as(PERSON, async (client) => {
      for (const name of WRITERS) await client.ask({ name: "readMessages", payload: { with: name } }, "ok");
    });
    await unread(window, 0);
  }

  /** Ends the node. */
  async stop(): Promise<void> {
    await this.web.server.stop();
  }

  async #as(name: string, act: (client: Client) => Promise<void>): Promise<void> {
    const client = await Client.loggedIn(this.web.server.port, name);
    await act(client);
    client.close();
  }
}

/** Waits until the title of the page counts so many unread messages. */
async function unread({ page }: PageWindow, count: number): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if (Number((await page.title()).replace(/\D/g, "")) === count) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`the page does not count ${count} unread messages; its title is ${await page.title()}`);
}
