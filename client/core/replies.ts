/**
 * Replies to requests.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { hideAbsent } from "./absence.ts";
import { takeBlocked, tookBlock } from "./blocking.ts";
import { isPassing, type Refusal } from "./refusal.ts";
import { pageProblem, takeHistory } from "./history.ts";
import { type Printing, takeChats, takeUsers } from "./lists.ts";
import { leaveAccount } from "./leaving.ts";
import { entered, loginFailed, loginRefused, loginStarted, resumeFailed, resumeRefused } from "./login.ts";
import { askNews } from "./catching_up.ts";
import { learn } from "./learning.ts";
import type { Nonsense } from "./loss.ts";
import { advance, forget, isMe, sameName } from "./messages.ts";
import { nodeNames } from "./nodes.ts";
import { takeOpened, takeRefresh, takeUndelivered } from "./pages.ts";
import { leaveName, meet } from "./people.ts";
import type { PendingRequest } from "./pending_requests.ts";
import { isReplyTo, patienceWith, type Purpose, type SentRequest } from "./requests.ts";
import { foundProblem, takeFound } from "./search.ts";
import type { Step } from "./step.ts";
import { stretch } from "./stretch.ts";
import { lookRefused, watched } from "./watching.ts";

type Payload<Name extends ConfirmedReply["name"]> = Extract<ConfirmedReply, { name: Name }>["payload"];

type PageRequest = Extract<SentRequest, { name: "listMessages" }>;

/** Wait of a refused request if the server names none, ms. */
const RETRY_MS = 1_000;

/** The longest wait of a message that no node can take at present, ms. */
const UNAVAILABLE_MS_MAX = 5_000;

/** The most tries of a login, and of any request of a script, at a node that is busy or not ready yet. */
const ATTEMPTS_MAX = 10;

/** The refusal of these is nothing that a person must hear of. */
const OF_LOOKING: ReadonlySet<Purpose["kind"]> = new Set(["watch", "people", "presence"]);

/** Acts upon a reply. @param printing prints the lists that were asked for */
export function takeReply(step: Step, serial: number, reply: ConfirmedReply, printing?: Printing): void {
  const waiting = step.model.pending.answered(serial);
  if (waiting === undefined) return;
  const problem = replyProblem(waiting, reply);
  if (problem !== undefined) return leaveNode(step, waiting, problem);
  if (reply.name === "error") return takeRefusal(step, waiting, reply.payload);
  const { purpose } = waiting;
  switch (reply.name) {
    case "userExisting":
    case "userNotExisting":
      return loginStarted(
        step,
        reply.name === "userExisting",
        purpose.kind === "startLogin" ? purpose.password : undefined,
      );
    case "loginSuccess":
      return entered(step, reply.payload, purpose.kind === "resume");
    case "loginFailed":
      return purpose.kind === "resume" ? resumeFailed(step) : loginFailed(step);
    case "sent":
      return takeSent(step, purpose, reply.payload);
    case "messages":
      return takeMessages(step, waiting, reply.payload);
    case "users":
      return takeUsers(step, purpose, reply.payload, printing);
    case "chats":
      return takeChats(step, waiting, reply.payload, printing);
    case "found":
      return purpose.kind === "search" ? takeFound(step, purpose.walk, reply.payload) : undefined;
    case "blocked":
      return purpose.kind === "blocked" ? takeBlocked(step, purpose.names, reply.payload) : undefined;
    case "clusterStatus":
      return takeClusterStatus(step, reply.payload);
    case "ok":
      return takeOk(step, purpose, reply.payload?.count);
    case "pong":
    case "welcome":
      return;
    default:
      return reply satisfies never;
  }
}

/** The reason why a node cannot have meant a reply; undefined for a good one. */
function replyProblem({ request, purpose }: PendingRequest, reply: ConfirmedReply): Nonsense | undefined {
  if (!isReplyTo(request, reply)) return { kind: "wrongReply", request: request.name, reply: reply.name };
  if (reply.name === "sent" && purpose.kind === "send" && reply.payload.id !== purpose.id) {
    return { kind: "wrongId" };
  }
  if (reply.name === "found" && purpose.kind === "search") return foundProblem(purpose.walk, reply.payload);
  if (reply.name !== "messages" || purpose.kind !== "history") return undefined;
  return pageProblem(purpose.walk, reply.payload);
}

/** Leaves a node whose answers make no sense; the request counts as one without an answer. */
function leaveNode(step: Step, waiting: PendingRequest, nonsense: Nonsense): void {
  step.model.pending.unanswered(waiting);
  step.moveOn({ kind: "nonsense", nonsense });
}

