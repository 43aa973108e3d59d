/**
 * The rules for invitations and for the ways to register (client protocol, LOGIN_2).
 *
 * @module
 */

import { type Refusal, refusal } from "../decision.ts";
import type { InvitationMade, InvitationRevoked } from "../events.ts";
import { stampMs } from "../stamp.ts";
import type { State } from "../state.ts";
import { type Invitation, invitationId, invitationState } from "./invitation.ts";

/** Ways to register: everybody can, with an invitation, or nobody. */
export const REGISTRATIONS = ["open", "invite", "closed"] as const;

/** One of `REGISTRATIONS`. */
export type Registration = (typeof REGISTRATIONS)[number];

/** Most accounts that can be made with one invitation: a use is looked for among those that others have reserved. */
export const INVITATION_USES_MAX = 1_000;

/** Shortest and longest time for which an invitation holds, ms: a minute and a year. */
export const INVITATION_MS_MIN = 60_000;
/** See `INVITATION_MS_MIN`. */
export const INVITATION_MS_MAX = 365 * 24 * 60 * 60 * 1_000;

/** Most invitations that can be used at one time: each is in the memory of every node. */
export const OPEN_INVITATIONS_MAX = 10_000;

/** Makes an invitation; refuses one with other terms than there may be, and one more than may be open. */
export function decideInvite(
  state: State,
  terms: Required<Omit<InvitationMade, "type">>,
): InvitationMade | Refusal {
  const { uses, until, at } = terms;
  const forMs = stampMs(until - at);
  if (uses < 1 || uses > INVITATION_USES_MAX) {
    return refusal(
      "bad-request",
      `an invitation holds for 1 to ${INVITATION_USES_MAX} accounts, and not for ${uses}`,
    );
  }
  if (forMs < INVITATION_MS_MIN || forMs > INVITATION_MS_MAX) {
    return refusal(
      "bad-request",
      `an invitation holds for a minute to 365 days, and not for ${forMs / 1_000} s; choose another time`,
    );
  }
  const open = state.invitations.values().filter((each) => invitationState(each, at) === "open");
  const count = open.toArray().length;
  if (count < OPEN_INVITATIONS_MAX) return { type: "invitationMade", ...terms };
  return refusal(
    "not-allowed",
    `${count} invitations are open and the limit is ${OPEN_INVITATIONS_MAX}; revoke some of those that ` +
      "chat-server invites lists",
  );
}

/** Revokes an invitation; no event if it is revoked. @param at microseconds since the Unix epoch */
export function decideRevokeInvitation(
  { hash, revoked }: Invitation,
  at: number,
): readonly InvitationRevoked[] {
  return revoked === undefined ? [{ type: "invitationRevoked", invitation: hash, at }] : [];
}

/**
 * The reason why nobody can register this way, if there is one.
 *
 * @param isInvited true if the request has an invitation
 */
export function registrationRefusal(registration: Registration, isInvited: boolean): Refusal | undefined {
  if (registration === "closed") {
    return refusal(
      "not-allowed",
      "nobody can register at this server: its operator makes the accounts; ask them for one",
    );
  }
  if (registration === "open" || isInvited) return undefined;
  return refusal(
    "invitation-needed",
    "a new account needs an invitation at this server; ask its operator for one, and give its code",
  );
}

/**
 * The reason why an invitation cannot be used, if there is one. Whoever has its code may know why.
 *
 * @param invitation `undefined` if the code is that of none
 * @param now microseconds since the Unix epoch
 */
export function invitationProblem(invitation: Invitation | undefined, now: number): Refusal | undefined {
  const state = invitation === undefined ? "unknown" : invitationState(invitation, now);
  switch (state) {
    case "open":
      return undefined;
    case "unknown":
      return invalid("no invitation has this code; compare it with the one that you got");
    case "revoked":
      return invalid(`this invitation was revoked; ${ANOTHER}`);
    case "used":
      return invalid(`this invitation was used ${timesText(invitation)}, and holds for no more; ${ANOTHER}`);
    case "expired":
      return invalid(`this invitation held until ${untilText(invitation)}; ${ANOTHER}`);
  }
}

/** Refusal of an invitation whose last uses others are about to take. */
export function invitationTaken(): Refusal {
  return invalid(`somebody else is using this invitation at this moment; ${ANOTHER}`);
}

const ANOTHER = "ask the operator of this server for another";

function invalid(message: string): Refusal {
  return refusal("invitation-invalid", message);
}

function timesText(invitation: Invitation | undefined): string {
  return invitation?.used === 1 ? "once" : `${invitation?.used} times`;
}

function untilText(invitation: Invitation | undefined): string {
  return new Date(stampMs(invitation?.made?.until ?? 0)).toISOString();
}

/** The invitation with an id that an operator has given; the problem if there is none. */
export function invitationWithId(state: State, id: string): Invitation | string {
  const found = state.invitations.values().find((each) => invitationId(each) === id);
  return found ??
    `there is no invitation ${JSON.stringify(id)}; chat-server invites lists those that there are`;
}

/**
 * A use of an invitation, as nodes reserve it before they give it away, like a name; no name has a space. The uses are
 * numbered: several can be taken at the same time.
 *
 * @param number from 0 on
 */
export function useOf({ hash }: Invitation, number: number): string {
  return `invitation ${hash} ${number}`;
}

const USE = /^invitation (.+) (\d+)$/;

/** True if a text is a use of an invitation that cannot be given away any more, as far as is known here. */
export function isUseTaken(state: State, text: string): boolean {
  const [, hash = "", number] = USE.exec(text) ?? [];
  const invitation = state.invitations.get(hash);
  return invitation !== undefined && (invitation.revoked !== undefined || Number(number) < invitation.used);
}
