/**
 * What the clients know: who they are, what was promised to them, and what they asked to be deleted.
 *
 * @module
 */

import type { DiskLife } from "./disk_ledger.ts";

/** How sure it is that something has happened. */
export type Certainty = "no" | "maybe" | "yes";

/** Something that was acknowledged, and the disks that it was on at that moment. */
export class Assurance {
  readonly #lives = new Set<DiskLife>();

  /** Whether anything was promised at all. */
  get isGiven(): boolean {
    return this.#lives.size > 0;
  }

  /** It was acknowledged while it was on these disks. */
  give(lives: Iterable<DiskLife>): void {
    for (const life of lives) this.#lives.add(life);
  }

  /** Whether one of the disks is still there: then it must be kept. */
  get binds(): boolean {
    for (const life of this.#lives) if (!life.isDestroyed) return true;
    return false;
  }
}

/** Something that somebody asked for and that cannot be taken back. */
export class Wish {
  certainty: Certainty = "no";
  readonly assurance = new Assurance();

  /** It was asked for. */
  ask(): void {
    if (this.certainty === "no") this.certainty = "maybe";
  }

  /** It was acknowledged while it was on these disks. */
  granted(lives: Iterable<DiskLife>): void {
    this.certainty = "yes";
    this.assurance.give(lives);
  }

  /** Whether it must have happened. */
  get isDue(): boolean {
    return this.certainty === "yes" && this.assurance.binds;
  }
}

/** An account that somebody has logged in to. */
export class KnownAccount {
  readonly existence = new Assurance();
  readonly deletion = new Wish();

  /** @param id account id */
  constructor(readonly id: string, readonly person: Person) {}
}

/** A message that somebody has sent. */
export class KnownMessage {
  existence = new Assurance();
  readonly deletion = new Wish();
  readonly hiding = new Wish();
  /** Account id of the recipient, once it was acknowledged. */
  recipient: string | undefined;

  /** @param sender account id */
  constructor(
    readonly id: string,
    readonly sender: string,
    readonly to: string,
    readonly content: string,
  ) {}
}

/** Somebody with one name and one account at a time, and any number of clients. */
export class Person {
  account: KnownAccount | undefined;
  /** Every password that could be the one: the last ones first. */
  passwords: string[] = [];
  /** Every password ever chosen. */
  readonly everyPassword = new Set<string>();
  /** Messages that this person has sent, and ids of those that came. */
  readonly sent: KnownMessage[] = [];
  readonly got: string[] = [];
  /** How others see them, once they have logged in. */
  shownName: string | undefined;
  #choices = 0;

  /** @param name that they register under, and log in with even if they are shown under another */
  constructor(readonly key: number, public name: string) {}

  /** A password that nobody has ever had. */
  newPassword(): string {
    const password = `password ${this.key}.${++this.#choices}`;
    this.everyPassword.add(password);
    return password;
  }
}

/** Everything that is known. */
export class Knowledge {
  readonly accounts = new Map<string, KnownAccount>();
  readonly messages = new Map<string, KnownMessage>();

  /** An account that a person has logged in to. */
  account(id: string, person: Person): KnownAccount {
    let account = this.accounts.get(id);
    if (account === undefined) this.accounts.set(id, account = new KnownAccount(id, person));
    return account;
  }
}
