/**
 * The look of the console: data as lines, the prompt, the title.
 *
 * @module
 */

import { grouped, guaranteeText, peerStateText } from "../../../common/protocol/cluster_status.ts";
import { visibleText } from "../../../common/visible_text.ts";
import type { ChatEnd } from "../../core/items.ts";
import { isInOrder } from "../../core/cluster.ts";
import { type Message, type MessageStatus, NOT_MET } from "../../core/message.ts";
import { heldCount, inFocus, isMe, otherEnd, sameName } from "../../core/messages.ts";
import type { Model } from "../../core/model.ts";
import { questionText } from "../words/questions.ts";
import { shortId } from "../words/short_ids.ts";
import type { Block } from "./screen.ts";
import type { ShownItem } from "./shown_item.ts";
import { type Line, type Span, span, type Style } from "./spans.ts";
import { visibleTabbed } from "./tabs.ts";
import { dayOf, shortTime, timeOfDay } from "./times.ts";

/** Marks of own messages. */
const MARK: Readonly<Record<MessageStatus, { readonly text: string; readonly style: Style }>> = {
  queued: { text: ".", style: "yellow" },
  held: { text: "?", style: "red" },
  failed: { text: "!", style: "red" },
  unread: { text: "+", style: "dim" },
  delivered: { text: "++", style: "cyan" },
  read: { text: "=", style: "green" },
};

/** On a screen all marks take the same room, so that a line keeps its length when its mark changes. */
const MARK_CELLS = 2;

/** Beginning of the further lines of a message: none of them can pass for another message. */
const CONTINUED = "      | ";

/** Characters of the newest message that a list of chats shows. */
const EXCERPT = 40;

/** The form of a message: on a screen, where its mark may change later, or once and for all. */
interface Form {
  /** True if it may take several lines, for its line breaks. */
  readonly onScreen: boolean;
  /** True if an own message names its recipient. */
  readonly addressed: boolean;
  /** The time of a message, as it is shown. */
  readonly time: (timestamp: number) => string;
}

/** A message as lines. */
export function messageLines(
  model: Model,
  message: Message,
  { onScreen, addressed, time }: Form,
): readonly Line[] {
  const own = isMe(model, message.sender);
  const mark = MARK[message.status];
  const head: Span[] = [
    span(`${time(message.timestamp)} `, "dim"),
    span(`#${shortId(message.number)} `, "dim"),
    ...(own ? [span(onScreen ? mark.text.padEnd(MARK_CELLS) : mark.text, mark.style), span(" ")] : []),
    span(`${endsText(message, own, addressed)}> `, own ? "dim" : "bold"),
  ];
  if (message.deleted) return [[...head, span("(deleted)", "dim")]];
  const [first = "", ...rest] = onScreen
    ? message.content.split(/\r?\n/).map(visibleTabbed)
    : [visibleText(message.content)];
  return [[...head, span(first)], ...rest.map((text) => [span(CONTINUED, "dim"), span(text)])];
}

/** ` (new)` marks a name that another account had before; it cannot be part of a name, which has no spaces. */
function endsText({ sender, recipient, chat }: Message, own: boolean, addressed: boolean): string {
  const mark = chat.succession === undefined ? "" : " (new)";
  if (!own) return `${sender}${mark}`;
  return addressed ? `${sender} to ${recipient}${mark}` : sender;
}

/** A message on a screen, as it is shown now: a screenful of it at most. */
export function messageBlock(model: Model, message: Message): Block {
  return blockOf(model, message, isAddressed(model, message));
}

/** All of a message on a screen, however long it is. */
export function wholeMessageBlock(model: Model, message: Message): Block {
  return { ...messageBlock(model, message), more: undefined };
}

/** A message in every form in which it may be on a screen: a line keeps its form when the chat changes. */
export function messageBlocks(model: Model, message: Message): readonly (Block & { readonly key: string })[] {
  return [false, true].map((addressed) => blockOf(model, message, addressed));
}

function blockOf(model: Model, message: Message, addressed: boolean): Block & { readonly key: string } {
  // A line for each day stands above its messages.
  const lines = messageLines(model, message, { onScreen: true, addressed, time: timeOfDay });
  return { key: `${message.id} ${addressed}`, lines, more: (rows) => moreLine(rows, message) };
}

/** Begins as no row of a message does. */
function moreLine(rowsHidden: number, { number }: Message): Line {
  return [span(`... ${grouped(rowsHidden)} more lines, /show #${shortId(number)}`, "dim")];
}

function isAddressed(model: Model, message: Message): boolean {
  return !inFocus(model, message) && !sameName(model.options.peer, otherEnd(model, message));
}

/**
 * Data as lines of text; on a screen a changed mark takes no line.
 *
 * @param nowMs the present, milliseconds since the Unix epoch
 */
