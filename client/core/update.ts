/**
 * The one place where something happens to the client: an input comes in, the model changes, effects go
 * out. The same inputs always give the same.
 *
 * @module
 */

import { askBlocked, askToBlock } from "./blocking.ts";
import { takePush } from "./incoming.ts";
import { askHistory } from "./history.ts";
import { changePassword, deleteAccount, enter } from "./forms.ts";
import type { CommonInput, Input } from "./inputs.ts";
import { logOut } from "./leaving.ts";
import { connected, disconnected, resume, start, startLogin } from "./login.ts";
import { recall } from "./kept.ts";
import { lookAtCluster } from "./cluster.ts";
import { hasMarks, markRead, tellMarks } from "./marks.ts";
import { see } from "./messages.ts";
import type { Model } from "./model.ts";
import type { Cause } from "./pending_requests.ts";
import { askStatus, meetForeignNode, moveTo } from "./nodes.ts";
import { draft, outboxOf, outboxRevision, restore } from "./outbox.ts";
import { openChat } from "./pages.ts";
import { takeReply } from "./replies.ts";
import { askSearch } from "./search.ts";
import { deleteMessages, drop, edit, retry, sendAnyway, sendMessage } from "./sending.ts";
import { type Effect, Step } from "./step.ts";
import { followPeople, lookAgain, lookAt } from "./watching.ts";

/** A table of inputs: one row for each kind. */
export type Handlers<Any extends Input> = {
  readonly [Kind in Any["kind"]]: (step: Step, input: Extract<Any, { kind: Kind }>) => void;
};

/** THE table of what can happen to any client. */
export const HANDLERS: Handlers<CommonInput> = {
  connected: (step, { welcome }) => connected(step, welcome),
  disconnected: (step, { reason }) => disconnected(step, reason),
  foreignNode: (step, { place, cluster }) => meetForeignNode(step, place, cluster),
  reply: (step, { serial, reply }) => takeReply(step, serial, reply),
  push: (step, { push }) => takePush(step, push),
  wakeUp: (step) => step.wakeUp(),
  tellMarks: (step) => tellMarks(step),
  lookAtCluster: (step) => lookAtCluster(step),
  look: (step, { turn }) => lookAgain(step, turn),
  start: (step, { user, token, account }) => start(step, user, token, account),
  seen: (step, { ids }) => see(step, ids),
  send: (step, message) => sendMessage(step, message),
  retry: (step, { id }) => retry(step, id),
  edit: (step, { id }) => edit(step, id),
  discard: (step, { id }) => void drop(step, id),
  draft: (step, { chat, text }) => draft(step, chat, text),
  restore: (step, { saved }) => restore(step, saved),
  recall: (step, { kept }) => recall(step, kept),
  sendAnyway: (step, input) => sendAnyway(step, input),
  openChat: (step, input) => openChat(step, input.with),
  closeChat: ({ model }) => model.focus = undefined,
  history: (step, { kind: _, ...range }) => askHistory(step, range),
  search: (step, { kind: _, ...range }) => askSearch(step, range),
  lookAt: (step, wish) => lookAt(step, wish),
  markRead: (step, input) => markRead(step, input.with),
  deleteMessages: (step, { ids, count = ids.length }) => deleteMessages(step, ids, count),
  login: (step, input) => logIn(step, input),
  register: (step, input) => logIn(step, input),
  resume: (step) => resume(step),
  logout: (step) => logOut(step),
  block: (step, { name, blocked }) => askToBlock(step, name, blocked),
  listBlocked: (step) => askBlocked(step),
  changePassword: (step, { passwords }) => changePassword(step, passwords),
  deleteAccount: (step, { name, password }) => deleteAccount(step, name, password),
  nodeStatus: (step) => askStatus(step),
  moveTo: (step, { node }) => moveTo(step, node),
};

type Login = Extract<Input, { kind: "login" | "register" }>;

function logIn(step: Step, input: Login): void {
  const { kind, name, password } = input;
  if (password === undefined) startLogin(step, name, kind);
  else enter(step, kind, name, { ...input, password });
}

/**
 * Changes the model.
 *
 * @param handlers the inputs that the client takes
 * @param cause name of the line that the input comes from; a reply has the cause of its request
 * @returns the effects that must happen outside, in order
 */
export function update<Any extends Input>(
  model: Model,
  input: Any,
  handlers: Handlers<Any>,
  cause?: Cause,
): readonly Effect[] {
  const step = new Step(model, input.kind === "reply" ? model.pending.causeOf(input.serial) : cause);
  // The row of an input takes that input, which the type of the table says and a look-up forgets.
  const handle: (step: Step, input: never) => void = handlers[input.kind as Any["kind"]];
  const before = outboxRevision(model);
  handle(step, input as never);
  followPeople(model);
  const saves = model.options.saves && outboxRevision(model) !== before;
  if (!saves) return step.effects;
  const [first, ...others] = step.effects;
  const save = { kind: "save", ...outboxOf(model) } as const;
  return first?.kind === "setAside" ? [first, save, ...others] : [save, ...step.effects];
}

/** True if every request was made and answered and no question is open, so that a script may go on. */
export function isSettled(model: Model): boolean {
  return model.pending.size === 0 && !hasMarks(model) && model.question === undefined &&
    model.login === undefined;
}
