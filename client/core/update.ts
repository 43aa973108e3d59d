/**
 * The one place where something happens to the client: an input comes in, the model changes, effects go
 * out. The same inputs always give the same.
 *
 * @module
 */

import { sendMessage } from "./commands_talk.ts";
import { runLine } from "./commands.ts";
import { takePush } from "./incoming.ts";
import { connected, disconnected, startLogin } from "./login.ts";
import { attend } from "./messages.ts";
import type { Input, Model } from "./model.ts";
import { askHistory } from "./pages.ts";
import { cancelQuestion, takeAnswer } from "./questions.ts";
import { takeReply } from "./replies.ts";
import { type Effect, Step } from "./step.ts";

/** Changes the model; returns what must happen outside, in order. */
export function update(model: Model, input: Input): readonly Effect[] {
  const step = new Step(model);
  act(step, input);
  return step.effects;
}

function act(step: Step, input: Input): void {
  const { model } = step;
  switch (input.kind) {
    case "start":
      if (input.user !== undefined) return startLogin(step, input.user, "start");
      if (!model.options.script) model.question = { kind: "name" };
      return;
    case "connected":
      connected(step, input.welcome);
      return step.flush();
    case "disconnected":
      return disconnected(step, input.reason);
    case "reply":
      return takeReply(step, input.serial, input.reply);
    case "push":
      return takePush(step, input.push);
    case "line":
      return runLine(step, input.text, input.id, input.timestamp);
    case "send":
      return sendMessage(step, input.to, input.text, input.id, input.timestamp);
    case "history":
      return askHistory(step, input.with, input.count, { ids: [], older: false });
    case "answer":
      return takeAnswer(step, input.text);
    case "cancel":
      return cancelQuestion(step);
    case "attention":
      return attend(step, input.attended);
    case "wakeUp":
      model.pending.wakeUp();
      return step.flush();
  }
}

/** Whether everything that was asked for has been answered, so that a script may go on. */
export function isSettled(model: Model): boolean {
  return model.pending.size === 0 && model.question === undefined && model.login === undefined;
}