export function itemLines(model: Model, item: ShownItem, onScreen: boolean, nowMs: number): readonly Line[] {
  const time = (timestamp: number): string => shortTime(timestamp, nowMs);
  switch (item.kind) {
    case "message":
      return messageLines(model, item.message, {
        onScreen,
        addressed: isAddressed(model, item.message),
        time,
      });
    case "status":
    case "deleted":
      return onScreen ? [] : changeLines(model, item);
    case "user":
      return [[
        span(item.name.padEnd(20)),
        span(item.online ? " online " : "        ", "green"),
        span(item.unread > 0 ? ` ${item.unread} unread` : ""),
      ]];
    case "blocked":
      return item.names.length === 0
        ? [noticeLine("you block nobody")]
        : item.names.map((name) => [span(name)]);
    case "chat":
      return [[
        span(item.with.padEnd(20), "bold"),
        span(item.unread > 0 ? ` ${item.unread} unread` : "", "yellow"),
        span(item.last === undefined ? "" : `  ${time(item.last.timestamp)} ${excerpt(item.last)}`, "dim"),
      ]];
    case "peer":
      return [[
        span(item.name.padEnd(20)),
        span(` ${peerStateText(item)}`, item.state === "in sync" ? "green" : "yellow"),
      ]];
    case "copies":
      return [[span(guaranteeText(item), item.copies > 1 ? "plain" : "yellow")]];
    case "text":
      return [[span(item.text)]];
  }
}

function changeLines(
  model: Model,
  item: Extract<ShownItem, { kind: "status" | "deleted" }>,
): readonly Line[] {
  const known = item.ids.flatMap((id) => model.messages.get(id) ?? [])
    .filter(({ number }) => number !== NOT_MET);
  const what = item.kind === "deleted" ? `deleted by ${item.by}` : item.status;
  return known.map((message) => [span(`#${shortId(message.number)} ${what}`)]);
}

function excerpt(last: ChatEnd): string {
  const characters = Array.from(last.content);
  const cut = characters.length > EXCERPT ? `${characters.slice(0, EXCERPT).join("")}…` : last.content;
  return `${last.sender}> ${cut}`;
}

/** The prompt: it stands before the line being typed. */
export function promptLine(model: Model): Line {
  if (model.question !== undefined) return [span(questionText(model.question), "bold")];
  const queued = model.pending.messageIds.length;
  const name = focusText(model);
  if (model.node === undefined) {
    const held = heldCount(model);
    const waiting = (queued > 0 ? `, ${queued} queued` : "") + (held > 0 ? `, ${held} held` : "");
    return [span("offline: ", "red"), span(name, "bold"), span(` (reconnecting${waiting})> `)];
  }
  const warnings = heldText(model) + clusterText(model);
  return [span(name, "bold"), span(warnings, "red"), span(unreadText(model), "yellow"), span("> ")];
}

/** `bob`, or `bob (gone)` if the account is not there any more. */
function focusText({ focus, account }: Model): string {
  if (focus !== undefined) return focus.former ? `${focus.name} (gone)` : focus.name;
  return account === undefined ? "(not logged in)" : "(no chat)";
}

/** ` [1 held]`; nothing where there is nothing. */
function heldText(model: Model): string {
  const held = heldCount(model);
  return held > 0 ? ` [${held} held]` : "";
}

/** ` [node2 alone: copies 1 of 3]`; nothing while everything is in order. */
function clusterText({ clusterShown: state, node }: Model): string {
  if (state === undefined || isInOrder(state)) return "";
  const copies = `copies ${state.copies} of ${state.nodes}`;
  return state.alone === undefined ? ` [${copies}]` : ` [${node?.name} alone: ${copies}]`;
}

/** ` [3 unread: carol 2, dan 1]`, of all chats but the focused one; nothing where there is nothing. */
function unreadText(model: Model): string {
  const unread = unreadOutside(model);
  if (unread.length === 0) return "";
  const total = unread.reduce((sum, chat) => sum + chat.unread, 0);
  const named = unread.slice(0, 3).map((chat) => `${chat.name} ${chat.unread}`).join(", ");
  return ` [${total} unread: ${named}${unread.length > 3 ? ", ..." : ""}]`;
}

/** The chats with unread messages but the focused one, those with the most first. */
export function unreadOutside(model: Model): readonly { readonly name: string; readonly unread: number }[] {
  return model.chats.all
    .filter((chat) => chat.unread > 0 && chat !== model.focus)
    .sort((one, other) => other.unread - one.unread);
}

/** The title of the window: the chat, and the number of unread messages, without those that somebody looks at. */
export function titleOf(model: Model, isWatched: boolean): string {
  const outside = unreadOutside(model).reduce((sum, chat) => sum + chat.unread, 0);
  const total = outside + (isWatched ? 0 : model.focus?.unread ?? 0);
  const name = model.focus?.name ?? model.account?.name ?? "chat";
  return visibleText(total > 0 ? `(${total}) ${name}` : name);
}

/** A line that says something about the client itself. */
export function noticeLine(text: string): Line {
  return [span(`-- ${text}`, "dim")];
}

/** A line that says that something did not work. */
export function errorLine(text: string): Line {
  return [span(`!! ${text}`, "red")];
}

/** A line that says on which day the messages below it were sent. */
export function dayLine(timestamp: number): Line {
  return [span(`-- ${dayOf(timestamp)}`, "dim")];
}
