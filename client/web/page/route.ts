/**
 * The part of the address behind `#`: the screen that it names.
 *
 * @module
 */

/** A screen, as the address names it. */
export type Route =
  /** `invitation` for the code of one, with which the login opens. */
  | { readonly kind: "chats"; readonly invitation?: string | undefined }
  | { readonly kind: "people" }
  /** `with` for a search within one chat. */
  | { readonly kind: "search"; readonly with?: string | undefined }
  /** `account` for the chat of an account that has lost its name. */
  | { readonly kind: "chat"; readonly name: string; readonly account?: string | undefined }
  | { readonly kind: "settings" }
  | { readonly kind: "about" };

/** The most characters of an address that are read. */
const HASH_MAX = 1_000;

/** The screen of an address, from `#` on; that of the chats for anything unknown. */
export function routeOf(hash: string): Route {
  const [kind, name, account] = hash.slice(0, HASH_MAX).replace(/^#?\/?/, "").split("/").map(decoded);
  switch (kind) {
    case "people":
    case "settings":
    case "about":
      return { kind };
    case "invite":
      return { kind: "chats", invitation: name };
    case "search":
      return name ? { kind, with: name } : { kind };
    case "chat":
      if (!name) return { kind: "chats" };
      return account ? { kind, name, account } : { kind, name };
    default:
      return { kind: "chats" };
  }
}

/** The address of a screen, from `#` on. */
export function hashOf(route: Route): string {
  const parts = [route.kind, ...namesOf(route)].map((part) => encodeURIComponent(part));
  return route.kind === "chats" ? "#/" : `#/${parts.join("/")}`;
}

function namesOf(route: Route): readonly string[] {
  if (route.kind === "search") return route.with === undefined ? [] : [route.with];
  if (route.kind !== "chat") return [];
  return route.account === undefined ? [route.name] : [route.name, route.account];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Half an escape is no name.
    return "";
  }
}
