/**
 * The browser of the measurements and of the tests: Chromium as Debian has it, or the one that `CHROMIUM` names.
 *
 * @module
 */

import type { Browser } from "playwright-core";

/** Where systems have it. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The way out where there is none. */
export const NEEDS_CHROMIUM = "needs Chromium: install it, or name it in CHROMIUM";

/** Path of Chromium; undefined if there is none. */
export function chromiumPath(): string | undefined {
  const named = Deno.env.get("CHROMIUM");
  return [...named === undefined ? [] : [named], ...PLACES].find(isFile);
}

/**
 * Opens Chromium without windows.
 *
 * @param args words of its command line
 * @throws {Error} if there is none
 */
export async function openChromium(...args: readonly string[]): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(`this ${NEEDS_CHROMIUM}`);
  // Not before: it looks at the environment while it loads.
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: ["--no-sandbox", ...args] });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
