/**
 * The program behind `deno task web`: builds the page that nodes serve, if its sources have changed. With `--optional`,
 * as before the start of a node, it ends well without a page too.
 *
 * @module
 */

import { buildPage, hasPage } from "./page/build_page.ts";
import { endWith, PackagingError, USAGE_STATUS } from "./packaging_error.ts";

const OPTIONAL = "--optional";

const [unknown] = Deno.args.filter((argument) => argument !== OPTIONAL);
if (unknown !== undefined) {
  console.error(`web: ${unknown} is not known; deno task web takes no arguments`);
  Deno.exit(USAGE_STATUS);
}
try {
  await buildPage(() => console.error("web: building the page"));
} catch (error) {
  if (!Deno.args.includes(OPTIONAL)) endWith("web", error);
  console.error(`web: ${reasonOf(error)}`);
  console.error(`web: ${await hasPage() ? "the page of an earlier build is served" : "no page is served"}`);
}

function reasonOf(error: unknown): string {
  return error instanceof PackagingError ? error.message : `the page cannot be built: ${String(error)}`;
}
