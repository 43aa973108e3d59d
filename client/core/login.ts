/**
 * Logging in: at the start, as another account, and again after a break.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { PROTOCOL_VERSION } from "../../common/protocol/requests.ts";
import { NAME_PATTERN } from "../../common/protocol/shapes.ts";
import type { Failure } from "./failures.ts";
import { isFinalRefusal, type Refusal } from "./refusal.ts";
import { askChats } from "./lists.ts";
import { FEATURES } from "../../common/protocol/features.ts";
import { hasFeature } from "./addressing.ts";
import { catchUp, learnNames } from "./catching_up.ts";
import { forgetCluster } from "./cluster.ts";
import { forgetAccount, leaveAccount } from "./leaving.ts";
import { isMe, nameOwnChat, renameOwn, sameName } from "./messages.ts";
import type { Question, Welcome } from "./model.ts";
import { setAsideRestored } from "./outbox.ts";
import type { PendingRequest } from "./pending_requests.ts";
import { type LoginIntent, rowOf } from "./requests.ts";
import type { Step } from "./step.ts";
import { endStretches } from "./stretch.ts";
import { beginLooking, loseSight } from "./watching.ts";

/** Wrong passwords before a login is given up. */
const FAILURES_MAX = 3;

/** Time after which a login by the token that a node refuses is tried again, ms. */
const REFUSED_MS = 5_000;

/** No connection knows the name yet. */
const NO_CONNECTION = -1;

type Entered = Extract<ConfirmedReply, { name: "loginSuccess" }>["payload"];

/** The program begins: logs in, or asks a person for the name. */
export function start(
  step: Step,
  user: string | undefined,
  token: string | undefined,
  id: string | undefined,
): void {
  const { model } = step;
  if (user !== undefined && token !== undefined) {
    model.account = { name: user, id, token, cluster: undefined };
    return model.node === undefined ? undefined : enterAgain(step);
  }
  if (user !== undefined) return startLogin(step, user, "start");
  if (!model.options.script) model.question = { kind: "name" };
}

/** A password that is known when a login begins. */
interface KnownPassword {
  /** It was the answer to a question. */
  readonly answer?: string;
  /** It came with the name: nothing is asked. */
  readonly form?: string | undefined;
  /** The code of an invitation that came with the name. */
  readonly invitation?: string | undefined;
}

/** Begins a login. */
export function startLogin(
  step: Step,
  name: string,
  intent: LoginIntent,
  { answer, form, invitation: given }: KnownPassword = {},
): void {
  const { model } = step;
  // A renamed account has a name that nobody can choose.
  const isShown = intent === "again" || (intent === "login" && form !== undefined);
  if (!isShown && !NAME_PATTERN.test(name)) {
    return abandon(step, intent, { kind: "nameInvalid", name });
  }
  const before = sameName(model.login?.name, name) ? model.login : undefined;
  const invitation = given ?? before?.invitation ?? model.options.invitation;
  const failures = before?.failures ?? 0;
  model.login = { name, intent, connection: NO_CONNECTION, failures, form, invitation };
  const password = answer ?? form;
  const purpose = { kind: "startLogin", name, intent, ...(password !== undefined && { password }) } as const;
  step.ask({ name: "startLogin", payload: { name } }, purpose);
}

/** A connection is there: logs in by the token, or goes on with the login that was under way. */
export function connected(step: Step, welcome: Welcome): void {
  const { model } = step;
  const again = model.connection > 0;
  model.connection++;
  model.node = { name: welcome.node, welcome };
  if (welcome.version !== PROTOCOL_VERSION) {
    step.fail({ kind: "versionUnknown", node: welcome.node, version: welcome.version });
  }
  const { wantedNode } = model;
  model.wantedNode = undefined;
  const missed = wantedNode === welcome.node ? undefined : wantedNode;
  if (again) step.notice({ kind: "connected", node: welcome.node, missed });
  useFeatures(step);
  enterAgain(step);
  step.flush();
}

/** Asks for the additions to the protocol that both sides know. Before the login: its reply has one of them. */
function useFeatures(step: Step): void {
  const use = FEATURES.filter((feature) => hasFeature(step.model, feature));
  if (use.length > 0) step.ask({ name: "useFeatures", payload: { use } }, { kind: "features" });
}

