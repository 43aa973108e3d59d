/**
 * The page in the browser: builds the parts, and puts them together.
 *
 * @module
 */

import { render } from "preact";
import { RunningClient } from "../link/running_client.ts";
import { Browser } from "./browser.ts";
import { listenToKeys } from "./dom/keys.ts";
import { listenToWindow } from "./dom/window_events.ts";
import type { Action } from "./page/actions.ts";
import { newPage } from "./page/page.ts";
import { settingsOf } from "./page/settings.ts";
import { registerWorker } from "./register_worker.ts";
import { Shell } from "./shell.ts";
import { WebSocketTransport } from "./socket.ts";
import { Store } from "./store.ts";
import { formatsFor, localeOf } from "./texts/formats.ts";
import { App } from "./view/app.tsx";

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
    keep: (login) => browser.keepLogin(login, page.stays),
  },
  transport,
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

store.onLoggedOut(() => {
  // Another tab has logged out: nothing of the account may stay in this one.
  if (page.stays && page.model.account !== undefined) location.reload();
});
document.body.replaceChildren();
listenToKeys(page, act);
listenToWindow(shell, transport);
void client.run(shell);
const left = kept && browser.outbox.left(kept.stays, kept.login.user);
if (kept !== undefined) client.dispatch({ kind: "start", user: kept.login.user, token: kept.login.token });
act({ kind: "went", hash: location.hash });
const { outboxes = [], chats: keptChats = undefined } = await left ?? {};
if (keptChats !== undefined) client.dispatch({ kind: "recall", kept: keptChats });
for (const saved of outboxes) client.dispatch({ kind: "restore", saved });
shell.lookForVersions(await registerWorker(() => act({ kind: "versionFound" })));
