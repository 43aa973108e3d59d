/**
 * Captured output of Deno 2.9.6 and 2.7.11 for failing bundles and compilations. The address of the package
 * registry and the folder are replaced.
 *
 * @module
 */

/** The last lines by version; they are of no use to people. */
const STACKS = {
  "2.9.6": `
Stack backtrace:
   0: <unknown>
`,
  "2.7.11": `
Stack backtrace:
   0: <unknown>
   1: <unknown>
   2: __libc_start_call_main
             at ./csu/../sysdeps/nptl/libc_start_call_main.h:58:16
   3: __libc_start_main_impl
             at ./csu/../csu/libc-start.c:360:3
   4: <unknown>
`,
};

/** A version with captured output. */
export type CapturedVersion = keyof typeof STACKS;

/** All of them. */
export const VERSIONS = Object.keys(STACKS) as readonly CapturedVersion[];

/** The name of Deno's download host cannot be resolved. */
export function baseRuntimeOutOfReach(version: CapturedVersion): string {
  const address = `https://dl.deno.land/release/v${version}/denort-aarch64-apple-darwin.zip`;
  return `Compile a.js to x
Download ${address}
error: Writing deno compile executable to temporary file 'x.tmp-51b5ccf0b76b3d9a'

Caused by:
    0: Setting up base binary.
    1: error sending request for url (${address}): client error (Connect): dns error: failed to lookup address information: Name or service not known
    2: client error (Connect)
    3: dns error
    4: failed to lookup address information: Name or service not known
${STACKS[version]}`;
}

/** The file named by `DENORT_BIN` does not exist. */
export function baseRuntimeMissing(version: CapturedVersion): string {
  return `Compile a.js to x
error: Writing deno compile executable to temporary file 'x.tmp-b6aceac1affcae5e'

Caused by:
    0: Could not find denort at '/project/none/denort'
    1: No such file or directory (os error 2)
${STACKS[version]}`;
}

/** The certificate of the registry is not trusted (2.7.11), or its port is closed (2.9.6). */
export function bundlerOutOfReach(version: CapturedVersion): string {
  const address = "https://registry.example/@esbuild%2flinux-x64";
  const cause = version === "2.7.11"
    ? "invalid peer certificate: UnknownIssuer"
    : "tcp connect error: Connection refused (os error 111)";
  return `⚠️  deno bundle is experimental and subject to changes
Download ${address}
error: Failed loading ${address} for package "@esbuild/linux-x64"

Caused by:
    error sending request for url (${address}): client error (Connect): ${cause}
${STACKS[version]}`;
}

/** The sources have a mistake. */
export function syntaxError(version: CapturedVersion): string {
  const problem = "Unexpected token `=`. Expected an identifier, void, yield, null, await, break, a string " +
    "literal, a numeric literal, true, false, `, -, import, this, typeof, {, [, (";
  const shown = version === "2.9.6"
    ? `error: SyntaxError: ${problem}
  |
1 | const a: = 1;
  |          ~
    at file:///project/bad.ts:1:10`
    : `error: The module's source code could not be parsed: ${problem} at file:///project/bad.ts:1:10

  const a: = 1;
           ~`;
  return `⚠️  deno bundle is experimental and subject to changes
${shown}
error: bundling failed
${STACKS[version]}`;
}

/** The sources import a file that does not exist. */
export function moduleNotFound(version: CapturedVersion): string {
  return `⚠️  deno bundle is experimental and subject to changes
error: Module not found "file:///project/none.ts".
    at file:///project/none_import.ts:1:8
error: bundling failed
${STACKS[version]}`;
}
