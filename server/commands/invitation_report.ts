/**
 * Invitations as text for their operator.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { grouped } from "../../common/protocol/cluster_status.ts";
import type { ActDone, InvitationDone, InvitationRow } from "../ports/operator.ts";
import { type Columns, doneText, keptText, row, timeText } from "./people_report.ts";

const COLUMNS: Columns = [12, 8, -6, -6, 16, 16, 16];

/** Head of the list of invitations. */
export function invitationsHead(): string {
  return row(COLUMNS, ["id", "state", "used", "of", "made", "until", "revoked"]);
}

/** Line of an invitation. */
export function invitationLine({ id, state, used, uses, madeMs, untilMs, revokedMs }: InvitationRow): string {
  const times = [madeMs, untilMs, revokedMs].map(timeText);
  const line = row(COLUMNS, [id, state, grouped(used), uses === null ? "-" : grouped(uses), ...times]);
  return uses !== null && used > uses ? `${line}  used at nodes that could not talk` : line;
}

/** An invitation that was made, without its code. */
export function madeText({ id, uses, untilMs, registration, copies, nodes }: InvitationDone): string {
  const made = `invitation ${id} holds for ${counted(uses, "account")}, until ${timeText(untilMs)} UTC`;
  return `${keptText(made, copies, nodes)}${NEEDLESS[registration]}`;
}

/** The effect of a revocation. */
export function revokedText(done: ActDone): string {
  const name = `invitation ${done.name}`;
  return doneText(done.copies === 0 ? "was revoked before" : "is revoked", { ...done, name });
}

/** The use of an invitation at a node where another way to register is configured. */
const NEEDLESS: Readonly<Record<InvitationDone["registration"], string>> = {
  invite: "",
  open: '. Everybody can register here, with or without it; "registration": "invite" changes that',
  closed: '. Nobody can register here, with or without it; "registration": "invite" changes that',
};
