import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCompileArguments } from "../../../packaging/compile/compile_arguments.ts";
import { TARGETS } from "../../../packaging/targets.ts";

Deno.test("parseCompileArguments() means the own machine and dist without any argument", () => {
  assertEquals(parseCompileArguments([]), { targets: undefined, output: "dist" });
});

Deno.test("parseCompileArguments() takes one target, several and all", () => {
  const windows = "x86_64-pc-windows-msvc";
  const mac = "aarch64-apple-darwin";
  const targetsOf = (...args: string[]): unknown => {
    const request = parseCompileArguments(args);
    return "targets" in request ? request.targets : request;
  };
  assertEquals(targetsOf(`--target=${windows}`), [windows]);
  assertEquals(targetsOf("--target", windows), [windows]);
  assertEquals(targetsOf(`--target=${windows}`, `--target=${mac}`), [windows, mac]);
  assertEquals(targetsOf("--all"), TARGETS);
});

Deno.test("parseCompileArguments() takes a folder", () => {
  assertEquals(parseCompileArguments(["--output=/srv/files"]), { targets: undefined, output: "/srv/files" });
});

Deno.test("parseCompileArguments() says what it does not know, and where to look", () => {
  const problemOf = (...args: string[]): string => {
    const request = parseCompileArguments(args);
    assert("problem" in request, JSON.stringify(request));
    return request.problem;
  };
  for (const args of [["--every"], ["here"], ["--all", "-x"]]) {
    assertEquals(problemOf(...args), `${args.at(-1)} is not known\n--help shows what there is`);
  }
  assertStringIncludes(problemOf("--target=windows"), "windows is no target; the targets are x86_64-");
  assertStringIncludes(problemOf("--target="), '"" is no target');
  assertStringIncludes(problemOf("--all", "--target=windows"), "windows is no target");
  assertEquals(
    problemOf("--all", `--target=${TARGETS[0]}`),
    "--all means every target; leave --target=TARGET out, or --all\n--help shows what there is",
  );
  assertEquals(
    problemOf("--output="),
    "--output= has no folder; write --output=FOLDER, or leave it out\n--help shows what there is",
  );
});

Deno.test("parseCompileArguments() shows every target and every way in its help", () => {
  const request = parseCompileArguments(["--help"]);
  assert("help" in request);
  for (const word of [...TARGETS, "--target=", "--all", "--output=", "DENO_COMPILER", "DENORT_BIN"]) {
    assertStringIncludes(request.help, word);
  }
  assertStringIncludes(request.help, "seen from the project's folder");
  assertEquals(parseCompileArguments(["-h"]), request);
});
