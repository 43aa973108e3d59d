import { assertEquals } from "@std/assert";
import {
  invitationLine,
  invitationsHead,
  madeText,
  revokedText,
} from "../../../server/commands/invitation_report.ts";
import type { InvitationDone, InvitationRow } from "../../../server/ports/operator.ts";

const ROW: InvitationRow = {
  id: "2c26b46b68ff",
  state: "used",
  used: 2,
  uses: 2,
  madeMs: Date.UTC(2026, 0, 2, 3, 4),
  untilMs: Date.UTC(2026, 0, 9, 3, 4),
  revokedMs: null,
};

const MADE: InvitationDone = {
  id: "2c26b46b68ff",
  code: "00112233-44556677-8899aabb-ccddeeff",
  link: null,
  uses: 1,
  untilMs: Date.UTC(2026, 0, 9, 3, 4),
  registration: "invite",
  copies: 3,
  nodes: 3,
};

Deno.test("invitationsHead() and invitationLine() are columns of a table, and say what a split has done", () => {
  const unknown = { state: "unknown", uses: null, madeMs: null, untilMs: null } as const;
  const lines = [ROW, { ...ROW, used: 3 }, { ...ROW, ...unknown, revokedMs: ROW.madeMs }].map(invitationLine);
  assertEquals([invitationsHead(), ...lines], [
    "id            state       used      of  made              until             revoked",
    "2c26b46b68ff  used           2       2  2026-01-02 03:04  2026-01-09 03:04  -",
    "2c26b46b68ff  used           3       2  2026-01-02 03:04  2026-01-09 03:04  -  used at nodes that could not talk",
    "2c26b46b68ff  unknown        2       -  -                 -                 2026-01-02 03:04",
  ]);
});

Deno.test("madeText() says where the invitation is, and if nobody needs it", () => {
  const made = "invitation 2c26b46b68ff holds for 1 account, until 2026-01-09 03:04 UTC; on the disks of";
  assertEquals(madeText(MADE), `${made} 3 of 3 nodes`);
  const open = madeText({ ...MADE, registration: "open", copies: 1 });
  assertEquals(
    open,
    `${made} 1 of 3 nodes. The others learn of it once they can be reached; until then it does not hold there. ` +
      'Everybody can register here, with or without it; "registration": "invite" changes that',
  );
});

Deno.test("revokedText() says if there was anything to revoke", () => {
  const done = { name: "2c26b46b68ff", sessions: 0, copies: 3, nodes: 3 };
  assertEquals(revokedText(done), "invitation 2c26b46b68ff is revoked; on the disks of 3 of 3 nodes");
  assertEquals(revokedText({ ...done, copies: 0 }), "invitation 2c26b46b68ff was revoked before");
});
