/**
 * What was asked for has come.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { nodeNames } from "./commands_system.ts";
import { takeChats, takeUsers } from "./lists.ts";
import { entered, forgetAccount, loginFailed, loginRefused, loginStarted, resumeFailed } from "./login.ts";
import { advance, forget, learn, sameName } from "./messages.ts";
import type { Purpose, Waiting } from "./pending_requests.ts";
import { takeHistory, takeOpened, takeRefresh, takeUndelivered } from "./pages.ts";
import { isPassing, refusalText, statusOf } from "./refusals.ts";
import { EXIT, type Turn } from "./step.ts";

type Payload<Name extends ConfirmedReply["name"]> = Extract<ConfirmedReply, { name: Name }>["payload"];

/** How long a refused message waits if the server does not say, ms. */
const RETRY_MS = 1_000;

/** How often a login, or anything of a script, is tried at a node that is busy or not ready yet. */
const ATTEMPTS_MAX = 10;

/** What is sent again after a refusal that passes, without anybody having to ask for it. */
const PATIENT: ReadonlySet<Purpose["kind"]> = new Set<Purpose["kind"]>([
  "send",
  "resume",
  "delivered",
  "read",
  "undelivered",
  "refresh",
]);

/** Acts upon a reply. */
export function takeReply(turn: Turn, serial: number, reply: ConfirmedReply): void {
  const waiting = turn.model.outbox.answered(serial);
  if (waiting === undefined) return;
  if (reply.name === "error") return takeError(turn, waiting, reply.payload);
  const { purpose } = waiting;
  switch (reply.name) {
    case "userExisting":
    case "userNotExisting":
      return loginStarted(
        turn,
        reply.name === "userExisting",
        purpose.kind === "startLogin" ? purpose.password : undefined,
      );
    case "loginSuccess":
      return entered(turn, reply.payload, purpose.kind === "resume");
    case "loginFailed":
      return purpose.kind === "resume" ? resumeFailed(turn) : loginFailed(turn);
    case "sent":
      return takeSent(turn, purpose, reply.payload);
    case "messages":
      return takeMessages(turn, purpose, reply.payload);
    case "users":
      return takeUsers(turn, purpose, reply.payload);
    case "chats":
      return takeChats(turn, purpose, reply.payload);
    case "clusterStatus":
      return takeClusterStatus(turn, reply.payload);
    case "ok":
      return takeOk(turn, purpose, reply.payload?.count);
    case "pong":
    case "welcome":
      return;
  }
}

function takeSent(turn: Turn, purpose: Purpose, { id, timestamp, copies, nodes }: Payload<"sent">): void {
  const message = purpose.kind === "send" ? turn.model.messages.get(purpose.id) : undefined;
  if (message === undefined) return;
  message.timestamp = timestamp;
  advance(turn, [id], sameName(message.recipient, message.sender) ? "read" : "unread");
  if (turn.model.options.script && message.status !== "queued") {
    turn.show({ kind: "message", message: { ...message } });
  }
  if (copies < 1) turn.notice(`#${message.shortId} is stored on ${copies} of ${nodes} nodes`);
}

function takeMessages(turn: Turn, purpose: Purpose, page: Payload<"messages">): void {
  const messages = page.messages.flatMap((each) => learn(turn, each) ?? []);
  switch (purpose.kind) {
    case "undelivered":
      return takeUndelivered(turn, messages, page.more);
    case "refresh":
      return takeRefresh(turn, messages);
    case "open":
      return takeOpened(turn, purpose.with, messages, page.more);
    case "history":
      return takeHistory(turn, purpose, messages, page.more);
    default:
      return;
  }
}

function takeClusterStatus(turn: Turn, { peers, ...copies }: Payload<"clusterStatus">): void {
  for (const peer of peers) turn.show({ kind: "peer", ...peer });
  turn.show({ kind: "copies", ...copies });
}

