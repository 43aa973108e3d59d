/**
 * Things that are told for a while, and the passing of time.
 *
 * @module
 */

import type { Model } from "../../core/model.ts";
import { waitOf } from "./forms.ts";
import { burstDueAt, notifyBurst } from "./notifying.ts";
import type { Order } from "./orders.ts";
import type { Heard, Page, Told } from "./page.ts";

/** Things that are told at one time. */
const TOLD_MAX = 3;

/** Time for which news are told, seconds; failures stay until they are dismissed. */
const TOLD_SECONDS = 6;

/** Time for which a new message stands where only a screen reader finds it, seconds: it says it once. */
const HEARD_SECONDS = 10;

/** Time without a node after which the page says so, seconds. */
const BANNER_SECONDS = 1;

/** Time between two looks at what the times of messages are called, ms. */
const IDLE_MS = 30_000;

/** Tells something, once; the oldest makes room. */
export function tell(page: Page, of: Told["of"], isAlert: boolean): void {
  const told = { number: ++page.lastNumber, of, isAlert, atSeconds: page.nowSeconds };
  const others = page.told.filter((each) => JSON.stringify(each.of) !== JSON.stringify(of));
  page.told = [...others, told].slice(-TOLD_MAX);
}

/** Time passes: what was told or said long ago goes, and a burst of messages is told of. */
export function tick(page: Page, nowSeconds: number): readonly Order[] {
  page.nowSeconds = nowSeconds;
  const isNew = ({ isAlert, atSeconds }: Told): boolean => isAlert || nowSeconds - atSeconds < TOLD_SECONDS;
  if (!page.told.every(isNew)) page.told = page.told.filter(isNew);
  const isHeard = ({ atSeconds }: Heard): boolean => nowSeconds - atSeconds < HEARD_SECONDS;
  if (!page.heard.every(isHeard)) page.heard = page.heard.filter(isHeard);
  return notifyBurst(page);
}

/** True if the page is to say that there is no node. */
export function isOffline({ connection: { lostAt }, nowSeconds }: Page): boolean {
  return lostAt !== undefined && nowSeconds - lostAt >= BANNER_SECONDS;
}

/** Messages that wait to be sent. */
export function waitingCount({ pending }: Model): number {
  return pending.messageIds.length;
}

/** Time until the next `tick` is needed, ms: as seldom as nothing on the page is missed. */
export function nextTickMs(page: Page): number {
  const { nowSeconds, connection: { lostAt }, told, heard, login, dialog } = page;
  const burstAt = burstDueAt(page);
  const form = dialog !== undefined && "form" in dialog ? dialog.form : login;
  const times = [
    ...(lostAt === undefined || isOffline(page) ? [] : [lostAt + BANNER_SECONDS]),
    ...told.filter(({ isAlert }) => !isAlert).map(({ atSeconds }) => atSeconds + TOLD_SECONDS),
    ...heard.map(({ atSeconds }) => atSeconds + HEARD_SECONDS),
    ...(burstAt === undefined ? [] : [burstAt]),
    ...(waitOf(form, nowSeconds) > 0 ? [nowSeconds + 1] : []),
  ];
  const waits = times.map((time) => Math.max(10, Math.ceil((time - nowSeconds) * 1_000)));
  return Math.min(IDLE_MS, ...waits);
}
