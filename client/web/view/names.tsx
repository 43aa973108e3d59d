/**
 * Names of people, and their signs.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { EN } from "../texts/en.ts";

/** Colours of avatars in the style sheet. */
const COLOURS = 8;

/** A name of somebody else: only text, and in its own direction. */
export function Name({ of }: { readonly of: string }): VNode {
  return <bdi class="name">{visibleText(of)}</bdi>;
}

/** A sign for a person: the first letter, and a dot while they are online. */
export function Avatar(
  { of, isOnline }: { readonly of: string; readonly isOnline?: boolean | undefined },
): VNode {
  const [first = "?"] = visibleText(of);
  const code = [...of.toLowerCase()].reduce(
    (sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 9_973,
    7,
  );
  return (
    <span class={`avatar avatar-${code % COLOURS}`}>
      <span aria-hidden="true">{first.toUpperCase()}</span>
      {isOnline && <span class="dot" />}
    </span>
  );
}

/** Whether somebody is online, for people who do not see the dot; nothing while it is unknown. */
export function Presence({ isOnline }: { readonly isOnline: boolean | undefined }): VNode | null {
  if (isOnline === undefined) return null;
  return <span class="presence">{isOnline ? EN.lists.online : EN.lists.offline}</span>;
}
