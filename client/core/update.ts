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
import { type Effect, Turn } from "./step.ts";

/** Changes the model; returns what must happen outside, in order. */
export function update(model: Model, input: Input): readonly Effect[] {
  const turn = new Turn(model);
  act(turn, input);
  return turn.effects;
}

function act(turn: Turn, input: Input): void {
  const { model } = turn;
  switch (input.kind) {
    case "start":
      if (input.user !== undefined) return startLogin(turn, input.user, "start");
      if (!model.options.script) model.question = { kind: "name" };
      return;
    case "connected":
      connected(turn, input.welcome);
      return turn.flush();
    case "disconnected":
      return disconnected(turn, input.reason);
    case "reply":
      return takeReply(turn, input.serial, input.reply);
    case "push":
      return takePush(turn, input.push);
    case "line":
      return runLine(turn, input.text, input.id, input.timestamp);
    case "send":
      return sendMessage(turn, input.to, input.text, input.id, input.timestamp);
    case "history":
      return askHistory(turn, input.with, input.count, { ids: [], older: false });
    case "answer":
      return takeAnswer(turn, input.text);
    case "cancel":
      return cancelQuestion(turn);
    case "attention":
      return attend(turn, input.attended);
    case "wakeUp":
      model.outbox.wakeUp();
      return turn.flush();
  }
}

/** Whether everything that was asked for has been answered, so that a script may go on. */
export function isSettled(model: Model): boolean {
  return model.outbox.size === 0 && model.question === undefined && model.login === undefined;
}
