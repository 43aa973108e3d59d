/**
 * The lists beside the chat: chats, people, found messages.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { hasFeature } from "../../core/addressing.ts";
import { visibleText } from "../../../common/visible_text.ts";
import { isInOrder } from "../../core/cluster.ts";
import { unreadTotal } from "../page/lists.ts";
import type { Page } from "../page/page.ts";
import { EN } from "../texts/en.ts";
import { ChatsList } from "./chats_list.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { Avatar, Name } from "./names.tsx";
import { PeopleList } from "./people_list.tsx";
import type { Props } from "./props.ts";
import { SearchList } from "./search_list.tsx";
import { Unread } from "./unread.tsx";

/** The lists, and the person whose they are. */
export function Lists({ page, act }: Props): VNode {
  // Without a node, what the next one can do is not known.
  const { node } = page.model;
  const canSearch = node === undefined || hasFeature(page.model, "search");
  return (
    <nav class="lists" aria-label={EN.lists.chats}>
      <Owner page={page} act={act} />
      <div class="tabs">
        <Tab page={page} of="chats" icon="chats" hash="#/" />
        <Tab page={page} of="people" icon="people" hash="#/people" />
        {canSearch && <Tab page={page} of="search" icon="search" hash="#/search" />}
      </div>
      {page.list === "chats" && <ChatsList page={page} act={act} />}
      {page.list === "people" && <PeopleList page={page} act={act} />}
      {page.list === "search" && <SearchList page={page} act={act} />}
    </nav>
  );
}

interface TabProps extends Pick<Props, "page"> {
  readonly of: Page["list"];
  readonly icon: IconName;
  readonly hash: string;
}

function Tab({ page, of, icon, hash }: TabProps): VNode {
  const unread = of === "chats" ? unreadTotal(page) : 0;
  return (
    <a class="tab" href={hash} aria-current={page.list === of ? "true" : undefined}>
      <Icon name={icon} />
      {EN.lists[of]}
      {unread > 0 && <Unread count={unread} most={99} />}
    </a>
  );
}

/** The person, and how well they are connected. */
function Owner({ page, act }: Props): VNode {
  const name = page.model.account?.name ?? "";
  const face = (
    <span class="owner">
      <Avatar of={name} />
      <span class="owner-text">
        <Name of={name} />
        <span class="standing">{standingOf(page)}</span>
        <span class="hidden">{EN.menu.person(visibleText(name))}</span>
      </span>
      <Icon name="more" />
    </span>
  );
  return (
    <div class="owner-bar">
      <Menu
        page={page}
        act={act}
        of={{ kind: "person" }}
        label={EN.menu.person(visibleText(name))}
        isStop
        face={face}
      />
    </div>
  );
}

function standingOf({ model: { node, clusterShown } }: Page): string {
  if (node === undefined) return EN.lists.offline;
  if (clusterShown === undefined || isInOrder(clusterShown)) return visibleText(node.name);
  const { copies, nodes, alone } = clusterShown;
  return alone === undefined
    ? EN.banner.copies(copies, nodes)
    : visibleText(EN.banner.alone(node.name, alone));
}
