/**
 * A scripted node that can search, for the client.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";

/** A message to alice or from her; the higher its number, the newer it is. */
export function foundMessage(number: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    timestamp: 1_700_000_000 + number,
    sender: "bob",
    recipient: "alice",
    content: `text ${number}`,
    status: "read",
    ...more,
  };
}

/**
 * A node that finds these messages, newest first, whatever the words are. `await using` ends it.
 *
 * @param answer reaction to some requests before that
 */
export function searchingServer(
  messages: readonly ChatMessage[],
  answer: (request: Request) => Answer | undefined = () => undefined,
): ScriptedServer {
  const server: ScriptedServer = new ScriptedServer("node1", (request) => {
    const first = answer(request);
    if (first !== undefined) return first;
    if (request.name === "search") return pageOf(messages, request.payload);
    return request.name === "hello" ? welcomeOf(server.port) : undefined;
  });
  return server;
}

function welcomeOf(port: number): ConfirmedReply {
  const nodes = [{ name: "node1", host: "127.0.0.1", port }];
  const payload = {
    version: 2,
    server: "scripted",
    node: "node1",
    cluster: "test",
    nodes,
    limits: new Map(),
  };
  return { name: "welcome", payload: { ...payload, features: ["search"] } };
}

function pageOf(
  messages: readonly ChatMessage[],
  { with: name, before, limit = 20 }: Extract<Request, { name: "search" }>["payload"],
): ConfirmedReply {
  const found = messages.filter(({ sender, recipient }) =>
    name === undefined || [sender, recipient].includes(name)
  );
  const first = before === undefined ? 0 : found.findIndex(({ id }) => id === before) + 1;
  const page = found.slice(first, first + limit);
  return { name: "found", payload: { messages: page, more: found.length > first + limit } };
}
