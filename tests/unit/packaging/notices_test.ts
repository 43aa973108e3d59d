import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  authorName,
  bundledModules,
  type BundledPackage,
  copyrightLine,
  isLegalFile,
  noticesText,
} from "../../../packaging/notices/notices.ts";
import { PackagingError } from "../../../packaging/packaging_error.ts";

const PACKAGE: BundledPackage = {
  name: "one",
  version: "1.0.0",
  license: "BSD-3-Clause",
  author: "Ann",
  texts: ["Copyright Ann\nText of one\n"],
  copyrights: [],
};

function sectionsOf(text: string): string[] {
  return [...text.matchAll(/^={80}\n(.*)\n={80}$/gm)].map((match) => match[1] ?? "");
}

Deno.test("bundledModules() reads which modules a bundle was made of", () => {
  const code = `import { x } from "node:net";
var __require = 1;

// ../../cache/one/1.0.0/index.js
var require_one = __commonJS({
  // a comment of a package
  "x"() {}
});

// server/main.ts
start();
//# a mark
//! a licence
`;
  assertEquals(bundledModules(code), ["../../cache/one/1.0.0/index.js", "server/main.ts"]);
});

Deno.test("isLegalFile() knows the names under which licences come, and no sources", () => {
  const legal = ["LICENSE", "LICENSE.md", "license", "Licence.txt", "LICENSE-MIT.txt", "NOTICE", "COPYING"];
  const alsoLegal = ["CopyrightNotice.txt", "ThirdPartyNotices.txt", "THIRD-PARTY-NOTICES"];
  for (const name of [...legal, ...alsoLegal]) assertEquals(isLegalFile(name), true, name);
  for (const name of ["README.md", "index.js", "package.json", "unlicensed.js"]) {
    assertEquals(isLegalFile(name), false, name);
  }
});

Deno.test("copyrightLine() reads the first line of a source and no other", () => {
  assertEquals(
    copyrightLine("// Copyright 2026 Ann. MIT license.\ncode();\n"),
    "Copyright 2026 Ann. MIT license.",
  );
  assertEquals(copyrightLine("/*! Copyright (c) Ann */\n"), "Copyright (c) Ann");
  assertEquals(copyrightLine("code();\n// Copyright 2026 Ann\n"), undefined);
  assertEquals(copyrightLine(""), undefined);
});

Deno.test("authorName() takes both forms of package.json", () => {
  assertEquals(authorName("Ann <ann@example.com>"), "Ann <ann@example.com>");
  assertEquals(authorName({ name: "Ann", email: "ann@example.com" }), "Ann");
  assertEquals(authorName({ email: "ann@example.com" }), undefined);
  assertEquals(authorName(undefined), undefined);
  assertEquals(authorName(null), undefined);
});

Deno.test("noticesText() has the own licence, the runtime and every package, sorted", () => {
  const packages = [
    { ...PACKAGE, name: "two" },
    { ...PACKAGE, version: "1.0.1" },
    PACKAGE,
    { ...PACKAGE, name: "@scope/three", license: undefined },
  ];
  const text = noticesText("MIT License\n\nCopyright us\n", "2.9.6", packages);
  assertEquals(sectionsOf(text), [
    "chat-server and chat-client (MIT)",
    "Deno 2.9.6, the runtime (MIT)",
    "@scope/three 1.0.0 (see below)",
    "one 1.0.0 (BSD-3-Clause)",
    "one 1.0.1 (BSD-3-Clause)",
    "two 1.0.0 (BSD-3-Clause)",
  ]);
  assertStringIncludes(text, "MIT License\n\nCopyright us\n");
  assertStringIncludes(text, "https://github.com/denoland/deno/tree/v2.9.6");
  assertEquals(text.split("Copyright Ann\nText of one\n").length, 5);
  assertEquals(noticesText("MIT License\n\nCopyright us\n", "2.9.6", packages.toReversed()), text);
});

Deno.test("noticesText() has every text of a package as it is, with the line ends of this file", () => {
  const texts = ["\n\n   Centred\r\n\r\nText\r\n", "Notice\n"];
  const text = noticesText("Own", "2.9.6", [{ ...PACKAGE, texts }]);
  assertEquals(text.split("\n\n   Centred\n\nText\n\nNotice\n").length, 2);
  assertEquals(text.includes("\r"), false);
});

Deno.test("noticesText() has the author and the copyright of a package that comes without the own licence's text", () => {
  const bare = { ...PACKAGE, license: "MIT", texts: [], copyrights: ["Copyright Bob", "Copyright Ann"] };
  const text = noticesText("Own", "2.9.6", [bare]);
  assertStringIncludes(
    text,
    `By Ann. The package has no file with its licence.

Its files say:

Copyright Ann
Copyright Bob

The terms of the licence MIT are those under "chat-server and chat-client".
`,
  );
});

Deno.test("noticesText() refuses a package that comes without the text of another licence, and names it", () => {
  const bare = { ...PACKAGE, texts: [] };
  const refusal = (each: BundledPackage): string =>
    assertThrows(() => noticesText("Own", "2.9.6", [each]), PackagingError).message;
  assertEquals(
    refusal(bare),
    "the package one 1.0.0, which is in the executables, has no file with its licence (BSD-3-Clause); it may " +
      "not be handed on without, so use another version or another package",
  );
  assertStringIncludes(refusal({ ...bare, license: undefined }), "(it does not say which)");
  assertStringIncludes(refusal({ ...bare, license: "MIT", author: undefined }), "one 1.0.0");
});
