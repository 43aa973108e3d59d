/**
 * Rows about invitations. Their uses are facts of the accounts that were made with them.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Invitation } from "../core/accounts/invitation.ts";
import type { Entry } from "../core/entry.ts";
import type { InvitationMade, InvitationRevoked } from "../core/events.ts";
import { evolveAccounts } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { checkRow, rowChecksum } from "./row_checksum.ts";
import { storedText, textOf } from "./stored_text.ts";

/** The facts about an invitation, which JSON can hold. */
type Facts = Partial<Pick<Invitation, "made" | "revoked">>;

/** Rows about invitations, for the connection that writes. */
export class InvitationRows {
  readonly #find: StatementSync;
  readonly #save: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT hash AS key, facts, crc FROM invitations WHERE hash = ?");
    this.#save = db.prepare(`
      INSERT INTO invitations VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET facts = excluded.facts, crc = excluded.crc`);
  }

  /** Folds an entry onto the row of its invitation. There are few: each is read and written by itself. */
  fold(entry: Entry & (InvitationMade | InvitationRevoked)): void {
    const state = new State();
    const row = this.#find.get(storedText(entry.invitation));
    if (row !== undefined) loadInvitation(state, row);
    evolveAccounts(state, entry);
    const { hash, made, revoked } = state.invitation(entry.invitation);
    const facts: Facts = { made, revoked };
    const values = [storedText(hash), JSON.stringify(facts)] as const;
    this.#save.run(...values, rowChecksum(values));
  }
}

/**
 * Loads the row of an invitation, with the columns `key`, `facts` and `crc`, into a state.
 *
 * @throws ArchiveUnusable if the checksum does not fit
 */
export function loadInvitation(state: State, row: ReturnType<StatementSync["all"]>[number]): void {
  const [hash, text] = [String(row["key"]), String(row["facts"])];
  checkRow([hash, text], row["crc"]);
  const facts: Facts = JSON.parse(text);
  Object.assign(state.invitation(textOf(hash)), facts);
}
