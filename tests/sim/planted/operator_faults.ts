/**
 * Faults in what a node makes of the acts of operators.
 *
 * @module
 */

import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import type { Entry } from "../../../server/core/entry.ts";
import type { Node } from "../../../server/node/node.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";
import { rewritten } from "./log_faults.ts";

/** The node that does not fold what operators of others disable. */
const DEAF = "node1";

/** An entry as it came, that is folded as an event of a newer version if it disables an account. */
function unfoldable(encoded: EncodedEntry): EncodedEntry {
  const { entry } = encoded;
  if (entry.type !== "accountDisabled") return encoded;
  return { ...encoded, entry: { ...entry, type: "ofALaterVersion" } as unknown as Entry };
}

/** Shows the sessions of a node every account as enabled, whatever the state says of it. */
function openToAll(node: Node): Node {
  const { state } = node;
  const open = (account: Account): Account =>
    Object.hasOwn(account, "isDisabled")
      ? account
      : Object.defineProperty(account, "isDisabled", { get: () => false });
  const known = state.account.bind(state);
  for (const account of state.accounts.values()) open(account);
  state.account = (id) => open(known(id));
  return node;
}

/** Leaves the sessions of an account that is disabled where they are. */
function lettingStay(node: Node): Node {
  const { audience } = node;
  const endedBy = audience.endedBy.bind(audience);
  audience.endedBy = (change) => change.type === "accountDisabled" ? [] : endedBy(change);
  return node;
}

/** Faults in access and in the answers to operators. */
export const OPERATOR_FAULTS: readonly PlantedFault[] = [
  { name: "sessions of a disabled account go on", mutation: { node: lettingStay } },
  { name: "people are let in to a disabled account", mutation: { node: openToAll } },
  {
    name: "an act of an operator is acknowledged before it is synced",
    mutation: { node: (node) => forwarding(node, { whenDurable: (then) => then() }) },
  },
  {
    name: "one node does not fold that an account is disabled, and logs it as it came",
    mutation: {
      host: (host, { machine }) =>
        machine.node === DEAF
          ? forwarding(host, {
            absorb: (entries, durable) => host.absorb(entries.map(unfoldable), durable),
          })
          : host,
    },
  },
  {
    name: "an account is written as disabled in an earlier generation",
    mutation: rewritten("accountDisabled", ({ generation }) => ({ generation: generation - 1 })),
  },
  {
    name: "an account is enabled on the disk of the node that has disabled it",
    mutation: rewritten("accountDisabled", () => ({ type: "accountEnabled" })),
  },
];
