/**
 * Texts of others: they are text and nothing else, but for addresses.
 *
 * @module
 */

import { type ComponentChild, Fragment, h, type VNode } from "preact";
import { visibleLines } from "../../../common/visible_text.ts";
import { partsOf, type TextPart } from "./links.ts";

/** A text with its line breaks; characters that could deceive are shown, and addresses are links. */
export function Text({ of }: { readonly of: string }): VNode {
  return <>{partsOf(visibleLines(of).join("\n")).map(shown)}</>;
}

/** The whole address is shown: nothing else may stand for it. */
function shown({ text, href }: TextPart): ComponentChild {
  if (href === undefined) return text;
  return <a href={href} rel="noopener noreferrer" target="_blank">{text}</a>;
}

/** One line of a text, for a list. */
export function lineOf(text: string): string {
  return visibleLines(text.slice(0, LINE_MAX)).join(" ");
}

/** The most characters of a text that a list shows. */
const LINE_MAX = 200;
