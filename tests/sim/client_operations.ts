/**
 * The requests of a logged-in client: one flow for each kind of operation.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { decide } from "./blocks.ts";
import type { Client, Outcome } from "./client.ts";
import { KnownMessage } from "./people.ts";
import type { Operation, OperationKind } from "./schedule.ts";

/** Runs an operation; `done` gets false if it is to be repeated, perhaps at another node. */
export type Flow = (done: (isOver: boolean) => void) => void;

type FlowOf = (client: Client, operation: Operation) => Flow;

const NOTHING: Flow = (done) => done(true);

/** Refusals that another node or a later attempt may not repeat. */
const RETRIED: ReadonlySet<string> = new Set([
  "unavailable",
  "busy",
  "read-only",
  "rate-limited",
  "not-logged-in",
  "too-many-sessions",
]);

/** The flow of an operation. */
export function operationFlow(client: Client, operation: Operation): Flow {
  return FLOWS[operation.kind](client, operation);
}

/** True if the reply settles the request. */
function isFinal(outcome: Outcome): outcome is ConfirmedReply {
  if (outcome === "lost") return false;
  return outcome.name !== "error" || !RETRIED.has(outcome.payload.code);
}

const FLOWS: { readonly [Kind in OperationKind]: FlowOf } = {
  send: (client, operation) => {
    let message: KnownMessage | undefined;
    // Built only after the login: until then another account may have been the sender.
    return (done) => {
      message ??= newMessage(client, operation);
      if (message === undefined) return done(true);
      sendMessage(client, message, done);
    };
  },
  resend: (client, { pick }) => (done) => {
    const message = chosen(client.person.sent, pick);
    if (message === undefined) done(true);
    else sendMessage(client, message, done);
  },
  read: (client, operation) => (done) => {
    const other = otherName(client, operation);
    if (other === undefined) return done(true);
    client.ask({ name: "readMessages", payload: { with: other } }, (outcome) => done(isFinal(outcome)));
  },
  readSome: (client, operation) => (done) => {
    const other = otherName(client, operation);
    const ids = client.person.got.slice(-3);
    if (other === undefined || ids.length === 0) return done(true);
    client.ask({ name: "readMessages", payload: { with: other, ids } }, (outcome) => done(isFinal(outcome)));
  },
  confirm: (client) => (done) => {
    const ids = client.person.got.slice(-5);
    if (ids.length === 0) return done(true);
    client.ask({ name: "confirmDelivery", payload: { ids } }, (outcome) => done(isFinal(outcome)));
  },
  deleteOwn: (client, { pick }) => {
    const id = chosen(client.person.sent, pick)?.id;
    return id === undefined ? NOTHING : (done) => deleteMessage(client, id, done);
  },
  hide: (client, { pick }) => {
    const id = chosen(client.person.got, pick);
    return id === undefined ? NOTHING : (done) => deleteMessage(client, id, done);
  },
  deleteForeign: (client, { pick }) => {
    const id = chosen([...client.world.knowledge.messages.keys()], pick);
    return id === undefined ? NOTHING : (done) => deleteMessage(client, id, done);
  },
  listMessages: (client, operation) => (done) => {
    const other = otherName(client, operation);
    if (other === undefined) return done(true);
    client.ask({ name: "listMessages", payload: { with: other } }, (outcome) => done(isFinal(outcome)));
  },
  listUndelivered: (client) => (done) =>
    client.ask({ name: "listMessages", payload: { undelivered: true } }, (outcome) => {
      if (outcome !== "lost" && outcome.name === "messages") {
        client.person.got.push(...outcome.payload.messages.map(({ id }) => id));
      }
      done(isFinal(outcome));
    }),
  listUsers: (client) => (done) =>
    client.ask({ name: "listUsers", payload: {} }, (outcome) => done(isFinal(outcome))),
  listChats: (client) => (done) =>
    client.ask({ name: "listChats", payload: {} }, (outcome) => done(isFinal(outcome))),
  search: (client, operation) => (done) => searchOn(client, operation, undefined, done),
  comeBack: (client) => (done) => {
    client.hangUp();
    done(true);
  },
  logOut: (client) => (done) =>
    client.ask({ name: "logout", payload: null }, (outcome) => {
      client.token = "";
      client.hangUp();
      done(isFinal(outcome));
    }),
  watch: (client, { pick }) => (done) => {
    if (client.watch === undefined) return done(true);
    client.watch.choose(pick);
    client.watch.begin(done);
  },
  block: (client, operation) => decision(client, operation, true),
  accept: (client, operation) => decision(client, operation, false),
  listBlocked: (client) => (done) =>
    client.ask({ name: "listBlocked", payload: {} }, (outcome) => done(isFinal(outcome))),
  changePassword: (client) => changePassword(client),
  deleteAccount: (client) => deleteAccount(client),
};

/** The beginnings of words that every message has, and of some that few have. */
const WORDS = ["message", "MESS", "m x", "xx", "message 1", "message 23"];

