/**
 * Faults in who can register, and in what becomes of invitations.
 *
 * @module
 */

import type { Invitation } from "../../../server/core/accounts/invitation.ts";
import type { Node } from "../../../server/node/node.ts";
import type { PlantedFault } from "../planted_faults.ts";

/** Plants that everybody can register. */
function open(node: Node): void {
  const settings = (): Node["settings"] => Reflect.get(Object.getPrototypeOf(node), "settings", node);
  Object.defineProperty(node, "settings", { get: () => ({ ...settings(), registration: "open" }) });
}

/** Plants that whoever registers is judged by another invitation than the fold has. */
function judgedBy({ state }: Node, shown: Readonly<Partial<Pick<Invitation, "revoked" | "used">>>): void {
  const { invitations } = state;
  const find = (hash: string): Invitation | undefined => Map.prototype.get.call(invitations, hash);
  const make = state.invitation.bind(state);
  state.invitation = (hash) => find(hash) ?? make(hash);
  invitations.get = (hash) => {
    const known = find(hash);
    return known && Object.create(known, Object.getOwnPropertyDescriptors(shown));
  };
}

/** Plants that uses are given without asking others; names are asked for. */
function unasked({ ports: { replication } }: Node): void {
  const reserve = replication.reserve.bind(replication);
  replication.reserve = (name, done) => name.startsWith("invitation ") ? done(true) : reserve(name, done);
}

/** Plants that an account does not say which invitation it was made with. */
function unsaid(node: Node): void {
  const apply = node.apply.bind(node);
  node.apply = (events, asker) =>
    apply(
      events.map((event) => {
        if (event.type !== "accountCreated") return event;
        const { invitation: _unsaid, ...created } = event;
        return created;
      }),
      asker,
    );
}

/** Faults of invitations. */
export const INVITATION_FAULTS: readonly PlantedFault[] = [
  { name: "people register without an invitation", mutation: { inviting: open } },
  {
    name: "an invitation is revoked in vain",
    mutation: { inviting: (node) => judgedBy(node, { revoked: undefined }) },
  },
  {
    name: "the uses of invitations are not counted",
    mutation: { inviting: (node) => judgedBy(node, { used: 0 }) },
  },
  { name: "a use of an invitation is given without asking others", mutation: { inviting: unasked } },
  { name: "an account does not say with which invitation it was made", mutation: { inviting: unsaid } },
];
