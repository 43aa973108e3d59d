/**
 * Rows about accounts: their facts, known addresses and stored days.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Account, KnownAddress } from "../core/accounts/account.ts";
import type { AccountRecord } from "../core/accounts/account_record.ts";
import { withKnownAddress } from "../core/accounts/known_addresses.ts";
import type { Numbers } from "./numbers.ts";
import { checkRow, rowChecksum } from "./row_checksum.ts";
import { storedText, textOf } from "./stored_text.ts";

type Days = Account["stored"]["days"];

type StoredAddress = readonly [digits: string, stamp: number, at: number];

/** The rows of an account. */
interface AccountRow {
  readonly record: AccountRecord;
  readonly addresses: readonly KnownAddress[];
  readonly days: Days;
}

const NO_FACTS: AccountRecord = {};

/** Rows about accounts, for the connection that writes. */
export class AccountRows {
  readonly #numbers: Numbers;
  readonly #find: StatementSync;
  readonly #addresses: StatementSync;
  readonly #save: StatementSync;
  readonly #saveDays: StatementSync;
  readonly #removeDays: StatementSync;
  readonly #addAddress: StatementSync;
  readonly #removeAddresses: StatementSync;

  constructor(db: DatabaseSync, numbers: Numbers) {
    this.#numbers = numbers;
    this.#find = db.prepare(`
      SELECT a.number, a.id, f.facts, f.crc, d.days FROM accounts a LEFT JOIN account_facts f ON f.account = a.number
      LEFT JOIN stored_days d ON d.account = a.number WHERE a.id = ?`);
    this.#addresses = db.prepare("SELECT digits, stamp, at FROM known_addresses WHERE account = ?");
    this.#save = db.prepare(`
      INSERT INTO account_facts VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET facts = excluded.facts, crc = excluded.crc`);
    this.#saveDays = db.prepare(`
      INSERT INTO stored_days VALUES (?, ?) ON CONFLICT DO UPDATE SET days = excluded.days`);
    this.#removeDays = db.prepare("DELETE FROM stored_days WHERE account = ?");
    this.#addAddress = db.prepare("INSERT INTO known_addresses VALUES (?, ?, ?, ?)");
    this.#removeAddresses = db.prepare("DELETE FROM known_addresses WHERE account = ?");
  }

  /** The rows of an account; empty ones if it has none. */
  find(id: string): AccountRow {
    const row = this.#find.get(storedText(id));
    if (row === undefined) return { record: NO_FACTS, addresses: [], days: [] };
    return {
      record: recordOf(row),
      addresses: addressesOf(
        this.#addresses.all(Number(row["number"])).map(({ digits, stamp, at }) => {
          return [String(digits), Number(stamp), Number(at)];
        }),
      ),
      days: daysOf(row["days"]),
    };
  }

  /** Saves the facts about an account, and its known addresses. */
  save(id: string, record: AccountRecord, addresses: readonly KnownAddress[]): void {
    const { number } = this.#numbers.account(id);
    const facts = JSON.stringify(record);
    this.#save.run(number, facts, rowChecksum([storedText(id), facts]));
    this.#removeAddresses.run(number);
    for (const { digits, stamp, at } of addresses) {
      this.#addAddress.run(number, storedText(digits), stamp, at);
    }
  }

  /** Saves the bytes that an account has stored, by day. */
  saveDays(id: string, days: Days): void {
    const { number } = this.#numbers.account(id);
    if (days.length === 0) this.#removeDays.run(number);
    else this.#saveDays.run(number, JSON.stringify(days.map(({ day, bytes }) => [day, bytes])));
  }
}

type Value = ReturnType<StatementSync["all"]>[number][string] | undefined;

/** The facts in a row with the columns `id`, `facts` and `crc`; none if they are null. @throws ArchiveUnusable */
export function recordOf({ id, facts, crc }: Readonly<Record<string, Value>>): AccountRecord {
  if (typeof facts !== "string") return NO_FACTS;
  checkRow([String(id), facts], crc);
  return JSON.parse(facts);
}

/** The days in a column; none if it is null. */
export function daysOf(days: Value): Days {
  if (typeof days !== "string") return [];
  const pairs: readonly (readonly [number, number])[] = JSON.parse(days);
  return pairs.map(([day, bytes]) => ({ day, bytes }));
}

/** The known addresses of an account, each with its digits in the form that is stored, its stamp and its time. */
export function addressesOf(rows: readonly StoredAddress[]): readonly KnownAddress[] {
  return rows.reduce<readonly KnownAddress[]>(
    (known, [digits, stamp, at]) => withKnownAddress(known, { digits: textOf(digits), stamp, at }),
    [],
  );
}
