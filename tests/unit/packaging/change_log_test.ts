import { assertEquals, assertThrows } from "@std/assert";
import { changeLogProblem, releasedChangeLog } from "../../../packaging/release/change_log.ts";

const UNRELEASED = `# Changes

What changed.

## 1.1.0 (not released yet)

### Added

- Something.

## 1.0.0 (2026-01-31)

The first version.
`;

Deno.test("changeLogProblem() has nothing against a version that is to be released and has a text", () => {
  assertEquals(changeLogProblem(UNRELEASED, "1.1.0"), undefined);
});

Deno.test("changeLogProblem() refuses what was released, and says how to go on", () => {
  assertEquals(
    changeLogProblem(UNRELEASED, "1.0.0"),
    "docs/changes.md says that 1.0.0 was released on 2026-01-31; raise the version in deno.json, and write " +
      'what changed since under "## VERSION (not released yet)"',
  );
});

Deno.test("changeLogProblem() refuses a version without a section", () => {
  const expected =
    'docs/changes.md has no section of 1.1; write what changes for people under "## 1.1 (not ' +
    'released yet)"';
  assertEquals(changeLogProblem(UNRELEASED, "1.1"), expected);
  assertEquals(changeLogProblem("", "1.1"), expected);
  assertEquals(changeLogProblem("### 1.1 (not released yet)\n\nText.\n", "1.1"), expected);
});

Deno.test("changeLogProblem() refuses a section with nothing in it", () => {
  const expected =
    'docs/changes.md has nothing under "## 2.0.0 (not released yet)"; write what changes for people';
  assertEquals(changeLogProblem("## 2.0.0 (not released yet)", "2.0.0"), expected);
  assertEquals(
    changeLogProblem(
      `## 2.0.0 (not released yet)\n\n${UNRELEASED.slice(UNRELEASED.indexOf("## 1.1.0"))}`,
      "2.0.0",
    ),
    'docs/changes.md has nothing under "## 2.0.0 (not released yet)"; write what changes for people',
  );
});

Deno.test("changeLogProblem() refuses a heading that it would not find again", () => {
  for (const heading of ["## 2.0.0", "## 2.0.0 (soon)", "## 2.0.0 not released yet"]) {
    assertEquals(
      changeLogProblem(`${heading}\n\nText.\n`, "2.0.0"),
      'the heading of 2.0.0 in docs/changes.md has to be "## 2.0.0 (not released yet)" until it is released',
    );
  }
});

const RELEASE = {
  version: "1.1.0",
  date: "2026-11-22",
  denoVersion: "2.9.6",
  files: [
    { name: "SMALL.txt", bytes: 7, sha256: "0123" },
    { name: "chat-server-1.1.0-x86_64-apple-darwin", bytes: 99_000_000, sha256: "abcd" },
  ],
};

const RELEASED_SECTION = `## 1.1.0 (2026-11-22)

### Added

- Something.

### Files

Compiled with Deno 2.9.6; \`deno task compile --all\` with that Deno makes the same files again.
[Installation](install.md) says how to check a download.

| File                                    | Bytes    | SHA-256 |
| --------------------------------------- | -------- | ------- |
| \`SMALL.txt\`                             | 7        | \`0123\`  |
| \`chat-server-1.1.0-x86_64-apple-darwin\` | 99000000 | \`abcd\`  |
`;

Deno.test("releasedChangeLog() puts the day into the heading and the files at the end of the section", () => {
  const released = releasedChangeLog(UNRELEASED, RELEASE);
  const [before = "", rest = ""] = released.split(RELEASED_SECTION);
  assertEquals(before, "# Changes\n\nWhat changed.\n\n");
  assertEquals(rest, "\n## 1.0.0 (2026-01-31)\n\nThe first version.\n");
});

Deno.test("releasedChangeLog() leaves what follows and what comes before alone, whatever is in it", () => {
  const before = "# Changes\n\n`$&` and $1\n\n";
  assertEquals(
    releasedChangeLog(`${before}## 1.1.0 (not released yet)\n\n### Added\n\n- Something.\n`, RELEASE),
    before + RELEASED_SECTION,
  );
});

Deno.test("releasedChangeLog() makes of a version one that cannot be released again", () => {
  assertEquals(
    changeLogProblem(releasedChangeLog(UNRELEASED, RELEASE), "1.1.0")?.startsWith(
      "docs/changes.md says that 1.1.0 was released on 2026-11-22; ",
    ),
    true,
  );
});

Deno.test("releasedChangeLog() says what does not work with the Deno that compiled, and nothing of it else", () => {
  const sentence =
    "\nIn Deno 2.7.11, nodes cannot use certificates among each other; that needs 2.7.14 or newer.\n";
  assertEquals(
    releasedChangeLog(UNRELEASED, { ...RELEASE, denoVersion: "2.7.11" }),
    releasedChangeLog(UNRELEASED, RELEASE)
      .replace("Deno 2.9.6;", "Deno 2.7.11;")
      .replace("check a download.\n", `check a download.${sentence}`),
  );
});

Deno.test("releasedChangeLog() invents no section", () => {
  assertThrows(
    () => releasedChangeLog(UNRELEASED, { ...RELEASE, version: "3.0.0" }),
    Error,
    "no section of 3.0.0",
  );
});
