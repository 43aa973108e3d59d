/**
 * The recipients of requests at the moment when they are sent: those that wait belong to accounts, not to names.
 *
 * @module
 */

import type { Feature } from "../../common/protocol/features.ts";
import type { Chat } from "./chats.ts";
import type { Model } from "./model.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { Purpose, SentRequest } from "./requests.ts";

const FEATURES_NEEDED = { block: "block", blocked: "block", search: "search" } as const;

/** A feature that a node must have to serve a request. */
export type NeededFeature = (typeof FEATURES_NEEDED)[keyof typeof FEATURES_NEEDED];

/** The feature that a node must have to serve a request for this purpose; undefined if every node serves it. */
export function neededFeature({ kind }: Purpose): NeededFeature | undefined {
  return kind in FEATURES_NEEDED ? FEATURES_NEEDED[kind as keyof typeof FEATURES_NEEDED] : undefined;
}

/** True if the connected node has a feature. */
export function hasFeature({ node }: Model, feature: Feature): boolean {
  return node?.welcome.features?.includes(feature) ?? false;
}

/** True if a request must wait until the node has told which accounts have the names now. */
export function waitsForNames(model: Model, { request, purpose }: PendingRequest): boolean {
  if (request.name !== "readMessages" || purpose.kind !== "read" || purpose.ids !== undefined) return false;
  return purpose.chat?.account !== undefined && hasFeature(model, "account-ids") && !model.namesTold;
}

/** A request with its recipient as of now; undefined if nobody may get it any more, or the node cannot serve it. */
export function addressed(model: Model, { request, purpose }: PendingRequest): SentRequest | undefined {
  if (request.name === "sendMessage" && purpose.kind === "send") {
    const chat = model.messages.get(purpose.id)?.chat;
    if (chat?.former) return undefined;
    return { ...request, payload: { ...request.payload, ...(chat && recipient(model, chat)) } };
  }
  const feature = neededFeature(purpose);
  if (feature !== undefined && !hasFeature(model, feature)) return undefined;
  if (request.name !== "readMessages" || purpose.kind !== "read" || purpose.chat === undefined) {
    return request;
  }
  const { chat } = purpose;
  return chat.former ? undefined : { ...request, payload: { ...request.payload, with: chat.name } };
}

function recipient(
  model: Model,
  { name, account }: Chat,
): { readonly to: string; readonly account?: string } {
  return account === undefined || !hasFeature(model, "account-ids") ? { to: name } : { to: name, account };
}
