/**
 * Notifications: one for messages that come one soon after the other.
 *
 * @module
 */

import type { Message } from "../../core/message.ts";
import { isUnread } from "../../core/messages.ts";
import { EN } from "../texts/en.ts";
import { routeOfChat } from "./navigation.ts";
import type { Notification, Order } from "./orders.ts";
import type { Page } from "./page.ts";
import { hashOf } from "./route.ts";

/** Time between the messages of one burst, and between the notifications that tell of it, seconds. */
const BURST_SECONDS = 1;

/**
 * Tells of messages that nobody has seen come: of the first at once, of the others of its burst a second later. The
 * burst is followed while somebody looks, too: its tag must be that of the other tabs, which may not be looked at.
 */
export function notifyOf(page: Page, received: readonly Message[]): readonly Order[] {
  const { model, nowSeconds, isLooking } = page;
  const unread = received.filter(({ id }) => {
    const message = model.messages.get(id);
    return message !== undefined && isUnread(model, message);
  });
  const newest = unread.at(-1);
  if (newest === undefined || !isWanted(page)) return [];
  const before = page.burst !== undefined && isFresh(page, page.burst.newestAt) ? page.burst : undefined;
  page.burst = {
    tag: before?.tag ?? newest.id,
    count: isLooking ? 0 : (before?.count ?? 0) + unread.length,
    hash: hashOf(routeOfChat(newest.chat)),
    newestAt: nowSeconds,
    notifiedAt: before?.notifiedAt,
    isBehind: !isLooking,
  };
  return notifyBurst(page, newest);
}

/** Tells how many the messages of the burst are by now, in the place of its notification; a single one in full. */
export function notifyBurst(page: Page, newest?: Message): readonly Order[] {
  const { burst, nowSeconds } = page;
  if (!burst?.isBehind || !isWanted(page)) return [];
  if (burst.notifiedAt !== undefined && isFresh(page, burst.notifiedAt)) return [];
  page.burst = { ...burst, notifiedAt: nowSeconds, isBehind: false };
  const { tag, count, hash } = burst;
  const text = count === 1 && newest !== undefined ? textOf(page, newest) : undefined;
  return [{
    kind: "notify",
    notification: { tag, hash, ...(text ?? { title: EN.newMessages(count), body: "" }) },
  }];
}

/** Who looks sees the messages themselves: only those that come later are told of. */
export function endBurst(page: Page): void {
  if (page.burst !== undefined) page.burst = { ...page.burst, count: 0, isBehind: false };
}

/** Time at which the next notification of a burst is due, seconds; undefined if none is. */
export function burstDueAt({ burst }: Page): number | undefined {
  return burst?.isBehind ? (burst.notifiedAt ?? 0) + BURST_SECONDS : undefined;
}

/** A clock that is set back must not end all notifications. */
function isFresh({ nowSeconds }: Page, atSeconds: number): boolean {
  return Math.abs(nowSeconds - atSeconds) < BURST_SECONDS;
}

function isWanted({ settings: { notifications }, isPermitted }: Page): boolean {
  return notifications !== "off" && isPermitted;
}

function textOf({ settings }: Page, { sender, content }: Message): Pick<Notification, "title" | "body"> {
  return { title: sender, body: settings.notifications === "withText" ? content : EN.newMessages(1) };
}