function enterAgain(step: Step): void {
  const { model } = step;
  const { account, login } = model;
  if (account?.token !== undefined) {
    if (model.loginRefusal !== undefined) return;
    return step.ask({ name: "resume", payload: { token: account.token } }, { kind: "resume" });
  }
  // While a password is being typed, LOGIN_1 can wait until it is there.
  const waits = model.question !== undefined || model.pending.has("startLogin");
  if (login !== undefined && !waits) startLogin(step, login.name, login.intent, { form: login.form });
}

/** The connection broke: only requests that cannot be sent twice are lost. */
export function disconnected(step: Step, text: string): void {
  const { model } = step;
  const { node, leaving: reason = { kind: "broken", text } } = model;
  model.leaving = undefined;
  model.node = undefined;
  model.loggedIn = false;
  if (model.loginRefusal && !isFinalRefusal(model.loginRefusal)) model.loginRefusal = undefined;
  model.namesTold = false;
  forgetCluster(model);
  endStretches(model);
  loseSight(model);
  const lost = model.pending.connectionLost();
  for (const { request, cause } of lost) {
    if (rowOf(request).afterBreak === "reported") step.because(cause, () => step.fail({ kind: "replyLost" }));
  }
  if (lost.some(({ purpose }) => purpose.kind === "logout") && !model.options.script) {
    leaveAccount(step, "loggedOutHere");
  }
  if (node !== undefined) step.notice({ kind: "connectionLost", node: node.name, reason });
}

/** The answer to LOGIN_1. */
export function loginStarted(step: Step, exists: boolean, password: string | undefined): void {
  const { model } = step;
  const { login } = model;
  if (login === undefined) return;
  login.connection = model.connection;
  if (exists) login.invitation = undefined;
  const { name, intent } = login;
  if (exists && intent === "register") {
    return abandon(step, intent, { kind: "nameTaken", name });
  }
  if (!exists && intent === "again") {
    return abandon(step, "start", { kind: "accountGone", name });
  }
  if (!exists && (intent === "login" || (intent === "start" && !model.options.creates))) {
    return abandon(step, intent, { kind: "nameUnknown", name, atStart: intent === "start" });
  }
  if (password !== undefined) return finishLogin(step, password);
  model.question = exists ? { kind: "password", name } : { kind: "newPassword", name };
}

/** The password is known: LOGIN_2, after LOGIN_1 where the connection is another one by now. */
export function finishLogin(step: Step, password: string): void {
  const { model } = step;
  const { login } = model;
  if (login === undefined) return;
  if (login.connection !== model.connection || model.node === undefined) {
    return startLogin(step, login.name, login.intent, { answer: password, form: login.form });
  }
  const { invitation } = login;
  const isInvited = invitation !== undefined && hasFeature(model, "invitations");
  const payload = isInvited ? { password, invitation } : { password };
  step.ask({ name: "finishLogin", payload }, { kind: "finishLogin" });
}

/** The password does not fit. */
export function loginFailed(step: Step): void {
  const { model } = step;
  const { login } = model;
  if (login === undefined) return;
  login.failures++;
  const final = model.options.script || login.form !== undefined || login.failures >= FAILURES_MAX;
  const failure = { kind: "passwordWrong", name: login.name, final } as const;
  if (final) return abandon(step, login.intent, failure);
  step.fail(failure);
  model.question = { kind: "password", name: login.name };
}

/** The node refuses to go on with the login. @param password the one that was sent, if it was LOGIN_2 */
export function loginRefused(step: Step, refusal: Refusal, password: string | undefined): void {
  const { model } = step;
  const { login } = model;
  if (login === undefined) return;
  const failure = { kind: "refused", refusal } as const;
  // Nobody can register there.
  const final = isFinalRefusal(refusal) || refusal.code === "not-allowed" || model.options.script;
  if (final || login.form !== undefined || ++login.failures >= FAILURES_MAX) {
    return abandon(step, login.intent, failure);
  }
  step.fail(failure);
  model.question = questionAfter(refusal, login.name, password);
}

