/**
 * The icons of the page: lines on a grid of 24.
 *
 * @module
 */

import { h, type VNode } from "preact";

const PATHS = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4.5 4.5",
  send: "M4 12h14M12 5.5 18.5 12 12 18.5",
  back: "M15 5l-7 7 7 7",
  down: "M5 9l7 7 7-7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  warning: "M12 4 2.8 20h18.4L12 4Zm0 6v4.5m0 2.8v.01",
  chats: "M4 5h16v11H10l-5 4v-4H4V5Z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.6a3.3 3.3 0 0 1 0 6.2m2 4c2 .9 3.2 2.6 3.5 5.2",
  queued: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 3.5V12l3 2",
  unread: "M5 12.5 10 17.5 19.5 7",
  delivered: "M2 12.5 7 17.5 16 8M11.5 16.5l1.5 1 9-9.5",
  read:
    "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  failed: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 4v5m0 3v.01",
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon; without a `label`, it only repeats what stands beside it. */
export function Icon({ name, label }: { readonly name: IconName; readonly label?: string }): VNode {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      role={label === undefined ? undefined : "img"}
      aria-hidden={label === undefined ? "true" : undefined}
      aria-label={label}
    >
      {label !== undefined && <title>{label}</title>}
      <path d={PATHS[name]} />
    </svg>
  );
}
