/**
 * Reads a coverage report (lcov) from standard input and fails if the tests without permissions reach too few lines
 * of the pure rooms, or no file of one of them.
 *
 * @module
 */

import { judge } from "./house/coverage.ts";

const lcov = await new Response(Deno.stdin.readable).text();
const { faults, weakest, summary } = judge(lcov, new URL("../", import.meta.url).pathname);
for (const line of [...weakest, summary, ...faults]) console.log(line);
if (faults.length > 0) Deno.exit(1);