function takeSent(step: Step, purpose: Purpose, sent: Payload<"sent">): void {
  const { id, timestamp, account, copies, nodes } = sent;
  const message = purpose.kind === "send" ? step.model.messages.get(purpose.id) : undefined;
  if (message === undefined) return;
  step.model.messages.change(message, { timestamp, stored: { copies, nodes } });
  message.chat.nodesLeft.clear();
  if (message.chat.account === undefined && !message.chat.former) meet(step, message.recipient, account);
  advance(step, [id], sameName(message.recipient, message.sender) ? "read" : "unread");
  if (step.model.options.script && message.status !== "queued") {
    step.show({ kind: "message", message: { ...message } });
  }
}

function takeMessages(step: Step, waiting: PendingRequest, page: Payload<"messages">): void {
  const { request, purpose, tellings } = waiting;
  const messages = page.messages.flatMap((each) => learn(step, each) ?? []);
  if (request.name === "listMessages") takePage(step, request, page, tellings);
  switch (purpose.kind) {
    case "undelivered":
      return takeUndelivered(step, messages, page.more);
    case "refresh":
      return takeRefresh(step, messages);
    case "open":
      return takeOpened(step, purpose.with, messages, page.more);
    case "history":
      return takeHistory(step, purpose.walk, { told: page.messages, messages, more: page.more });
    default:
      return;
  }
}

/** A page belongs to the chat of its messages: the name in the request may be somebody else's by now. */
function takePage({ model }: Step, request: PageRequest, page: Payload<"messages">, tellings: number): void {
  const { with: name, before, after } = request.payload;
  const chat = model.messages.get(page.messages[0]?.id ?? "")?.chat ?? model.chats.named(name ?? "");
  model.messages.arrange(page.messages.map(({ id }) => id), before);
  if (chat === undefined || name === undefined || after !== undefined) return;
  hideAbsent(model, chat, {
    ids: page.messages.map(({ id }) => id),
    from: page.more ? page.messages[0]?.timestamp ?? Infinity : -Infinity,
    to: before === undefined ? Infinity : model.messages.get(before)?.timestamp ?? -Infinity,
    tellings,
  });
  stretch(model, chat, before, page);
}

function takeClusterStatus(step: Step, { peers, ...copies }: Payload<"clusterStatus">): void {
  for (const peer of peers) step.show({ kind: "peer", ...peer });
  step.show({ kind: "copies", ...copies });
}

function takeOk(step: Step, purpose: Purpose, count: number | undefined): void {
  switch (purpose.kind) {
    case "read":
      return takeRead(step, purpose, count ?? 0);
    case "delete":
      return takeDeleted(step, purpose, count ?? 0);
    case "watch":
      return watched(step);
    case "block":
      return tookBlock(step, purpose);
    case "changePassword":
      return step.notice({ kind: "passwordChanged" });
    case "logout":
      return leaveAccount(step, "loggedOut");
    case "deleteAccount":
      return leaveAccount(step, "accountDeleted");
    default:
      return;
  }
}

function takeRead(step: Step, purpose: Extract<Purpose, { kind: "read" }>, count: number): void {
  if (purpose.ids !== undefined) {
    if (count >= purpose.ids.length) advance(step, purpose.ids, "read");
    // Some are read already, or the node does not have them yet: a page tells.
    else askNews(step, purpose.chat?.name ?? purpose.with);
    return;
  }
  const { chat } = purpose;
  const known = [...step.model.messages.values()].filter((each) =>
    each.chat === chat && !isMe(step.model, each.sender)
  );
  advance(step, known.map((each) => each.id), "read");
  if (chat !== undefined) step.model.chats.change(chat, { unread: 0 });
  step.notice({ kind: "markedRead", with: purpose.with, count });
}

function takeDeleted(step: Step, purpose: Extract<Purpose, { kind: "delete" }>, count: number): void {
  const { ids, count: wanted } = purpose;
  forget(step, ids);
  if (count < wanted) {
    for (const id of ids) step.model.unconfirmed.add(id);
    step.fail({ kind: "deletedInPart", count, wanted });
  } else step.notice({ kind: "messagesDeleted", count });
}

