/**
 * A page as its views draw it.
 *
 * @module
 */

import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { App } from "../../../../client/web/view/app.tsx";
import type { FakePage } from "../page/fake_page.ts";

/** The document of a page, as HTML. */
export function drawn({ page }: FakePage): string {
  return renderToString(h(App, { page, act: () => {} }));
}

/** The words of a document: its texts without its elements, and without those that are hidden from everybody. */
export function wordsOf(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll(
    "&quot;",
    '"',
  )
    .replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}

/** The elements of a document that have a class, as the HTML of each up to its end. */
export function elementsOf(html: string, name: string): readonly string[] {
  const found: string[] = [];
  for (
    const match of html.matchAll(
      new RegExp(`<(\\w+)[^>]*\\bclass="(?:[^"]* )?${name}(?: [^"]*)?"[^>]*>`, "g"),
    )
  ) {
    found.push(elementAt(html, match.index, match[1] ?? ""));
  }
  return found;
}

/** The element that begins at a place. */
function elementAt(html: string, start: number, tag: string): string {
  let depth = 0;
  for (const match of html.slice(start).matchAll(new RegExp(`<(/?)${tag}\\b[^>]*?(/?)>`, "g"))) {
    if (match[2] !== "/") depth += match[1] === "/" ? -1 : 1;
    if (depth === 0) return html.slice(start, start + match.index + match[0].length);
  }
  throw new Error(`no end of ${tag} at ${start}`);
}
