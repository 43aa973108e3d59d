/**
 * Everything small that the browser keeps for the page: the login, the settings, the nodes. Where the browser keeps
 * nothing, all of it lasts as long as the tab.
 *
 * @module
 */

import type { KeptLogin } from "../link/running_client.ts";

/** The nodes of a cluster, so that a page whose own node is dead finds another. */
interface KnownNodes {
  /** Name of the node that served the page last. */
  readonly own: string;
  readonly cluster: string;
  /** Their names, and the addresses of their pages. */
  readonly nodes: readonly { readonly name: string; readonly web?: string | undefined }[];
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

  /** @param base address of the page: pages of other clusters may be below other paths of the same host */
  constructor(base: URL) {
    this.#prefix = `chat ${base.pathname} `;
    this.#local = storageOf("localStorage");
    this.#session = storageOf("sessionStorage");
  }

  /** Calls back when another tab has ended the login that all tabs share. */
  onLoggedOut(loggedOut: () => void): void {
    addEventListener("storage", ({ storageArea, key, newValue }) => {
      const isLogin = key === null || key === this.#prefix + LOGIN;
      if (storageArea === this.#local && isLogin && newValue === null) loggedOut();
    });
  }

  /** The login of this tab, or the one that all tabs share; `stays` for the latter. */
  login(): { readonly login: KeptLogin; readonly stays: boolean } | undefined {
    const own = loginOf(this.#read(this.#session, LOGIN));
    if (own !== undefined) return { login: own, stays: false };
    const shared = loginOf(this.#read(this.#local, LOGIN));
    return shared && { login: shared, stays: true };
  }

  /** Keeps a login: for all tabs and as long as it is good, or for this tab alone. */
  keepLogin(login: KeptLogin, stays: boolean): void {
    this.#write(stays ? this.#local : this.#session, LOGIN, login);
    if (stays) this.#remove(this.#session, LOGIN);
  }

  /** Forgets the login of this tab, and the one of all tabs if it is that. */
  forgetLogin(stays: boolean): void {
    this.#remove(this.#session, LOGIN);
    if (stays) this.#remove(this.#local, LOGIN);
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

  #read(storage: Storage | undefined, key: string): unknown {
    try {
      const text = storage?.getItem(this.#prefix + key) ?? "";
      return text === "" || text.length > LENGTH_MAX ? undefined : JSON.parse(text);
    } catch {
      // Whatever is there is of no use.
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
    storage?.removeItem(this.#prefix + key);
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
  const { user, cluster, token } = fieldsOf(value);
  if (typeof user !== "string" || typeof cluster !== "string" || typeof token !== "string") return undefined;
  return { user, cluster, token };
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
