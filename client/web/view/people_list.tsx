/**
 * The list of people.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Person } from "../../core/people_list.ts";
import { sameName } from "../../core/messages.ts";
import { isShown } from "../page/lists.ts";
import { hashOf } from "../page/route.ts";
import { EN } from "../texts/en.ts";
import { Field, More } from "./fields.tsx";
import { Kept } from "./kept.tsx";
import { Avatar, Name, Presence } from "./names.tsx";
import type { Props } from "./props.ts";
import { Unread } from "./unread.tsx";

/** Everybody, or those who match what is typed. */
export function PeopleList({ page, act }: Props): VNode {
  const { rows, more, told } = page.model.people;
  const filter = page.peopleFilter.trim();
  return (
    <>
      <Field
        id="people-filter"
        label={EN.lists.filter}
        value={page.peopleFilter}
        typed={(text) => act({ kind: "peopleTyped", text })}
      />
      <div class="rows-place">
        {page.peopleAfter !== undefined && (
          <More
            label={EN.lists.first}
            act={() => act({ kind: "firstPeople" })}
          />
        )}
        <ul class="rows" role="list">
          {rows.map((person) => <PersonRow key={person.name} page={page} act={act} person={person} />)}
        </ul>
        {more && <More label={EN.lists.more} act={() => act({ kind: "morePeople" })} />}
        {rows.length === 0 && told && (
          <p class="empty">{filter === "" ? EN.lists.noPeople : EN.lists.nobody(visibleText(filter))}</p>
        )}
      </div>
    </>
  );
}

interface PersonProps extends Props {
  readonly person: Person;
}

/** A person: a click opens the chat with them. */
export function PersonRow({ page, person }: PersonProps): VNode {
  const { name, unread, revision } = person;
  const { account, chats, node } = page.model;
  const isSelf = sameName(name, account?.name);
  // A node may tell of this session a little later than it has begun.
  const online = isSelf ? node !== undefined : person.online;
  const isOpen = isShown(page, chats.named(name));
  return (
    <Kept
      values={[name, revision, online, isSelf, isOpen]}
      draw={() => (
        <li class={unread > 0 ? "row has-unread" : "row"}>
          <a
            class="row-link"
            href={hashOf({ kind: "chat", name })}
            aria-current={isOpen ? "page" : undefined}
          >
            <Avatar of={name} isOnline={online} />
            <span class="row-text">
              <span class="row-top">
                <Name of={name} />
                {isSelf && <span class="tag">{EN.lists.self}</span>}
              </span>
              <span class="row-bottom">
                <Presence isOnline={online} />
                {unread > 0 && <Unread count={unread} most={999} />}
              </span>
            </span>
          </a>
        </li>
      )}
    />
  );
}
