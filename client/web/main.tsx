/**
 * The page in the browser: builds the parts, and puts them together.
 *
 * @module
 */

import { h, render } from "preact";
import { isOfLaterFormat } from "../core/saved.ts";
import { HANDLERS } from "../core/update.ts";
import { RunningClient } from "../link/running_client.ts";
import { Browser } from "./browser.ts";
import { listenToKeys } from "./dom/keys.ts";
import { listenToTabs, listenToWindow } from "./dom/window_events.ts";
import type { Action } from "./page/actions.ts";
import { isEntered, newPage } from "./page/page.ts";
import { settingsOf } from "./page/settings.ts";
import { registerWorker } from "./register_worker.ts";
import { Shell } from "./shell.ts";
import { WebSocketTransport } from "./socket.ts";
import { Store } from "./store.ts";
import { formatsFor, localeOf } from "./texts/formats.ts";
import { App } from "./view/app.tsx";

/** Interval of looks at what tabs have left that are gone, ms. */
const LOOK_MS = 10_000;

const base = new URL(".", location.href);
const store = new Store(base);
const known = store.nodes();
const kept = store.login();
const transport = new WebSocketTransport(base, known?.own);
const browser = new Browser(base, transport, store, (action) => act(action));
const others = known?.nodes.filter(({ name }) => name !== known.own).map((node) => transport.placeOf(node)) ??
  [];
const client = new RunningClient(
  { script: false, receives: true, creates: false, saves: true },
  {
    places: [transport.own, ...others.filter((place) => place !== undefined)],
    cluster: kept?.login.cluster,
    keep: (login) => store.keepLogin(login, page.stays),
  },
  transport,
  HANDLERS,
);
const page = newPage({
  model: client.model,
  formats: formatsFor(localeOf(navigator.languages)),
  settings: settingsOf(store.settings()),
  nowSeconds: Date.now() / 1_000,
  isTouch: matchMedia("(pointer: coarse)").matches,
  stays: kept?.stays ?? true,
  isPermitted: browser.attention.isPermitted,
});
const shell = new Shell(page, client, browser, () => render(<App page={page} act={act} />, document.body));

function act(action: Action): void {
  shell.act(action);
}

/** Puts an outbox back; false if the login has ended since the start, or if it is of a later version. */
function restore(saved: unknown): boolean {
  if (!isEntered(page)) return false;
  client.dispatch({ kind: "restore", saved });
  return !isOfLaterFormat(saved);
}

document.body.replaceChildren();
listenToKeys(page, act);
listenToWindow(shell, transport);
listenToTabs(shell);
void client.run(shell);
if (kept !== undefined) client.dispatch({ kind: "start", ...kept.login });
act({ kind: "went", hash: location.hash });
if (kept?.stays !== true) void browser.outbox.forgetStrangers(() => store.users);
const { user } = store;
if (user !== undefined) {
  const { stays } = page;
  const chats = stays ? browser.outbox.chats(user) : undefined;
  // The first formatter takes long: it is made while node and database are being reached.
  page.formats.time(page.nowSeconds);
  if (chats !== undefined) client.dispatch({ kind: "recall", kept: await chats });
  void browser.outbox.takeOver(user, stays, restore);
}
setInterval(() => {
  const { user } = store;
  if (user !== undefined && page.stays) void browser.outbox.takeLate(user, restore);
}, LOOK_MS);
shell.lookForVersions(await registerWorker(shell.started, () => act({ kind: "versionFound" })));