function takeRefusal(step: Step, waiting: PendingRequest, refusal: Refusal): void {
  const { model } = step;
  const { code } = refusal;
  // A node of an older release does not know the request, and the state of the client was shown already.
  if (waiting.purpose.kind === "status" && code === "unknown-request") return;
  if (waiting.purpose.kind === "features") return;
  if (OF_LOOKING.has(waiting.purpose.kind)) return lookRefused(step, refusal);
  if (waiting.purpose.kind === "send" && takeNobody(step, waiting.purpose.id, code)) return;
  if (waiting.purpose.kind === "resume" && model.pending.has("logout") && !model.options.script) {
    // The wish to log out waits for this login, and would end a later one.
    return leaveAccount(step, "loggedOutHere");
  }
  const patience = patienceWith(waiting.request, waiting.purpose, model.options.script);
  const bounded = patience === "bounded" || model.options.script;
  const hopeless = bounded && (code === "rate-limited" || waiting.attempts >= ATTEMPTS_MAX);
  const passes = isPassing(refusal) && !hopeless;
  if (patience !== "none" && code === "unavailable" && goElsewhere(step, waiting, refusal.message)) return;
  if (patience === "bounded" && !passes) return loginRefused(step, refusal, passwordOf(waiting));
  if (code === "not-logged-in" && model.account !== undefined) return sendAfterLogin(step, waiting);
  if (patience !== "none" && passes) return sendLater(step, waiting, refusal);
  if (waiting.purpose.kind === "resume" && !model.options.script) {
    return resumeRefused(step, waiting, refusal);
  }
  giveUp(step, waiting.purpose, refusal);
}

function passwordOf({ request }: PendingRequest): string | undefined {
  return request.name === "finishLogin" ? request.payload.password : undefined;
}

/** Holds a message whose account is gone; false if it is refused for something else. */
function takeNobody(step: Step, id: string, code: Refusal["code"]): boolean {
  const message = step.model.messages.get(id);
  if (message === undefined) return false;
  if (code !== "recipient-changed" && !(code === "unknown-user" && message.chat.former)) return false;
  if (!message.chat.former) leaveName(step, message.chat);
  step.hold(message);
  return true;
}

/** There is nobody to chat with under that name. */
function notOpened({ model }: Step, { with: name, before }: Extract<Purpose, { kind: "open" }>): void {
  const chat = model.chats.named(name);
  if (chat === undefined || chat !== model.focus) return;
  model.focus = before;
  model.names.delete(name.toLowerCase());
  if (chat.account === undefined) model.chats.drop(chat);
  else model.chats.retire(chat);
}

function sendAfterLogin(step: Step, waiting: PendingRequest): void {
  const { model } = step;
  waiting.sent = false;
  model.pending.putBack(waiting);
  model.loggedIn = false;
  resumeFailed(step);
}

function sendLater(step: Step, waiting: PendingRequest, { code, retryAfter }: Refusal): void {
  const waitMs = (retryAfter ?? 0) * 1_000 || RETRY_MS;
  const longest = Math.max(waitMs, UNAVAILABLE_MS_MAX);
  step.delay(waiting, code === "unavailable" ? Math.min(longest, waitMs * waiting.attempts) : waitMs);
}

function giveUp(step: Step, purpose: Purpose, refusal: Refusal): void {
  if (purpose.kind === "send") return sendFailed(step, purpose.id, refusal);
  if (purpose.kind === "open" && refusal.code === "unknown-user") notOpened(step, purpose);
  if (purpose.kind === "chats") step.model.namesTold = true;
  step.fail({ kind: "refused", refusal });
  if (purpose.kind === "resume") step.leave({ kind: "notLoggedIn" });
}

/**
 * Takes a request to another node: the present one is closing, is still being filled, or does not know the account
 * yet. False if that is in vain: all nodes that can be reached were tried for messages to that account.
 */
function goElsewhere(step: Step, waiting: PendingRequest, text: string): boolean {
  const { model } = step;
  if (nodeNames(model).length <= 1) return false;
  const { purpose } = waiting;
  const chat = purpose.kind === "send" ? model.messages.get(purpose.id)?.chat : undefined;
  const node = model.node?.name ?? "";
  if (chat?.nodesLeft.has(node)) return false;
  chat?.nodesLeft.add(node);
  model.pending.putBack(waiting);
  step.moveOn({ kind: "leftUs", text });
  return true;
}

function sendFailed(step: Step, id: string, refusal: Refusal): void {
  const message = step.model.messages.get(id);
  if (message === undefined) return;
  step.model.messages.change(message, { status: "failed", refusal });
  step.refresh(id);
  step.fail({ kind: "notSent", id, number: message.number, to: message.recipient, refusal });
}
