import { assertEquals, assertStringIncludes } from "@std/assert";
import { explainFailure } from "../../../packaging/compile/compiler_failure.ts";
import { FAILURE_STATUS, OUT_OF_REACH_STATUS } from "../../../packaging/packaging_error.ts";
import {
  baseRuntimeMissing,
  baseRuntimeOutOfReach,
  bundlerOutOfReach,
  moduleNotFound,
  syntaxError,
  VERSIONS,
} from "./compiler_outputs.ts";

for (const version of VERSIONS) {
  Deno.test(`explainFailure() says that the base runtime of Deno ${version} is out of reach, and the way out`, () => {
    const { message, status } = explainFailure("dist/chat-server", version, baseRuntimeOutOfReach(version));
    assertEquals(status, OUT_OF_REACH_STATUS);
    assertEquals(
      message,
      `dist/chat-server cannot be made, for the base runtime of Deno ${version} for aarch64-apple-darwin cannot ` +
        `be downloaded from https://dl.deno.land/release/v${version}/denort-aarch64-apple-darwin.zip (failed to ` +
        "lookup address information: Name or service not known); set DENORT_BIN to a copy of it, and " +
        "DENO_COMPILER to a Deno of that version if it is another one than the running one",
    );
  });

  Deno.test(`explainFailure() says that the bundler of Deno ${version} is out of reach`, () => {
    const { message, status } = explainFailure("chat-server", version, bundlerOutOfReach(version));
    assertEquals(status, OUT_OF_REACH_STATUS);
    assertStringIncludes(
      message,
      `chat-server cannot be bundled, for the bundler of Deno ${version}, the npm package esbuild, cannot be ` +
        "downloaded (error sending request for url (https://registry.example/@esbuild%2flinux-x64): client error " +
        "(Connect): ",
    );
    assertStringIncludes(message, "try again where the npm registry can be reached");
  });

  Deno.test(`explainFailure() shows what Deno ${version} says of the sources and of a wrong path, without its stack`, () => {
    for (const output of [syntaxError(version), moduleNotFound(version), baseRuntimeMissing(version)]) {
      const { message, status } = explainFailure("chat-client", version, output);
      assertEquals(status, FAILURE_STATUS);
      const said = output.slice(0, output.indexOf("\n\nStack backtrace:"));
      assertEquals(message, `chat-client cannot be made; Deno ${version} says:\n${said}`);
    }
  });
}

Deno.test("explainFailure() shows what it does not know as it is", () => {
  const { message, status } = explainFailure("x", "2.9.6", "Segmentation fault\n");
  assertEquals(status, FAILURE_STATUS);
  assertEquals(message, "x cannot be made; Deno 2.9.6 says:\nSegmentation fault");
});

Deno.test("explainFailure() takes a failure after the download for no network that does not answer", () => {
  const output = `Download https://dl.deno.land/release/v2.9.6/denort-aarch64-apple-darwin.zip
error: Writing deno compile executable to temporary file 'x.tmp-51b5ccf0b76b3d9a'

Caused by:
    No space left on device (os error 28)
`;
  assertEquals(explainFailure("x", "2.9.6", output).status, FAILURE_STATUS);
});