/** Searches page after page, now and then in one conversation only. */
function searchOn(
  client: Client,
  operation: Operation,
  before: string | undefined,
  done: (isOver: boolean) => void,
): void {
  const { pick, size } = operation;
  const other = size % 4 === 0 ? otherName(client, operation) : undefined;
  const payload = {
    words: chosen(WORDS, pick) ?? "",
    limit: 1 + size % 20,
    ...other !== undefined && { with: other },
    ...before !== undefined && { before },
  };
  client.ask({ name: "search", payload }, (outcome) => {
    const last = outcome !== "lost" && outcome.name === "found" && outcome.payload.more
      ? outcome.payload.messages.at(-1)
      : undefined;
    if (last === undefined) done(isFinal(outcome));
    else searchOn(client, operation, last.id, done);
  });
}

function newMessage(client: Client, { pick, size }: Operation): KnownMessage | undefined {
  const { person, world, account } = client;
  const other = world.people[pick % world.people.length];
  if (account === undefined || other === undefined) return undefined;
  const content = `message ${world.knowledge.messages.size} ${"x".repeat(size)}`;
  const to = other.shownName ?? other.name;
  const message = new KnownMessage(client.newId(), account.id, to, content, client.contacts?.accountOf(to));
  person.sent.push(message);
  world.knowledge.messages.set(message.id, message);
  return message;
}

function sendMessage(client: Client, message: KnownMessage, done: (isOver: boolean) => void): void {
  const { id, to, content, sender, account } = message;
  // The person has another account now: sent from that one, it would be another message.
  if (client.account?.id !== sender) return done(true);
  // A client that knows names only has no way to say which account is meant.
  if (account !== undefined && client.contacts === undefined) return done(true);
  const { connection } = client;
  if (connection) {
    message.asked.push({ origin: connection.process.origin, shown: new Map(connection.shown) });
    connection.asking = message;
  }
  const payload = { to, content, id, ...account !== undefined && { account } };
  client.ask({ name: "sendMessage", payload }, (outcome) => {
    if (outcome !== "lost") learnRecipient(client, message, outcome);
    done(isFinal(outcome));
  });
}

function learnRecipient({ contacts }: Client, { to, account }: KnownMessage, reply: ConfirmedReply): void {
  if (reply.name === "sent") contacts?.add(to, reply.payload.account);
  else if (reply.name === "error" && reply.payload.code === "recipient-changed") contacts?.drop(to, account);
}

function otherName(client: Client, { pick }: Operation): string | undefined {
  const { people } = client.world;
  const other = people[pick % people.length];
  return other?.shownName;
}

function chosen<T>(items: readonly T[], pick: number): T | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

/** Deletes a single message, so that a count of one in the reply confirms this very deletion. */
function deleteMessage(client: Client, id: string, done: (isOver: boolean) => void): void {
  const { world } = client;
  const message = world.knowledge.messages.get(id);
  const isOwn = message !== undefined && message.sender === client.account?.id;
  const wish = isOwn ? message.deletion : message?.hiding;
  wish?.ask();
  const { connection } = client;
  client.ask({ name: "deleteMessages", payload: { ids: [id] } }, (outcome) => {
    if (outcome !== "lost" && outcome.name === "ok" && outcome.payload?.count === 1 && connection) {
      const { deleted, hidden } = world.registry;
      wish?.granted(world.livesWithAny((isOwn ? deleted : hidden).get(id)));
      world.watch.deletionIsShown(connection, [id]);
    }
    done(isFinal(outcome));
  });
}

function decision(client: Client, operation: Operation, blocked: boolean): Flow {
  return (done) =>
    decide(
      client,
      otherName(client, operation),
      blocked,
      (outcome) => done(outcome === undefined || isFinal(outcome)),
    );
}

function changePassword(client: Client): Flow {
  const { person } = client;
  const next = person.newPassword();
  return (done) => {
    const [old = ""] = person.passwords;
    if (old === next) return done(true);
    if (!person.passwords.includes(next)) person.passwords.push(next);
    client.ask({ name: "changePassword", payload: { old, new: next } }, (outcome) => {
      if (outcome !== "lost" && outcome.name === "ok") {
        person.passwords = [next, ...person.passwords.filter((password) => password !== next)].slice(0, 3);
      }
      done(isFinal(outcome));
    });
  };
}

function deleteAccount(client: Client): Flow {
  return (done) => {
    const { person, world, account } = client;
    const [password = ""] = person.passwords;
    account?.deletion.ask();
    client.ask({ name: "deleteAccount", payload: { password } }, (outcome) => {
      if (account !== undefined && outcome !== "lost" && outcome.name === "ok") {
        account.deletion.granted(world.livesWithAny(world.registry.ended.get(account.id)));
        if (person.account === account) forget(person);
        // Who watches a page hears of others then.
        if (world.settings.hasWatchers && world.chance.is(0.5)) person.takeOtherName(world.chance);
        client.hangUp();
      }
      done(isFinal(outcome));
    });
  };
}

/** The person has no account any more. */
export function forget(person: Client["person"]): void {
  person.account = undefined;
  person.shownName = undefined;
  person.passwords = [];
}
