/**
 * A client whose person looks at people.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { PeopleRange } from "../../../client/core/people_list.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { FakeClient } from "./fake_client.ts";
import { ALICE } from "./talking_client.ts";

/** Features of a node that tells of people. */
export const FEATURES = ["account-ids", "watch"];

/** A client that is logged in at a node with these features. */
export function watching(features: readonly string[] = FEATURES): FakeClient {
  const client = new FakeClient();
  client.features = features;
  client.login();
  return client;
}

/** The people on its screen. */
export function look(client: FakeClient, people: PeopleRange | undefined, ...names: readonly string[]): void {
  client.give({ kind: "lookAt", people, names });
}

/** The time of the newest `lookAfter` is over; returns its wait, ms. */
export function wait(client: FakeClient): number {
  const timer = client.effects.findLast(({ kind }) => kind === "lookAfter");
  assert(timer?.kind === "lookAfter");
  client.effects.splice(0);
  client.give({ kind: "look", turn: timer.turn });
  return timer.ms;
}

/** The time between two requests is over. */
export function rested(client: FakeClient): void {
  client.give({ kind: "look", turn: client.model.looking.turn });
}

/** A person as a node lists them. */
export type Row = readonly [name: string, online: boolean, account?: string, unread?: number];

/** A page of people is answered; returns what it asked for. */
export function users(client: FakeClient, rows: readonly Row[], more = false): RequestPayload<"listUsers"> {
  const told = rows.map(([name, online, account, unread = 0]) => ({
    name,
    online,
    unread,
    ...(account === undefined ? {} : { account }),
  }));
  return client.reply("listUsers", "users", { users: told, more }).payload as RequestPayload<"listUsers">;
}

/** A WATCH is answered; returns what it asked for. */
export function watched(client: FakeClient): RequestPayload<"watchPeople"> {
  return client.reply("watchPeople", "ok", null).payload as RequestPayload<"watchPeople">;
}

/** A node tells of a person who is watched. */
export function person(client: FakeClient, payload: Extract<Push, { name: "person" }>["payload"]): void {
  client.give({ kind: "push", push: { name: "person", payload } });
}

/** Back at another node. */
export function resumed(client: FakeClient): void {
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  client.caughtUp();
}

/** The people that the screen shows. */
export function shown({ model }: FakeClient): readonly string[] {
  return model.people.rows.map(({ name, online, unread }) =>
    `${name} ${online ? "online" : "offline"} ${unread}`
  );
}
