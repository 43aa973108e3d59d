/**
 * The targets of a document's links.
 *
 * @module
 */

import type { Markdown } from "./markdown.ts";

/** Target of a link within the project. */
export interface Link {
  /** The path of a file or folder of the project; `/` at the end is left out. */
  readonly path: string;
  /** The anchor of a heading of that file. */
  readonly anchor?: string;
  /** The link as written in the document. */
  readonly shown: string;
}

/** A link or image, with or without a title; or the definition of a link. */
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm;

/**
 * The links and images of a document with a target in the project.
 *
 * @param path path of the document
 */
export function linksOf(document: Markdown, path: string): Link[] {
  const prose = document.prose.replace(/(`+)[^`](?:.|\n(?!\n))*?\1/g, "");
  return [...prose.matchAll(LINK)].flatMap(([, inline, defined]) => {
    const shown = inline ?? defined ?? "";
    if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(shown)) return [];
    const [file = "", anchor] = shown.split("#", 2);
    const { pathname } = new URL(file === "" ? `/${path}` : file, `project:///${path}`);
    const target = decodeURIComponent(pathname).slice(1).replace(/\/$/, "");
    return [{ path: target, ...(anchor === undefined ? {} : { anchor }), shown }];
  });
}

/**
 * The anchors of a document's headings, as GitHub makes them: small letters, nothing but letters, digits, `-` and
 * `_`, a hyphen for every space, and a number behind those that were there before.
 */
export function anchorsOf(document: Markdown): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of document.headings) {
    const shown = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const plain = shown.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    let anchor = plain;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${plain}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}
