/**
 * Texts of others: they are text and nothing else, but for addresses.
 *
 * @module
 */

import { tokenize } from "linkifyjs";
import type { ComponentChild, VNode } from "preact";
import { visibleLines } from "../../../common/visible_text.ts";

/** The addresses that become links. */
const ALLOWED = /^(https?:\/\/|mailto:)/i;

/** The scheme of an address without one. */
const SCHEME = "https";

/** A text with its line breaks; characters that could deceive are shown, and addresses are links. */
export function Text({ of }: { readonly of: string }): VNode {
  return <>{tokenize(visibleLines(of).join("\n")).map(part)}</>;
}

type Token = ReturnType<typeof tokenize>[number];

function part(token: Token): ComponentChild {
  const text = token.toString();
  const href = token.isLink ? token.toHref(SCHEME) : "";
  if (!ALLOWED.test(href)) return text;
  // The whole address is shown: nothing else may stand for it.
  return <a href={href} rel="noopener noreferrer" target="_blank">{text}</a>;
}

/** One line of a text, for a list. */
export function lineOf(text: string): string {
  return visibleLines(text.slice(0, LINE_MAX)).join(" ");
}

/** The most characters of a text that a list shows. */
const LINE_MAX = 200;
