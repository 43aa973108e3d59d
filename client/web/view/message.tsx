/**
 * A message in the history.
 *
 * @module
 */

import { h, type VNode } from "preact";
import type { Message } from "../../core/message.ts";
import { visibleText } from "../../../common/visible_text.ts";
import type { HistoryRow } from "../page/history_rows.ts";
import { unsentItems } from "../page/menus.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { Name } from "./names.tsx";
import type { Props } from "./props.ts";
import { Text } from "./text.tsx";

interface MessageProps extends Props {
  readonly row: Extract<HistoryRow, { kind: "message" }>;
  /** True for the message that Tab leads to. */
  readonly isStop: boolean;
}

/** A message: one line of the list, and one stop of Tab, whose parts are its name for people who hear the page. */
export function MessageLine({ page, act, row, isStop }: MessageProps): VNode {
  const { message, isOwn, begins, isLastOwn } = row;
  const { id, sender, content, timestamp, status } = message;
  const { formats } = page;
  const fullTime = formats.full(timestamp);
  const parts = ["who", "text", "time", ...(isOwn ? ["state"] : [])];
  return (
    <li
      data-id={id}
      class={`message ${isOwn ? "own" : "theirs"}${begins ? " begins" : ""} is-${status}`}
      tabIndex={isStop ? 0 : -1}
      aria-labelledby={parts.map((part) => `${part}-${id}`).join(" ")}
      onFocus={(event) => {
        if (event.target === event.currentTarget) act({ kind: "chooseMessage", id, moves: false });
      }}
    >
      <span class="head">
        <span id={`who-${id}`} class={isOwn ? "hidden" : undefined}>
          <Name of={sender} />
        </span>
        <time id={`time-${id}`} dateTime={formats.iso(timestamp)} title={fullTime}>
          {formats.time(timestamp)}
        </time>
      </span>
      <span class="line">
        <span class="bubble" title={fullTime}>
          <span id={`text-${id}`} class="text" dir="auto">
            <Text of={content} />
          </span>
          {isOwn && <State message={message} isInWords={isLastOwn} />}
        </span>
        <Menu page={page} act={act} of={{ kind: "message", id }} label={EN.message.menu} isStop={false} />
      </span>
      {(status === "failed" || status === "held") && <WaysOut message={message} act={act} />}
    </li>
  );
}

function State({ message: { id, status }, isInWords }: { message: Message; isInWords: boolean }): VNode {
  const word = EN.message.states[status];
  const name = status === "held" ? "failed" : status;
  return (
    <span id={`state-${id}`} class="state" title={word}>
      <Icon name={name} />
      <span class={isInWords ? "state-word" : "hidden"}>{word}</span>
    </span>
  );
}

/** The reason why a message was not sent, and what the person can do. */
function WaysOut({ message, act }: { message: Message; act: Props["act"] }): VNode {
  const { status, recipient, refusal } = message;
  const name = visibleText(recipient);
  const reason = status === "held" || refusal === undefined
    ? EN.message.held(name)
    : EN.message.failed(visibleText(EN.refusal(refusal)));
  return (
    <span class="ways-out">
      <span class="reason" role="alert">{reason}</span>
      {unsentItems(message).map(({ label, does }) => (
        <button
          key={label}
          type="button"
          class="small"
          tabIndex={-1}
          onClick={() => "kind" in does && act(does)}
        >
          {EN.menu[label]}
        </button>
      ))}
    </span>
  );
}
