/**
 * alice in a chat with bob, whose account is known, until his name is somebody else's.
 *
 * @module
 */

import type { Push } from "../../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FakeClient, told } from "./fake_client.ts";

/** Id of bob's account. */
export const BOB = "b0b1";
/** Id of the account that has bob's name later. */
export const STRANGER = "b0b2";
/** Id of alice's account. */
export const ALICE = "a11ce";

/** The line about a held message for bob. */
export const held = (id: string): string =>
  `!! #${id} to bob is held: the account bob that it is meant for is gone, and whoever is called bob now is ` +
  `somebody else; /anyway #${id} sends it to them, /delete #${id} drops it`;
/** The line about bob's name that has passed on. */
export const PASSED_ON =
  "-- whoever is called bob now is somebody else than before; messages meant for the former bob do not go there";

/** A message of an account called bob, that was read before. */
export function fromBob(number: number, senderAccount: string): ChatMessage {
  return told(number, "bob", "alice", { status: "read", senderAccount, recipientAccount: ALICE });
}

/** A new message of the account that has bob's name later, as the present node tells it. */
export function fromStranger({ features }: FakeClient, number: number): ChatMessage {
  return told(number, "bob", "alice", features === undefined ? {} : { senderAccount: STRANGER });
}

/** alice in a chat with bob, whose account is known, at a node with account ids. */
export function talking(script = false): FakeClient {
  const client = new FakeClient({ script });
  client.features = ["account-ids", "of-the-future"];
  client.login();
  client.open("bob", fromBob(1, BOB));
  client.said();
  return client;
}

/** Back at a node; messages that were queued are asked for right away. */
export function resume(client: FakeClient): void {
  client.connect("node2");
  client.reply("resume", "loginSuccess", {
    name: "alice",
    token: "t",
    unread: 0,
    ...(client.features === undefined ? {} : { account: ALICE }),
  });
}

/** A node tells of a user. */
export function user(client: FakeClient, payload: Extract<Push, { name: "user" }>["payload"]): void {
  client.give({ kind: "push", push: { name: "user", payload } });
}

/** Payloads of the messages that are under way. */
export function sending(client: FakeClient): readonly unknown[] {
  return client.asked.filter(({ name }) => name === "sendMessage").map(({ payload }) => payload);
}

/** alice is offline with a message for bob, whose name goes to a stranger meanwhile. */
export function changed(script = false): FakeClient {
  const client = talking(script);
  client.disconnect();
  client.line("for bob's eyes");
  resume(client);
  client.said();
  client.refuse("sendMessage", "recipient-changed");
  return client;
}
