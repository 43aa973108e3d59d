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
  switch (event.type) {
    case "messageSent":
    case "messagesDeleted":
    case "addressKnown":
    case "accountDisabled":
    case "accountEnabled":
    case "invitationMade":
    case "invitationRevoked":
      return timedByStamp(event, stamp);
    case "accountCreated":
      return knowingDeletions(event, stamp);
    default:
      return event;
  }
}
