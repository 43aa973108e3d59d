/**
 * The list of chats, and of people to begin one with.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Chat } from "../../core/chats.ts";
import type { Message } from "../../core/message.ts";
import { isMe, sameName } from "../../core/messages.ts";
import { chatRows, isShown, keyOf } from "../page/lists.ts";
import { routeOfChat } from "../page/navigation.ts";
import { hashOf } from "../page/route.ts";
import { EN } from "../texts/en.ts";
import { Field, More } from "./fields.tsx";
import { Icon } from "./icons.tsx";
import { Kept } from "./kept.tsx";
import { Unread } from "./unread.tsx";
import { Menu, openItemOf } from "./menu.tsx";
import { Avatar, Name, Presence } from "./names.tsx";
import { PersonRow } from "./people_list.tsx";
import type { Props } from "./props.ts";
import { lineOf } from "./text.tsx";

/** The list of chats. */
export function ChatsList({ page, act }: Props): VNode {
  const { chats, hasMore } = chatRows(page);
  const isFinding = page.find.trim() !== "";
  return (
    <>
      <Field
        id="find"
        label={EN.lists.find}
        value={page.find}
        typed={(text) => act({ kind: "findTyped", text })}
      />
      <div class="rows-place">
        <ul class="rows" role="list">
          {chats.map((chat) => <Row key={keyOf(chat)} page={page} act={act} chat={chat} />)}
        </ul>
        {hasMore && <More label={EN.lists.more} act={() => act({ kind: "moreChats" })} />}
        {chats.length === 0 && !isFinding && page.model.namesTold && <p class="empty">{EN.lists.noChats}</p>}
        {isFinding && <Others page={page} act={act} chats={chats} />}
      </div>
    </>
  );
}

/** People who match, without those whose chats are shown above. */
function Others({ page, act, chats }: Props & { readonly chats: readonly Chat[] }): VNode | null {
  const others = page.model.people.rows.filter(({ name }) =>
    !chats.some((chat) => sameName(chat.name, name))
  );
  if (others.length === 0) {
    return chats.length > 0 || !page.model.people.told
      ? null
      : <p class="empty">{EN.lists.nobody(visibleText(page.find.trim()))}</p>;
  }
  return (
    <>
      <h2 class="rows-name">{EN.lists.people}</h2>
      <ul class="rows" role="list">
        {others.map((person) => <PersonRow key={person.name} page={page} act={act} person={person} />)}
      </ul>
    </>
  );
}

interface RowProps extends Props {
  readonly chat: Chat;
}

function Row({ page, act, chat }: RowProps): VNode {
  const last = page.model.messages.last(chat);
  const time = last === undefined ? "" : page.formats.brief(last.timestamp, page.nowSeconds);
  const isOpen = isShown(page, chat);
  const item = openItemOf(page, { kind: "row", key: keyOf(chat) });
  return (
    <Kept
      values={[chat, chat.revision, time, isOpen, item, page.model.account?.name]}
      draw={() => <RowLine page={page} act={act} chat={chat} last={last} time={time} isOpen={isOpen} />}
    />
  );
}

interface LineProps extends RowProps {
  readonly last: Message | undefined;
  readonly time: string;
  readonly isOpen: boolean;
}

function RowLine({ page, act, chat, last, time, isOpen }: LineProps): VNode {
  const { name, unread, former, online } = chat;
  return (
    <li class={unread > 0 ? "row has-unread" : "row"}>
      <a class="row-link" href={hashOf(routeOfChat(chat))} aria-current={isOpen ? "page" : undefined}>
        <Avatar of={name} isOnline={online} />
        <span class="row-text">
          <span class="row-top">
            <Name of={name} />
            {former && <span class="tag">{EN.lists.gone}</span>}
            <span class="hidden">
              <Presence isOnline={online} />
            </span>
            <span class="row-time">{time}</span>
          </span>
          <span class="row-bottom">
            <LastLine page={page} act={act} chat={chat} last={last} isOpen={isOpen} />
            {unread > 0 && <Unread count={unread} most={999} />}
          </span>
        </span>
      </a>
      {unread > 0 && !former && (
        <Menu
          page={page}
          act={act}
          of={{ kind: "row", key: keyOf(chat) }}
          label={EN.lists.rowMenu(visibleText(name))}
          isStop={false}
        />
      )}
    </li>
  );
}

/** What was begun to be written, or the last message with the state of an own one. */
function LastLine({ page, chat, last, isOpen }: Omit<LineProps, "time">): VNode {
  if (chat.draft !== "" && !isOpen) {
    return (
      <span class="last" dir="auto">
        <span class="draft-mark">{EN.lists.draft}</span> {lineOf(chat.draft)}
      </span>
    );
  }
  if (last === undefined) return <span class="last" />;
  const isOwn = isMe(page.model, last.sender);
  const icon = last.status === "held" ? "failed" : last.status;
  return (
    <span class="last" dir="auto">
      {isOwn && <Icon name={icon} label={EN.message.states[last.status]} />}
      {lineOf(last.content)}
    </span>
  );
}
