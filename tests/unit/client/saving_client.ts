/**
 * alice, whose client saves its outbox, and the client after a crash.
 *
 * @module
 */

import type { Saved } from "../../../client/core/saved.ts";
import { FakeClient, uuid } from "./fake_client.ts";
import { ALICE, BOB, fromBob } from "./talking_client.ts";

/** The outbox that was saved last, through JSON. */
export function saved({ outbox }: FakeClient): Saved {
  return JSON.parse(JSON.stringify(outbox?.saved));
}

/** Starts the client of alice, who saves, at a node with account ids. */
export function saver(): FakeClient {
  const client = new FakeClient({ saves: true });
  client.features = ["account-ids"];
  client.connect();
  client.give({ kind: "start", user: "alice", token: "t" });
  return client;
}

/** Its token is good. */
export function resume(client: FakeClient, account = ALICE): void {
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account });
}

/** As `resume`, and nothing has happened since. */
export function enter(client: FakeClient): void {
  resume(client);
  client.caughtUp();
}

/** alice has met bob, and is offline with a message for him. */
export function offline(): FakeClient {
  const client = saver();
  enter(client);
  client.push(fromBob(1, BOB));
  client.disconnect();
  client.give({ kind: "send", to: "bob", text: "hello", id: uuid(50), timestamp: 5 });
  return client;
}

/** A new client after a crash, with the same account. */
export function after(value: unknown, isConnected = true): FakeClient {
  const client = new FakeClient({ saves: true });
  client.features = ["account-ids"];
  client.give({ kind: "start", user: "alice", token: "t" });
  client.give({ kind: "restore", saved: value });
  if (isConnected) client.connect();
  return client;
}

/** Messages under way. */
export function sent(client: FakeClient): readonly unknown[] {
  return client.asked.filter(({ name }) => name === "sendMessage").map(({ payload }) => payload);
}
