/**
 * Everything that a browser keeps for a page.
 *
 * @module
 */

import type { Page } from "playwright-core";

/** Reads it in the page: a script, since its types are those of a browser. */
const READ = `(async () => {
  const opened = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const kept = [JSON.stringify(Object.entries(localStorage)), JSON.stringify(Object.entries(sessionStorage))];
  for (const { name } of await indexedDB.databases()) {
    const database = await opened(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      kept.push(JSON.stringify([await opened(objects.getAllKeys()), await opened(objects.getAll())]));
    }
    database.close();
  }
  return kept.join("\\n");
})()`;

/** The error of a script whose page loads again meanwhile. */
const LOADS_AGAIN = /Execution context was destroyed/;

/** Text of both storages and of all databases of a page. */
export async function storedText(page: Page): Promise<string> {
  while (true) {
    try {
      return String(await page.evaluate(READ));
    } catch (error) {
      if (!LOADS_AGAIN.test(String(error))) throw error;
      await page.waitForLoadState();
    }
  }
}
