/**
 * Things that are told for a while, and the passing of time.
 *
 * @module
 */

import type { Model } from "../../core/model.ts";
import { waitOf } from "./forms.ts";
import type { Page, Told } from "./page.ts";

/** Things that are told at one time. */
const TOLD_MAX = 3;

/** Time for which news are told, seconds; failures stay until they are dismissed. */
const TOLD_SECONDS = 6;

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

/** Time passes: what was told long ago goes. */
export function tick(page: Page, nowSeconds: number): void {
  page.nowSeconds = nowSeconds;
  const isNew = ({ isAlert, atSeconds }: Told): boolean => isAlert || nowSeconds - atSeconds < TOLD_SECONDS;
  if (!page.told.every(isNew)) page.told = page.told.filter(isNew);
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
  const { nowSeconds, connection: { lostAt }, told, login, dialog } = page;
  const form = dialog !== undefined && "form" in dialog ? dialog.form : login;
  const times = [
    ...(lostAt === undefined || isOffline(page) ? [] : [lostAt + BANNER_SECONDS]),
    ...told.filter(({ isAlert }) => !isAlert).map(({ atSeconds }) => atSeconds + TOLD_SECONDS),
    ...(waitOf(form, nowSeconds) > 0 ? [nowSeconds + 1] : []),
  ];
  const waits = times.map((time) => Math.max(10, Math.ceil((time - nowSeconds) * 1_000)));
  return Math.min(IDLE_MS, ...waits);
}
