/**
 * The words for a reader that is dropped: the limit that it broke, and the way out.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { LogFields } from "../ports/outside.ts";
import type { BrokenLimit } from "./outbound_queue.ts";

/** The client's way on. No message is lost: those that it has not confirmed stay undelivered. */
const CLIENT_GOES_ON = "the client connects again and asks for the messages that it has not confirmed";

/** Fields of the diagnostic. @param bytes length of the frames that waited for it */
export function slowReaderFields(limit: BrokenLimit, bytes: number, limits: Limits): LogFields {
  const reason = `${REASONS[limit](limits)}; ${CLIENT_GOES_ON}; ${WAYS_OUT[limit]}`;
  return { bytes, limit, allowed: limits[limit], reason };
}

const REASONS: { readonly [Name in BrokenLimit]: (limits: Limits) => string } = {
  writeMs: ({ writeMs }) => `it took nothing for ${writeMs} ms while frames waited for it`,
  outboundBytesHard: ({ outboundBytesHard, outboundBytesSoft, outboundSoftMs }) =>
    `it was owed more than ${outboundBytesHard} bytes and took less than ${outboundBytesSoft} in ` +
    `${outboundSoftMs} ms`,
  outboundBytesTotal: ({ outboundBytesTotal }) =>
    `the output that waits for all clients needs more than ${outboundBytesTotal} bytes, and this one's the most`,
};

const WAYS_OUT: { readonly [Name in BrokenLimit]: string } = {
  writeMs: "raise writeMs for networks that stand still for longer",
  outboundBytesHard: "raise outboundSoftMs to allow slower readers",
  outboundBytesTotal: "raise outboundBytesTotal if this machine has the memory",
};
