/**
 * Addresses in texts.
 *
 * @module
 */

/** A part of a text; `href` if it is an address. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

/**
 * The beginning of an address, up to the next space: one that says its scheme, a name that begins with `www`, a mail
 * address. A name alone is none: whether `notes.md` is an address, only a list of all countries and islands could tell.
 * A backslash ends it, so that no character that was made visible is part of it.
 */
const CANDIDATE =
  /(?<![\p{L}\p{N}_@.+-])(?:(?:https?:\/\/|mailto:|www\.)[^\s<>"`\\]+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/giu;

/** Characters at the end of an address that belong to the sentence around it. */
const BEHIND = /[.,;:!?'*_~…。、，！？：；\p{Pe}\p{Pf}]$/u;

/** Closing brackets, each with the one that opens it. */
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** The longest address that becomes a link, characters. */
const ADDRESS_MAX = 2_048;

/** The parts of a text in their order; joined, their texts are the text. */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    // Nobody follows a longer one, and looking for its end would take long.
    if (candidate.length > ADDRESS_MAX) continue;
    const address = addressIn(candidate);
    const href = hrefOf(address);
    if (href === undefined) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: address, href });
    end = index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** A candidate without what belongs to the sentence around it. */
function addressIn(candidate: string): string {
  let address = candidate;
  while (BEHIND.test(address) && !closes(address)) address = address.slice(0, -1);
  return address;
}

/** True if an address ends with a bracket that was opened within it. */
function closes(address: string): boolean {
  const close = address.slice(-1);
  const open = BRACKETS[close];
  return open !== undefined && countOf(address, open) >= countOf(address, close);
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The link of an address; undefined if there is none. */
function hrefOf(address: string): string | undefined {
  const scheme = /^(https?:\/\/|mailto:)/i.test(address)
    ? ""
    : address.includes("@")
    ? "mailto:"
    : "https://";
  const href = scheme + address;
  const url = URL.parse(href);
  if (url === null) return undefined;
  if (url.protocol === "mailto:") return url.pathname.includes("@") ? href : undefined;
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  return isWeb && url.hostname !== "" ? href : undefined;
}
