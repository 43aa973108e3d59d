/**
 * The service worker: keeps the files of the page, and gives them where no node answers.
 *
 * @module
 */

/** An event of a service worker, as far as it is used here. */
interface WorkerEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface RequestEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface ClickEvent extends WorkerEvent {
  readonly notification: Notification;
}

/** A tab with the page. */
interface Tab {
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

declare const clients: {
  claim(): Promise<void>;
  matchAll(options: { readonly type: "window" }): Promise<readonly Tab[]>;
  openWindow(address: string): Promise<unknown>;
};
declare function skipWaiting(): Promise<void>;

/** The files of the page, as it asks for them. */
const FILES = ["./", "main.js", "style.css", "app.webmanifest", "icon.svg", "icon_unread.svg"];

/** Name of the cache; the ones before have other names. */
const CACHE = "page";

/** Time for a node to answer, ms; a copy is better than a longer wait. */
const ANSWER_MS = 3_000;

/** Status from which on an answer is that of a proxy without a node. */
const NO_NODE_STATUS = 500;

addEventListener("install", (event) => (event as WorkerEvent).waitUntil(install()));
addEventListener("activate", (event) => (event as WorkerEvent).waitUntil(clients.claim()));
addEventListener("fetch", (event) => answer(event as RequestEvent));
addEventListener("notificationclick", (event) => {
  const { notification } = event as ClickEvent;
  notification.close();
  (event as ClickEvent).waitUntil(open(notification));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
  await skipWaiting();
}

/** Answers requests for the files of the page; all others go their way. */
function answer(event: RequestEvent): void {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isFile = FILES.some((file) => new URL(file, location.href).pathname === pathname);
  if (request.method === "GET" && origin === location.origin && isFile) {
    event.respondWith(answerOf(event, `${origin}${pathname}`));
  }
}

/** The answer of a node, or the copy where none answers. */
async function answerOf(event: RequestEvent, address: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const asked = fetch(event.request).then((response) => {
    if (response.ok) event.waitUntil(cache.put(address, response.clone()));
    return response;
  });
  const response = await Promise.race([asked.catch(() => undefined), silence()]);
  if (response !== undefined && response.status < NO_NODE_STATUS) return response;
  return await cache.match(address) ?? await asked;
}

async function silence(): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
}

/** Opens the chat of a notification. */
async function open({ data }: Notification): Promise<void> {
  const { hash } = data as { readonly hash: string };
  const [tab] = await clients.matchAll({ type: "window" });
  if (tab === undefined) return void await clients.openWindow(`./${hash}`);
  await tab.focus();
  tab.postMessage({ kind: "open", hash });
}
