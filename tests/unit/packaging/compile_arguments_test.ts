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
  assertEquals(targetsOf("--all", `--target=${windows}`), TARGETS);
});

Deno.test("parseCompileArguments() takes a folder, and dist for an empty name", () => {
  assertEquals(parseCompileArguments(["--output=/srv/files"]), { targets: undefined, output: "/srv/files" });
  assertEquals(parseCompileArguments(["--output="]), { targets: undefined, output: "dist" });
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
  assertStringIncludes(problemOf("--target="), " is no target");
  assertStringIncludes(problemOf("--all", "--target=windows"), "windows is no target");
});

Deno.test("parseCompileArguments() shows every target and every way in its help", () => {
  const request = parseCompileArguments(["--help"]);
  assert("help" in request);
  for (const word of [...TARGETS, "--target=", "--all", "--output=", "DENO_COMPILER", "DENORT_BIN"]) {
    assertStringIncludes(request.help, word);
  }
});
