/**
 * The commands `invite`, `invites` and `invites revoke`.
 *
 * @module
 */

import type { InviteCommand, InvitesCommand, RevokeInvitationCommand } from "../cli/people_command.ts";
import { Desk } from "./ask_desk.ts";
import { invitationLine, invitationsHead, madeText, revokedText } from "./invitation_report.ts";
import { print } from "./print.ts";
import { fail, printVisibly } from "./speak.ts";

/** Makes an invitation; returns the exit status. */
export async function inviteCommand(command: InviteCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  const { uses, forMs } = command;
  const answer = await desk.ask({ act: "invite", uses, forMs }, "made");
  if (typeof answer === "number") return answer;
  const { code, link } = answer.made;
  // A script takes code and link from standard output, and nothing else is there.
  await printVisibly(Deno.stderr, madeText(answer.made));
  await print(Deno.stdout, link === null ? code : `${code}\n${link}`);
  return 0;
}

/** Lists invitations, page by page; returns the exit status. */
export async function invitesCommand(command: InvitesCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  let count = 0;
  for (let after = "", more = true; more;) {
    const page = await desk.ask({ act: "listInvitations", after }, "invitations");
    if (typeof page === "number") return page;
    const { invitations } = page;
    const lines = invitations.map((each) => command.json ? JSON.stringify(each) : invitationLine(each));
    if (count === 0 && lines.length > 0 && !command.json) lines.unshift(invitationsHead());
    if (lines.length > 0 && !await print(Deno.stdout, lines.join("\n"))) return 0;
    count += invitations.length;
    after = invitations.at(-1)?.id ?? after;
    more = page.more;
  }
  if (count === 0) await fail("there are no invitations; chat-server invite makes one");
  return 0;
}

/** Revokes an invitation; returns the exit status. */
export async function revokeInvitationCommand(command: RevokeInvitationCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  const answer = await desk.ask({ act: "revokeInvitation", id: command.id }, "done");
  if (typeof answer === "number") return answer;
  await printVisibly(Deno.stdout, revokedText(answer.done));
  return 0;
}
