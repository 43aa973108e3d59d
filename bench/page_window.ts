/**
 * A window of a browser whose documents have the clock: times as a person in front of it has them.
 *
 * @module
 */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { clockScript } from "./page_clock.ts";

/** Everything that a browser keeps for a person. */
export type Kept = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Size of the window, px. */
const VIEWPORT = { width: 1_280, height: 800 };

/** Pauses between keys, ms, one after the other: so many that keys come at every time between two frames. */
const PAUSES_MS = [83, 131, 97, 173, 109, 149, 89, 211, 127];

/** The typed text. */
const TEXT = "the quick brown fox jumps over the lazy dog ";

/** An address, and an expression of its document that is true once it is usable. */
export interface Place {
  readonly address: string;
  readonly isUsable: string;
}

/** A window. */
export class PageWindow {
  private constructor(readonly page: Page) {}

  /** Opens an address in a browser that knows nothing but what it keeps. */
  static async open(browser: Browser, { address, isUsable }: Place, kept?: Kept): Promise<PageWindow> {
    const options: BrowserContextOptions = kept === undefined ? {} : { storageState: kept };
    const context = await browser.newContext({ locale: "en-GB", viewport: VIEWPORT, ...options });
    const page = await context.newPage();
    await page.addInitScript(clockScript(isUsable));
    await page.goto(address);
    return new PageWindow(page);
  }

  /** Time from the address to the first frame in which its document is usable, ms. */
  async usableMs(): Promise<number> {
    return Number(await this.page.evaluate("clock.usableMs"));
  }

  /**
   * Clicks an element.
   *
   * @param isShown expression that is true once the outcome is in the document
   * @returns time from the click to the frame with its outcome, ms
   */
  async clickMs(selector: string, isShown: string): Promise<number> {
    const box = await this.page.locator(selector).boundingBox();
    if (box === null) throw new Error(`${selector} is not in view`);
    await this.page.evaluate(`clock.watchClick(() => ${isShown})`);
    // A click of Playwright itself looks at the page first, and listens to it meanwhile.
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    return Number(await this.page.evaluate("clock.openedMs"));
  }

  /** Types as people do, nearly eight keys a second; returns the times from each key to its frame, ms. */
  async typeMs(count: number): Promise<number[]> {
    await this.page.focus("#composer");
    await this.page.evaluate("clock.keysMs.length = 0");
    for (let i = 0; i < count; i++) {
      await this.page.keyboard.press(TEXT[i % TEXT.length] ?? " ");
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[i % PAUSES_MS.length]));
    }
    const times = await this.page.evaluate("clock.keysMs") as number[];
    if (times.length !== count) throw new Error(`${count} keys were typed, and ${times.length} came`);
    return times;
  }

  /** Heap of the document in use once all garbage is collected, bytes. */
  async heapBytes(): Promise<number> {
    const inspector = await this.page.context().newCDPSession(this.page);
    for (let i = 0; i < 2; i++) await inspector.send("HeapProfiler.collectGarbage");
    const { usedSize } = await inspector.send("Runtime.getHeapUsage");
    await inspector.detach();
    return usedSize;
  }

  /** Everything that the browser keeps for the person. */
  async kept(): Promise<Kept> {
    return await this.page.context().storageState();
  }

  /** Closes it, and forgets all that its browser knows. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}
