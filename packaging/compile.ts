/**
 * The program behind `deno task compile`.
 *
 * @module
 */

import { parseCompileArguments } from "./compile/compile_arguments.ts";
import { makeExecutables } from "./compile/make_executables.ts";
import { endWith, USAGE_STATUS } from "./packaging_error.ts";

const warn = (line: string): void => console.error(`compile: ${line}`);
const request = parseCompileArguments(Deno.args);
if ("help" in request) {
  console.log(request.help);
} else if ("problem" in request) {
  console.error(`compile: ${request.problem}`);
  Deno.exit(USAGE_STATUS);
} else {
  await makeExecutables(request, { say: console.log, warn }).catch((error) => endWith("compile", error));
}