/** The question to a person whose login was refused. */
function questionAfter({ code }: Refusal, name: string, password: string | undefined): Question {
  if (code.startsWith("invitation-") && password !== undefined) return { kind: "invitation", name, password };
  return { kind: code === "password-invalid" ? "newPassword" : "password", name };
}

/** The token is no longer good: the password is needed again. */
export function resumeFailed(step: Step): void {
  const { model } = step;
  const { account } = model;
  if (account === undefined) return;
  account.token = undefined;
  model.loginRefusal = undefined;
  step.notice({ kind: "sessionEnded", name: account.name });
  startLogin(step, account.name, "again");
}

/**
 * The node refuses a login whose token is good: it is told. Where time helps, as with too many sessions, it is tried
 * again until it passes or the person logs out; else, as with a disabled account, once the person says so.
 */
export function resumeRefused(step: Step, refused: PendingRequest, refusal: Refusal): void {
  const { model } = step;
  const kind = isFinalRefusal(refusal) ? "refused" : "loginRefused";
  if (model.loginRefusal?.code !== refusal.code) step.fail({ kind, refusal });
  model.loginRefusal = refusal;
  if (kind === "refused") step.leave({ kind: "notLoggedIn" });
  else step.delay(refused, Math.max(REFUSED_MS, (refusal.retryAfter ?? 0) * 1_000));
}

/** The person wants a refused login tried again: at once, or at the next node. */
export function resume(step: Step): void {
  const { model } = step;
  if (model.loginRefusal === undefined) return;
  model.loginRefusal = undefined;
  model.pending.drop("resume");
  if (model.node !== undefined) enterAgain(step);
}

/** Gives a login up. At the start of the program there is nothing else to do. */
function abandon(step: Step, intent: LoginIntent, failure: Failure): void {
  const { model } = step;
  model.login = undefined;
  model.question = undefined;
  step.fail(failure);
  if (intent === "start" || (intent === "again" && model.options.script)) {
    step.leave({ kind: "failed", failure });
  } else if (model.options.script && model.loggedIn) {
    // The lines that follow are not meant for the account before.
    step.ask({ name: "logout", payload: null }, { kind: "logout" });
  }
  if (intent === "again") forgetAccount(step);
}

/** Logged in. */
export function entered(step: Step, { name, token, unread, account: id }: Entered, resumed: boolean): void {
  const { model } = step;
  const intent = model.login?.intent;
  const asked = model.login?.name ?? model.account?.name ?? name;
  // A renamed account keeps its messages: its token, or the name before, shows that it is the same.
  const cluster = model.node?.welcome.cluster;
  const isElsewhere = model.account?.cluster !== undefined && model.account.cluster !== cluster;
  const isSame = isSameAccount(model.account?.id, id) ?? (resumed || intent === "again" || isMe(model, name));
  const same = isSame && !isElsewhere;
  if (!same) {
    setAsideRestored(step);
    forgetAccount(step);
  } else if (model.account !== undefined) renameOwn(model, model.account.name, name);
  model.isRestored = false;
  model.login = undefined;
  model.loginRefusal = undefined;
  model.pending.drop("resume");
  model.account = { name, token, id: id ?? (same ? model.account?.id : undefined), cluster };
  model.loggedIn = true;
  nameOwnChat(model, asked);
  model.names.set(name.toLowerCase(), name);
  if (!sameName(asked, name)) {
    step.notice({ kind: "accountRenamed", from: asked, to: name });
  }
  const fresh = !resumed && intent !== "again" && model.options.receives;
  if (fresh) step.notice({ kind: "loggedIn", name, node: model.node?.name });
  model.countsDue = false;
  if (model.options.receives) askChats(step, fresh && unread > 0 ? "welcome" : "nothing");
  catchUp(step, same);
  if (fresh && !model.options.script) learnNames(step);
  beginLooking(step);
  step.flush();
}

/** Compares two ids; undefined if one of them is unknown. */
function isSameAccount(one: string | undefined, other: string | undefined): boolean | undefined {
  return one === undefined || other === undefined ? undefined : one === other;
}
