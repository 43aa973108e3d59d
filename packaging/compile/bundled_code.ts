/**
 * Corrections to the code that `deno bundle` makes, before it is compiled.
 *
 * @module
 */

import type { LoadedFile } from "../programs.ts";

/** A reference in minified code to a file beside it. */
const REFERENCE = /new URL\("([^"]*)",\s*import\.meta\.url\)/g;

/**
 * The CommonJS packages in a bundle call `require` for modules of the runtime. Deno 2.7 leaves it undefined
 * when it minifies; Deno 2.9 defines it under another name.
 */
const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/**
 * In the runtime, the default import of a CommonJS module is the module. Bundlers make an exception for
 * modules that `__esModule` marks as former ES modules; packages written for the runtime then find nothing.
 * Deno 2.9 removes the exception from its bundles, Deno 2.7 leaves it in.
 */
const EXCEPTION = /[\w$]+\|\|!([\w$]+)\|\|!\1\.__esModule\?/g;

/**
 * Completes the main module of a bundle: references lead to files in the bundle, `require` is defined, and
 * CommonJS modules are imported as the runtime does it.
 *
 * @throws {Error} if the code does not refer exactly once to each of these files, or refers to another one,
 * which the executable would lack
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
