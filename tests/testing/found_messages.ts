/**
 * Searches of a client, which waits while the archive is busy.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { TestClient } from "./test_client.ts";

/** Time for an archive to be built, ms. */
const PATIENCE_MS = 300_000;

/** One page of a search. */
export type FoundPage = Extract<ConfirmedReply, { name: "found" }>["payload"];

/** Searches for one page. @throws {Error} with the reply, if it is another one, or the archive is busy for long */
export async function foundPage(client: TestClient, request: RequestPayload<"search">): Promise<FoundPage> {
  for (const endMs = performance.now() + PATIENCE_MS;;) {
    const reply = await client.ask("search", request);
    if (reply.name === "found") return reply.payload;
    const isBusy = reply.name === "error" && reply.payload.code === "busy";
    if (!isBusy || performance.now() > endMs) throw new Error(JSON.stringify(reply));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** All that a search finds, page by page, newest first. */
export async function allFound(
  client: TestClient,
  request: Omit<RequestPayload<"search">, "before">,
): Promise<ChatMessage[]> {
  const all: ChatMessage[] = [];
  let page = await foundPage(client, request);
  while (page.more) {
    all.push(...page.messages);
    page = await foundPage(client, { ...request, before: page.messages.at(-1)?.id ?? "" });
  }
  return [...all, ...page.messages];
}
