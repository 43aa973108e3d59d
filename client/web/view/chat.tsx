/**
 * The open chat.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { sameName } from "../../core/messages.ts";
import { SAVED_TEXT_BYTES } from "../../core/saved_parts.ts";
import { visibleText } from "../../../common/visible_text.ts";
import { canSend, excessOf, textOf } from "../page/act_history.ts";
import type { Opened } from "../page/opened.ts";
import { hashOf } from "../page/route.ts";
import { EN } from "../texts/en.ts";
import { History } from "./history.tsx";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { Avatar, Name, Presence } from "./names.tsx";
import type { Props } from "./props.ts";

interface ChatProps extends Props {
  readonly opened: Opened;
}

interface ChatScreenProps extends ChatProps {
  /** True while another screen is in its place: it stays in the document, and its history where it is. */
  readonly isCovered: boolean;
}

/** The open chat: its head, its history, its composer. */
export function ChatScreen({ page, act, opened, isCovered }: ChatScreenProps): VNode {
  const { chat } = opened;
  const id = isCovered ? undefined : "screen-name";
  return (
    <section class="screen chat" hidden={isCovered} aria-labelledby={id}>
      <header class="head-bar">
        <Back page={page} act={act} />
        <Avatar of={chat.name} isOnline={chat.online} />
        <span class="head-text">
          <h2 id={id} tabIndex={-1}>
            <Name of={chat.name} />
          </h2>
          <Standing page={page} act={act} opened={opened} />
        </span>
        <Menu page={page} act={act} of={{ kind: "chat" }} label={EN.chat.menu} isStop />
      </header>
      <History key={opened.number} page={page} act={act} opened={opened} />
      {chat.former && <p class="warning">{EN.chat.former(visibleText(chat.name))}</p>}
      <Composer page={page} act={act} opened={opened} />
    </section>
  );
}

/** The way back to the lists, where there is no room for both. */
export function Back({ page }: Props): VNode {
  return (
    <a class="back" href={hashOf({ kind: page.list })} aria-label={EN.chat.back}>
      <Icon name="back" />
    </a>
  );
}

function Standing({ page, opened: { chat } }: ChatProps): VNode | null {
  if (chat.former) return <span class="presence">{EN.lists.gone}</span>;
  if (sameName(chat.name, page.model.account?.name)) return <span class="presence">{EN.lists.self}</span>;
  return <Presence isOnline={chat.online} />;
}

/** Lines of the composer before it scrolls, where the browser does not fit it to its text. */
const ROWS_MAX = 8;

function Composer({ page, act, opened: { chat } }: ChatProps): VNode {
  const text = textOf(page, chat);
  const excess = excessOf(page, chat);
  const excessText = page.longTexts.has(chat)
    ? EN.chat.excessNotKept(excess, SAVED_TEXT_BYTES)
    : EN.chat.excess(excess);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        act({ kind: "send" });
      }}
    >
      <textarea
        id="composer"
        dir="auto"
        rows={Math.min(ROWS_MAX, text.split("\n").length)}
        aria-label={EN.chat.composer(visibleText(chat.name))}
        aria-describedby="excess"
        placeholder={EN.chat.placeholder}
        enterkeyhint={page.isTouch || !page.settings.enterSends ? "enter" : "send"}
        value={text}
        onInput={(event) => act({ kind: "typed", text: event.currentTarget.value })}
      />
      <span id="excess" class="excess" role="status">{excess > 0 && excessText}</span>
      <button type="submit" class="send" aria-label={EN.chat.send} disabled={!canSend(page, chat)}>
        <Icon name="send" />
      </button>
    </form>
  );
}