function takeOk(turn: Turn, purpose: Purpose, count: number | undefined): void {
  const { model } = turn;
  switch (purpose.kind) {
    case "read":
      return takeRead(turn, purpose, count ?? 0);
    case "delete":
      return takeDeleted(turn, purpose.ids, count ?? 0);
    case "changePassword":
      return turn.notice("the password was changed; every other session of the account has ended");
    case "logout":
      turn.notice(`${model.account?.name} is logged out`);
      return forgetAccount(turn);
    case "deleteAccount":
      turn.notice(`the account ${model.account?.name} and all its messages are gone`);
      return forgetAccount(turn);
    default:
      return;
  }
}

function takeRead(turn: Turn, purpose: Extract<Purpose, { kind: "read" }>, count: number): void {
  if (purpose.ids !== undefined) return void advance(turn, purpose.ids, "read");
  const chat = turn.model.chats.get(purpose.with.toLowerCase());
  const known = [...turn.model.messages.values()].filter((each) =>
    each.sender.toLowerCase() === purpose.with.toLowerCase()
  );
  advance(turn, known.map((each) => each.id), "read");
  if (chat !== undefined) chat.unread = 0;
  turn.notice(`marked as read: ${counted(count, "message")} of ${purpose.with}`);
}

function takeDeleted(turn: Turn, ids: readonly string[], count: number): void {
  forget(turn, ids);
  if (count < ids.length) {
    return turn.error(
      `deleted: ${count} of ${counted(ids.length, "message")}; the others are not there any more`,
    );
  }
  turn.notice(`deleted: ${counted(count, "message")}`);
}

function takeError(turn: Turn, waiting: Waiting, refusal: Payload<"error">): void {
  const { model } = turn;
  const error = { ...refusal, message: inOwnWords(refusal) };
  const { purpose } = waiting;
  // A node of an older release does not know the request: what the client knows by itself was shown already.
  if (purpose.kind === "status" && error.code === "unknown-request") return;
  const status = statusOf(error.code);
  const login = purpose.kind === "startLogin" || purpose.kind === "finishLogin";
  const bounded = login || model.options.script;
  const hopeless = bounded && (error.code === "rate-limited" || waiting.attempts >= ATTEMPTS_MAX);
  const patient = isPassing(error.code) && !hopeless;
  const repeats = login || PATIENT.has(purpose.kind);
  if (repeats && error.code === "unavailable" && nodeNames(model).length > 1) {
    return goElsewhere(turn, waiting, error.message);
  }
  if (login && !patient) return loginRefused(turn, error);
  if (error.code === "not-logged-in" && model.account !== undefined) {
    model.outbox.delay(waiting);
    model.outbox.wakeUp();
    model.loggedIn = false;
    return resumeFailed(turn);
  }
  if (patient && repeats) {
    model.outbox.delay(waiting);
    const ms = (error.retryAfter ?? 0) * 1_000 || RETRY_MS;
    return void turn.effects.push({ kind: "wakeUpAfter", ms });
  }
  if (purpose.kind === "send") return sendFailed(turn, purpose.id, error);
  if (purpose.kind === "open" && error.code === "unknown-user") model.focus = undefined;
  turn.error(refusalText(error), status);
  if (purpose.kind === "resume") turn.leave(EXIT.login);
}

/** The node is closing, or does not know everything yet: what was asked of it is asked of another one. */
function goElsewhere(turn: Turn, waiting: Waiting, reason: string): void {
  turn.model.outbox.delay(waiting);
  turn.effects.push({ kind: "moveOn", node: undefined, reason });
}

/** The server speaks of requests, where people know commands. */
function inOwnWords({ code, message }: Payload<"error">): string {
  return code === "unknown-user" ? message.replace(/;.*$/s, "; /users lists whom there is") : message;
}

function sendFailed(turn: Turn, id: string, error: Payload<"error">): void {
  const message = turn.model.messages.get(id);
  if (message === undefined) return;
  message.status = "failed";
  turn.refresh(id);
  turn.error(
    `#${message.shortId} to ${message.recipient} was not sent: ${refusalText(error)}`,
    statusOf(error.code),
  );
}
