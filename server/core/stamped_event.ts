/**
 * Events as they are logged under a stamp, which is known only once they are decided.
 *
 * @module
 */

import { knowingDeletions } from "./accounts/register.ts";
import type { Event } from "./events.ts";
import { timedByStamp } from "./messages/message_time.ts";

/** The event without members that its stamp makes superfluous. */
export function stampedEvent(event: Event, stamp: number): Event {
  if (event.type === "messageSent" || event.type === "messagesDeleted") return timedByStamp(event, stamp);
  return event.type === "accountCreated" ? knowingDeletions(event, stamp) : event;
}
