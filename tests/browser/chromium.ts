/**
 * Tests in a browser, and everything that it complains about.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Browser } from "playwright-core";
import { chromiumPath, NEEDS_CHROMIUM, openChromium } from "../../bench/chromium.ts";
import { processTest } from "../testing/permissions.ts";

/** Permissions beside those of all process tests: Playwright reads the environment, and asks for the system. */
const ALSO: readonly Deno.PermissionDescriptor[] = [{ name: "env" }, { name: "sys" }];

/** A browser of one test, and everything that it complained about. */
export interface Stage {
  readonly browser: Browser;
  /** One line each; any of them fails the test. */
  readonly complaints: string[];
}

/** A name that leads to this machine in the browser alone: pages under it have no secure context. */
export const OTHER_HOST = "chat.test";

const RESOLVER_RULES = `--host-resolver-rules=MAP ${OTHER_HOST} 127.0.0.1`;

/**
 * Registers a test in a browser. Without one it is ignored, with the reason in its name; where the variable CI is set,
 * it fails.
 */
export function browserTest(
  name: string,
  run: (stage: Stage, test: Deno.TestContext) => Promise<void>,
): void {
  const mayLook = [{ name: "env" }, { name: "read" }].every((each) =>
    Deno.permissions.querySync(each as Deno.PermissionDescriptor).state === "granted"
  );
  if (mayLook && chromiumPath() === undefined && !Deno.env.has("CI")) {
    return Deno.test({ name: `${name} (ignored: ${NEEDS_CHROMIUM})`, ignore: true, fn: () => {} });
  }
  processTest(name, async (test) => {
    const browser = await openBrowser();
    const complaints: string[] = [];
    try {
      await run({ browser, complaints }, test);
    } catch (error) {
      for (const complaint of complaints) console.error(complaint);
      await showWindows(browser);
      throw error;
    } finally {
      await browser.close();
    }
    assertEquals(complaints, [], "the browser complains");
  }, ALSO);
}

/**
 * Opens a browser without windows.
 *
 * @param args further words of its command line
 * @throws {Error} if there is none
 */
export async function openBrowser(...args: readonly string[]): Promise<Browser> {
  return await openChromium(RESOLVER_RULES, ...args);
}

/** Prints the texts of all windows, as people read them. */
export async function showWindows(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    console.error(`${page.url()}:\n${await page.locator("body").ariaSnapshot().catch(String)}`);
  }
}
