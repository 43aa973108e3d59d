/**
 * Data as JSON, one object a line, for programs.
 *
 * @module
 */

import { visibleJson } from "../../../common/visible_text.ts";
import type { Cause } from "../../core/pending_requests.ts";
import type { LineEvent, ShownItem } from "./shown_item.ts";

/**
 * One line of JSON, harmless on a terminal as well; `event` names the kind of data.
 *
 * @param cause name of the line that it is a consequence of
 */
export function jsonLine(item: ShownItem | LineEvent, cause?: Cause): string {
  const request = cause === undefined ? {} : { request: cause };
  return visibleJson(JSON.stringify({ ...eventOf(item), ...request }));
}

function eventOf(item: ShownItem | LineEvent): Readonly<Record<string, unknown>> {
  switch (item.kind) {
    case "message": {
      const { id, sender, recipient, timestamp, content, status } = item.message;
      const event = { event: "message", id, from: sender, to: recipient };
      return { ...event, timestamp: isoTime(timestamp), text: content, status };
    }
    case "chat": {
      const { last } = item;
      const end = last === undefined ? {} : {
        last: { id: last.id, from: last.sender, timestamp: isoTime(last.timestamp), text: last.content },
      };
      return { event: "chat", with: item.with, unread: item.unread, ...end };
    }
    default: {
      const { kind, ...fields } = item;
      return { event: kind, ...fields };
    }
  }
}

/** ISO 8601 in UTC; `timestamp` in seconds since the Unix epoch. */
function isoTime(timestamp: number): string {
  return new Date(timestamp * 1_000).toISOString();
}
