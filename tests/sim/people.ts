/**
 * The knowledge of the clients: their identities, the promises that they were given, and the deletions that
 * they asked for.
 *
 * @module
 */

import type { Access, Block } from "../../server/core/accounts/account.ts";
import type { Chance } from "./chance.ts";
import type { DiskLife } from "./disk_ledger.ts";

/** Certainty that something has happened. */
export type Certainty = "no" | "maybe" | "yes";

/** A promise: something was acknowledged while it was on certain disks. */
export class Assurance {
  readonly #lives = new Set<DiskLife>();

  /** True if anything was promised. */
  get isGiven(): boolean {
    return this.#lives.size > 0;
  }

  /** Records an acknowledgement and the disks with a copy at that moment. */
  give(lives: Iterable<DiskLife>): void {
    for (const life of lives) this.#lives.add(life);
  }

  /** True if one of the disks still exists: the promise must then be kept. */
  get binds(): boolean {
    for (const life of this.#lives) if (!life.isDestroyed) return true;
    return false;
  }
}

/** An irrevocable request: a deletion or a hiding. */
export class Wish {
  certainty: Certainty = "no";
  readonly assurance = new Assurance();

  /** Records that it was requested. */
  ask(): void {
    if (this.certainty === "no") this.certainty = "maybe";
  }

  /** Records its acknowledgement and the disks with a copy at that moment. */
  granted(lives: Iterable<DiskLife>): void {
    this.certainty = "yes";
    this.assurance.give(lives);
  }

  /** True if it must have taken effect. */
  get isDue(): boolean {
    return this.certainty === "yes" && this.assurance.binds;
  }
}

/** A decision of an operator about the logins to an account, which was acknowledged. */
export class KnownAccess {
  readonly assurance = new Assurance();

  constructor(readonly access: Access) {}
}

/** A decision of an account about another one, by their ids, which was acknowledged. */
export class KnownBlock {
  readonly assurance = new Assurance();

  constructor(readonly account: string, readonly person: string, readonly made: Block) {}
}

/** An invitation whose code people know. */
export class KnownInvitation {
  readonly existence = new Assurance();
  readonly revocation = new Wish();

  /** @param hash digest of the code */
  constructor(readonly code: string, readonly hash: string, readonly uses: number) {}
}

/** An account that a person has logged in to. */
export class KnownAccount {
  readonly existence = new Assurance();
  readonly deletion = new Wish();
  /** In the order of their acknowledgements. */
  readonly accesses: KnownAccess[] = [];

  /** @param id account id */
  constructor(readonly id: string, readonly person: Person) {}
}

/** A send of a message to a node. */
interface Asked {
  /** Origin of the node. */
  readonly origin: string;
  /** Timestamps of the messages that the node had shown over the same connection, by message id. */
  readonly shown: ReadonlyMap<string, number>;
}

/** A message that a person has sent. */
export class KnownMessage {
  existence = new Assurance();
  readonly deletion = new Wish();
  readonly hiding = new Wish();
  /** Account id of the recipient; `undefined` until the message was acknowledged. */
  recipient: string | undefined;
  /** Every send of it, the first one first. */
  readonly asked: Asked[] = [];

  /**
   * @param sender account id
   * @param account id of the account that is meant; `undefined` if whoever has the name is
   */
  constructor(
    readonly id: string,
    readonly sender: string,
    readonly to: string,
    readonly content: string,
    readonly account: string | undefined,
  ) {}
}

/** A person: one name and one account at a time, and any number of clients. */
export class Person {
  account: KnownAccount | undefined;
  /** Passwords that may be valid, the latest first. */
  passwords: string[] = [];
  /** Every password that the person ever chose. */
  readonly everyPassword = new Set<string>();
  /** Messages that the person has sent, and ids of received ones. */
  readonly sent: KnownMessage[] = [];
  readonly got: string[] = [];
  /** Name that others see; `undefined` until the first login. */
  shownName: string | undefined;
  #choices = 0;

  /** @param name name for registration and login, even if the account is shown under another */
  constructor(readonly key: number, public name: string) {}

  /** Chooses another name for the next registration. */
  takeOtherName(chance: Chance): void {
    this.name = `${this.name.split("-")[0]}-${chance.below(1_000)}`;
  }

  /** A password that no account has ever had. */
  newPassword(): string {
    const password = `password ${this.key}.${++this.#choices}`;
    this.everyPassword.add(password);
    return password;
  }
}

/** All accounts and messages of the clients. */
export class Knowledge {
  readonly accounts = new Map<string, KnownAccount>();
  readonly messages = new Map<string, KnownMessage>();
  readonly blocks: KnownBlock[] = [];

  /** The account with this id, recorded at its first login. */
  account(id: string, person: Person): KnownAccount {
    let account = this.accounts.get(id);
    if (account === undefined) this.accounts.set(id, account = new KnownAccount(id, person));
    return account;
  }
}
