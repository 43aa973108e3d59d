/**
 * Everything small that the browser keeps for the page: the login, the settings, the nodes. Where the browser keeps
 * nothing, all of it lasts as long as the tab.
 *
 * @module
 */

import { isSameAccount, type SavedAccount } from "../core/saved_parts.ts";
import { isSameLogin, type KeptLogin } from "../link/running_client.ts";
import { parsed } from "./kept_values.ts";

/** The nodes of a cluster, so that a page whose own node is dead finds another. */
interface KnownNodes {
  /** Name of the node that served the page last. */
  readonly own: string;
  readonly cluster: string;
  /** Their names, and the addresses of their pages. */
  readonly nodes: readonly { readonly name: string; readonly web?: string | undefined }[];
}

/** A login, and true for `stays` if all tabs share it. */
interface OwnLogin {
  readonly login: KeptLogin;
  readonly stays: boolean;
}

/** A change of a storage by another tab, as its event tells it. */
interface StorageChange {
  readonly storageArea: Storage | null;
  /** `null` if everything is gone. */
  readonly key: string | null;
  /** `null` if the value is gone. */
  readonly newValue: string | null;
}

/** The most characters of a value that are read. */
const LENGTH_MAX = 100_000;

/** The most nodes that are read. */
const NODES_MAX = 100;

/** The small things of one page, by the path of its address. */
export class Store {
  readonly #prefix: string;
  readonly #local: Storage | undefined;
  readonly #session: Storage | undefined;

  /** The login of this tab. */
  #own: OwnLogin | undefined;

  /** @param base address of the page: pages of other clusters may be below other paths of the same host */
  constructor(base: URL, local = storageOf("localStorage"), session = storageOf("sessionStorage")) {
    this.#prefix = `chat ${base.pathname} `;
    this.#local = local;
    this.#session = session;
  }

  /** The account that is logged in here. */
  get user(): SavedAccount | undefined {
    return this.#own && accountOf(this.#own.login);
  }

  /** The accounts that have a login: that of this tab, and that of all. */
  get users(): readonly SavedAccount[] {
    return [this.#own?.login, this.#shared()].flatMap((login) => login === undefined ? [] : accountOf(login));
  }

  /**
   * Follows what another tab has done to the shared login. `loggedOut`: it has ended this one. `overtaken`: another
   * account has the place now, and this login is that of its tab alone from now on.
   */
  follow({ storageArea, key, newValue }: StorageChange): "loggedOut" | "overtaken" | undefined {
    const own = this.#own;
    const isLogin = key === null || key === this.#prefix + LOGIN;
    // Where another account has overtaken this one, the removal is that of the other.
    if (own === undefined || !own.stays || storageArea !== this.#local || !isLogin) return undefined;
    if (newValue === null) return "loggedOut";
    const other = newValue.length > LENGTH_MAX ? undefined : loginOf(parsed(newValue));
    if (other === undefined || areOfOne(other, own.login)) return undefined;
    this.#write(this.#session, LOGIN, own.login);
    this.#own = { ...own, stays: false };
    return "overtaken";
  }

  /** The login of this tab, or the one that all tabs share; `stays` for the latter. */
  login(): OwnLogin | undefined {
    const own = loginOf(this.#read(this.#session, LOGIN));
    const login = own ?? this.#shared();
    this.#own = login && { login, stays: own === undefined };
    return this.#own;
  }

  /** Keeps a login that has changed: for all tabs and as long as it is good, or for this tab alone. */
  keepLogin(login: KeptLogin, stays: boolean): void {
    const last = this.#own;
    this.#own = { login, stays };
    // One that is the same as before stays where it is: by now, another account may have its place.
    if (last?.stays === stays && isSameLogin(last.login, login)) return;
    this.#write(stays ? this.#local : this.#session, LOGIN, login);
    if (stays) this.#remove(this.#session, LOGIN);
  }

  /**
   * Forgets the login of this tab, and the shared one if it is of the same account.
   *
   * @param isRefused a node has refused its token: a shared login with another one is newer, and stays
   * @returns true if no login of the account is left
   */
  forgetLogin(isRefused: boolean): boolean {
    const own = this.#own;
    this.#own = undefined;
    this.#remove(this.#session, LOGIN);
    const shared = this.#shared();
    if (own === undefined) return false;
    if (shared === undefined || !areOfOne(shared, own.login)) return true;
    if (!own.stays || (isRefused && shared.token !== own.login.token)) return false;
    this.#remove(this.#local, LOGIN);
    return true;
  }

  /** The settings, as they were kept; undefined if there are none. */
  settings(): unknown {
    return this.#read(this.#local, SETTINGS);
  }

  /** Keeps the settings. */
  keepSettings(settings: object): void {
    this.#write(this.#local, SETTINGS, settings);
  }

  /** The nodes that are known from before. */
  nodes(): KnownNodes | undefined {
    return nodesOf(this.#read(this.#local, NODES));
  }

  /** Keeps the nodes for the next start. */
  keepNodes(nodes: KnownNodes): void {
    this.#write(this.#local, NODES, nodes);
  }

  #shared(): KeptLogin | undefined {
    return loginOf(this.#read(this.#local, LOGIN));
  }

  #read(storage: Storage | undefined, key: string): unknown {
    try {
      const text = storage?.getItem(this.#prefix + key) ?? "";
      return text.length > LENGTH_MAX ? undefined : parsed(text);
    } catch {
      // The browser closes its storage to this page.
      return undefined;
    }
  }

  #write(storage: Storage | undefined, key: string, value: object): void {
    const text = JSON.stringify(value);
    try {
      if (storage?.getItem(this.#prefix + key) !== text) storage?.setItem(this.#prefix + key, text);
    } catch {
      // It is full, or closed: the tab goes on without.
    }
  }

  #remove(storage: Storage | undefined, key: string): void {
    try {
      storage?.removeItem(this.#prefix + key);
    } catch {
      // It is closed, and keeps nothing.
    }
  }
}

const LOGIN = "login";
const SETTINGS = "settings";
const NODES = "nodes";

/** A storage of the browser; undefined where it gives none to this page. */
export function storageOf(kind: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return kind === "localStorage" ? localStorage : sessionStorage;
  } catch {
    return undefined;
  }
}

function loginOf(value: unknown): KeptLogin | undefined {
  const { user, cluster, token, account } = fieldsOf(value);
  if (typeof user !== "string" || typeof cluster !== "string" || typeof token !== "string") return undefined;
  return { user, cluster, token, account: typeof account === "string" ? account : undefined };
}

function accountOf({ user: name, account }: KeptLogin): SavedAccount {
  return { name, account };
}

/** True for logins of one account: its name may have changed meanwhile, or its token. */
function areOfOne(one: KeptLogin, two: KeptLogin): boolean {
  return one.token === two.token ||
    (one.cluster === two.cluster && isSameAccount(accountOf(one), accountOf(two)));
}

function nodesOf(value: unknown): KnownNodes | undefined {
  const { own, cluster, nodes } = fieldsOf(value);
  if (typeof own !== "string" || typeof cluster !== "string" || !Array.isArray(nodes)) return undefined;
  const known = nodes.slice(0, NODES_MAX).map(fieldsOf).flatMap(({ name, web }) =>
    typeof name === "string" && (web === undefined || typeof web === "string") ? [{ name, web }] : []
  );
  return { own, cluster, nodes: known };
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null ? value as { readonly [name: string]: unknown } : {};
}
