/**
 * Events of the window that the page has to know.
 *
 * @module
 */

import type { Shell } from "../shell.ts";
import type { WebSocketTransport } from "../socket.ts";

/** Width under which lists and chat have no room beside each other, as in the style sheet. */
const NARROW = "(max-width: 45rem)";

/** Listens to what other tabs do, and tells the next page of this tab that it ends. */
export function listenToTabs(shell: Shell): void {
  addEventListener("storage", (event) => void shell.browser.follow(event, shell));
  addEventListener("pagehide", ({ persisted }) => {
    // One that is kept for the way back lives on.
    if (!persisted) shell.browser.outbox.end();
  });
}

/** Listens to the window. */
export function listenToWindow(shell: Shell, transport: WebSocketTransport): void {
  const narrow = matchMedia(NARROW);
  const narrowed = (): void => shell.act({ kind: "narrowed", isNarrow: narrow.matches });
  narrow.addEventListener("change", narrowed);
  narrowed();
  addEventListener("hashchange", () => shell.act({ kind: "went", hash: location.hash }));
  for (const event of ["focus", "blur"]) addEventListener(event, () => shell.attention());
  addEventListener("online", () => shell.client.hurry());
  document.addEventListener("visibilitychange", () => {
    shell.attention();
    if (document.visibilityState === "visible") shell.client.hurry();
  });
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
    const names = shell.browser.nodes.filter((node) => transport.forbid(node, blockedURI)).map(({ name }) =>
      name
    );
    if (names.length > 0) shell.act({ kind: "nodesAdded", names });
  });
  // A click on a notification of the service worker.
  const { serviceWorker } = navigator;
  if (serviceWorker !== undefined) {
    serviceWorker.onmessage = ({ data }: MessageEvent<{ readonly hash: string }>) =>
      location.hash = data.hash;
  }
}
