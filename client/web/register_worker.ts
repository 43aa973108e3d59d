/**
 * The service worker, as the page sees it.
 *
 * @module
 */

/** The file of the service worker, beside the page. */
const WORKER = "service_worker.js";

/** Policies for addresses of scripts, where the browser asks for one (https://www.w3.org/TR/trusted-types/). */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/**
 * Registers the service worker once the page has started and is drawn: it asks the node for all files again. Without a
 * secure context there is none, and the page goes on without.
 *
 * @param started resolves once the page has what it shows first
 * @param found a newer version of the page is there
 * @returns looks for a newer version
 */
export async function registerWorker(started: Promise<void>, found: () => void): Promise<() => void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return () => {};
  await started;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  try {
    const registration = await serviceWorker.register(addressOfWorker(), { updateViaCache: "none" });
    registration.addEventListener("updatefound", () => {
      if (serviceWorker.controller !== null) found();
    });
    return () => void registration.update().catch(() => {});
  } catch {
    // The browser does not want one here, or no node answers at present.
    return () => {};
  }
}

declare const trustedTypes: Policies | undefined;

function addressOfWorker(): string {
  if (typeof trustedTypes === "undefined") return WORKER;
  return trustedTypes.createPolicy("worker", { createScriptURL: () => WORKER }).createScriptURL(WORKER);
}
