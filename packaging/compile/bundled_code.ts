/**
 * What has to be put right in the code that `deno bundle` makes, before it is compiled.
 *
 * @module
 */

import type { LoadedFile } from "../programs.ts";

/** How minified code refers to a file that lies beside it. */
const REFERENCE = /new URL\("([^"]*)",\s*import\.meta\.url\)/g;

/**
 * The packages that are CommonJS inside call `require` for modules of the runtime. Deno 2.7 leaves it
 * undefined when it minifies; Deno 2.9 defines it under another name.
 */
const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/**
 * The default import of a CommonJS module is the module, for the runtime. Bundlers make an exception where
 * it says that it was an ES module once; Deno 2.9 takes that out of its bundles, Deno 2.7 leaves it in, and
 * packages that were written for the runtime find nothing.
 */
const EXCEPTION = /[\w$]+\|\|!([\w$]+)\|\|!\1\.__esModule\?/g;

/**
 * Makes the main module of a bundle complete: files that it loads are found where they are in the bundle,
 * `require` is defined, and CommonJS modules are imported as the runtime does it.
 *
 * @throws {Error} if the code does not refer exactly once to each of these files, or refers to another: it
 * would not be in the executable
 */
export function completeBundle(code: string, loads: readonly LoadedFile[]): string {
  const missing = new Set(loads.map(({ reference }) => reference));
  const moved = code.replace(REFERENCE, (_whole, reference: string) => {
    const file = loads.find((each) => each.reference === reference);
    if (file === undefined || !missing.delete(reference)) throw new Error(unexpected(reference));
    return `new URL("./${file.bundled}",import.meta.url)`;
  });
  const [first] = missing;
  if (first !== undefined) {
    throw new Error(`the bundle does not refer to ${first} any more; take it out of packaging/programs.ts`);
  }
  return REQUIRE + moved.replace(EXCEPTION, "true?");
}

function unexpected(reference: string): string {
  return `the bundle refers to ${reference}, which is not (or is already) one of the files that ` +
    "packaging/programs.ts lists; whatever a program loads by its address has to be there once";
}
