/**
 * The history of the open chat.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { sameName } from "../../core/messages.ts";
import { visibleText } from "../../../common/visible_text.ts";
import { type HistoryRow, historyRows } from "../page/history_rows.ts";
import { chosenOf, hasOlder, newBelow, type Opened, windowOf } from "../page/opened.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import { Kept } from "./kept.tsx";
import { openItemOf } from "./menu.tsx";
import { MessageLine } from "./message.tsx";
import type { Props } from "./props.ts";

interface HistoryProps extends Props {
  readonly opened: Opened;
}

/** The history: its messages, and the way to the newest one. */
export function History({ page, act, opened }: HistoryProps): VNode {
  const rows = historyRows(page, opened);
  const chosen = chosenOf(windowOf(page.model, opened), opened);
  return (
    <div class="history-place">
      <ol id="history" class="history" role="list" aria-label={EN.chat.history}>
        <Beginning page={page} act={act} opened={opened} />
        {rows.map((row) => <Row key={row.key} page={page} act={act} row={row} isStop={row.key === chosen} />)}
      </ol>
      <ToBottom page={page} act={act} opened={opened} />
    </div>
  );
}

interface RowProps extends Props {
  readonly row: HistoryRow;
  readonly isStop: boolean;
}

function Row({ page, act, row, isStop }: RowProps): VNode {
  switch (row.kind) {
    case "day":
      return (
        <li class="day">
          <h3>{page.formats.day(row.timestamp, page.nowSeconds)}</h3>
        </li>
      );
    case "unread":
      return (
        <li id="unread" class="unread-line">
          <span>{EN.newMessages(row.count)}</span>
        </li>
      );
    case "message":
      return <KeptMessage page={page} act={act} row={row} isStop={isStop} />;
  }
}

function KeptMessage(
  { page, act, row, isStop }: RowProps & { readonly row: Extract<HistoryRow, { kind: "message" }> },
): VNode {
  const { message: { id, revision }, begins, isLastOwn, isOwn } = row;
  const item = openItemOf(page, { kind: "message", id });
  return (
    <Kept
      values={[id, revision, begins, isLastOwn, isOwn, isStop, item, page.formats]}
      draw={() => <MessageLine page={page} act={act} row={row} isStop={isStop} />}
    />
  );
}

/** What stands above the first message. */
function Beginning({ page, opened }: HistoryProps): VNode | null {
  const { chat, isAnswered, asked } = opened;
  const { above, messages } = windowOf(page.model, opened);
  if (above > 0) return null;
  if (asked !== undefined) return <li class="note">{EN.chat.older}</li>;
  if (!isAnswered && messages.length === 0 && page.model.node !== undefined) {
    return <li class="note">{EN.chat.loading}</li>;
  }
  if (hasOlder(opened) || !isAnswered || chat.former) return null;
  const isSelf = sameName(chat.name, page.model.account?.name);
  return <li class="note">{isSelf ? EN.chat.beginsWithSelf : EN.chat.begins(visibleText(chat.name))}</li>;
}

function ToBottom({ page, act, opened }: HistoryProps): VNode | null {
  if (opened.isAtBottom) return null;
  const count = newBelow(page.model, opened);
  const label = count > 0 ? EN.newMessages(count) : EN.chat.toBottom;
  return (
    <button
      type="button"
      class={count > 0 ? "to-bottom counted" : "to-bottom"}
      aria-label={label}
      title={EN.chat.toBottom}
      onClick={() => act({ kind: "toBottom" })}
    >
      {count > 0 && <span>{label}</span>}
      <Icon name="down" />
    </button>
  );
}
