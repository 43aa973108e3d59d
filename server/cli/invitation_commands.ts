/**
 * The rows of the commands about invitations.
 *
 * @module
 */

import { isInvitationId } from "../core/accounts/invitation.ts";
import { chooseNode, type CommandDescription } from "./command_description.ts";
import { durationMs } from "./duration.ts";
import type { FlagName } from "./flags.ts";
import type { InvitationCommand } from "./people_command.ts";

const WHICH_NODE =
  "The node must run on this machine; without --node and --data it is the first of the configuration.";

const NODE_FLAGS: readonly FlagName[] = ["node", "data", "config"];

/** Number of accounts, and time, of an invitation unless others are given. */
const DEFAULT_USES = "1";
const DEFAULT_EXPIRY = "7d";

/** The descriptions by name. */
export const INVITATION_COMMANDS: {
  readonly [Name in InvitationCommand["name"]]: CommandDescription<Name>;
} = {
  invite: {
    name: "invite",
    summary: "Makes an invitation, with which people register where registration takes one.",
    details: [
      "Prints its code on standard output, this once, and the address of the page with the code where there is a",
      "page. Whoever has the code can use it: hand it over as you would a password.",
      'It is needed at nodes with "registration": "invite". All nodes take it, once they have heard of it.',
      WHICH_NODE,
    ],
    flags: [...NODE_FLAGS, "uses", "expires"],
    examples: [
      ["invite", "invites one person, who has seven days"],
      ["invite --uses 30 --expires 1d", "invites a class, for today"],
    ],
    build: (flags) =>
      chooseNode(flags, (node) => ({
        name: "invite",
        ...node,
        uses: Number(flags.value("uses") ?? DEFAULT_USES),
        forMs: durationMs(flags.value("expires") ?? DEFAULT_EXPIRY),
      })),
  },
  invites: {
    name: "invites",
    summary: "Lists the invitations: their state, uses and time.",
    details: [
      "A code is not shown again: the id names the invitation. Times are in UTC.",
      "One that was used more often than it holds for was used at nodes that could not talk; all those accounts",
      "live on.",
      WHICH_NODE,
    ],
    flags: [...NODE_FLAGS, "json"],
    examples: [["invites", "lists all"], ["invites --json", "the same, for jq"]],
    build: (flags) => chooseNode(flags, (node) => ({ name: "invites", ...node, json: flags.given("json") })),
  },
  "invites revoke": {
    name: "invites revoke",
    summary: "Ends an invitation: nobody can use it any more.",
    details: [
      "ID is that of invites. Accounts that were made with it stay.",
      "All nodes learn of it; one that cannot be reached, as soon as it can be again.",
      WHICH_NODE,
    ],
    operands: "ID",
    flags: NODE_FLAGS,
    examples: [["invites revoke 2c26b46b68ff", "ends the invitation with that id"]],
    build: (flags, operands) => {
      const [id, ...more] = operands;
      if (id === undefined || more.length > 0) {
        const found = more.length > 0 ? `, and "${operands.join(" ")}" is ${operands.length}` : "";
        return `invites revoke takes one ID${found}; invites lists them`;
      }
      if (!isInvitationId(id)) {
        return `"${id}" is not the id of an invitation, which has 12 digits and letters a to f; invites lists them`;
      }
      return chooseNode(flags, (node) => ({ name: "invites revoke", ...node, id }));
    },
  },
};
