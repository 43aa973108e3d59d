/**
 * The part of the operator's desk that is about invitations.
 *
 * @module
 */

import {
  codeDigits,
  type Invitation,
  invitationId,
  invitationState,
  shownCode,
} from "../core/accounts/invitation.ts";
import { decideInvite, decideRevokeInvitation, invitationWithId } from "../core/accounts/invite.ts";
import { isRefusal } from "../core/decision.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import { stampMs, wallMicroseconds } from "../core/stamp.ts";
import type { Node } from "../node/node.ts";
import type { AboutInvitations, InvitationRow, OperatorAnswer } from "../ports/operator.ts";
import type { Digest, Random } from "../ports/outside.ts";
import type { ActWriter } from "./act_writer.ts";

/** Most invitations of one page. */
const PAGE_ROWS = 500;

type Done = (answer: OperatorAnswer) => void;

/** Serves requests about invitations at one node. */
export class InvitationDesk {
  readonly #node: Node;
  readonly #acts: ActWriter;
  readonly #ports: { readonly random: Random; readonly digest: Digest };

  constructor(node: Node, acts: ActWriter, ports: { readonly random: Random; readonly digest: Digest }) {
    this.#node = node;
    this.#acts = acts;
    this.#ports = ports;
  }

  /** Serves a request. */
  serve(request: AboutInvitations, done: Done): void {
    switch (request.act) {
      case "invite":
        return this.#invite(request.uses, request.forMs, done);
      case "listInvitations":
        return done(this.#page(request.after));
      case "revokeInvitation":
        return this.#revoke(request.id, done);
    }
  }

  #invite(uses: number, forMs: number, done: Done): void {
    const { random, digest } = this.#ports;
    const { state, settings: { registration } } = this.#node;
    const code = shownCode(hex(random.bytes(RANDOM_BYTES.invitation)));
    const invitation = digest(codeDigits(code));
    const at = this.#now();
    const until = at + wallMicroseconds(forMs);
    const made = decideInvite(state, { invitation, uses, until, at });
    if (isRefusal(made)) return done({ refused: made.message });
    const id = invitationId({ hash: invitation });
    this.#acts.write({ act: "invite", name: id, events: [made], kind: "invitation" }, (answer) => {
      if ("refused" in answer) return done(answer);
      const { copies, nodes } = answer.done;
      const link = this.#link(code);
      done({ made: { id, code, link, uses, untilMs: stampMs(until), registration, copies, nodes } });
    }, () => {
      this.#node.apply([made]);
      return 0;
    });
  }

  /** The address of the page that opens with a code; `null` where no node has a page. */
  #link(code: string): string | null {
    const { nodes, name } = this.#node.settings;
    const own = nodes.find((node) => node.name === name)?.web;
    const page = own ?? nodes.find(({ web }) => web !== undefined)?.web;
    return page === undefined ? null : `${page}#/invite/${code}`;
  }

  /** Invitations by their hash: it does not change while pages are asked for. */
  #page(after: string): OperatorAnswer {
    const now = this.#now();
    const rest = [...this.#node.state.invitations.values()]
      .filter((each) => invitationId(each) > after)
      .sort((a, b) => a.hash < b.hash ? -1 : 1);
    const invitations = rest.slice(0, PAGE_ROWS).map((each) => invitationRow(each, now));
    return { invitations, more: rest.length > PAGE_ROWS };
  }

  #revoke(id: string, done: Done): void {
    const invitation = invitationWithId(this.#node.state, id);
    if (typeof invitation === "string") return done({ refused: invitation });
    const events = decideRevokeInvitation(invitation, this.#now());
    this.#acts.write({ act: "revokeInvitation", name: id, events, kind: "invitation" }, done, () => {
      this.#node.apply(events);
      return 0;
    });
  }

  #now(): number {
    return wallMicroseconds(this.#node.ports.clock.wallMs());
  }
}

function invitationRow(invitation: Invitation, now: number): InvitationRow {
  const { made, revoked, used } = invitation;
  return {
    id: invitationId(invitation),
    state: invitationState(invitation, now),
    used,
    uses: made?.uses ?? null,
    madeMs: wholeMs(made?.at),
    untilMs: wholeMs(made?.until),
    revokedMs: wholeMs(revoked),
  };
}

/** A time in whole milliseconds; `null` if it is not known. @param at microseconds since the Unix epoch */
function wholeMs(at: number | undefined): number | null {
  return at === undefined ? null : Math.floor(stampMs(at));
}
