import { assertEquals } from "@std/assert";
import { dirtyTreeProblem } from "../../../packaging/release/work_tree.ts";

const WAY_OUT = "; a release is made of a commit, so commit them, or put them away with git stash " +
  "--include-untracked";

Deno.test("dirtyTreeProblem() has nothing against a tree in which everything is committed", () => {
  assertEquals(dirtyTreeProblem(""), undefined);
  assertEquals(dirtyTreeProblem("\n"), undefined);
});

Deno.test("dirtyTreeProblem() names what is changed, staged, removed, renamed, in conflict and new", () => {
  const status = " M deno.json\nM  a.ts\n D b.ts\nR  c.ts -> d.ts\nUU e.ts\n";
  assertEquals(
    dirtyTreeProblem(status),
    `5 changes not committed: deno.json, a.ts, b.ts, c.ts -> d.ts, e.ts${WAY_OUT}`,
  );
  assertEquals(
    dirtyTreeProblem("?? packaging/\n"),
    `1 change not committed: packaging/${WAY_OUT}`,
  );
});

Deno.test("dirtyTreeProblem() names five files at most, and says how many more there are", () => {
  const status = Array.from({ length: 12 }, (_, index) => ` M file${index}\n`).join("");
  assertEquals(
    dirtyTreeProblem(status),
    `12 changes not committed: file0, file1, file2, file3, file4 and 7 more${WAY_OUT}`,
  );
});

Deno.test("dirtyTreeProblem() takes a warning of git for no file", () => {
  assertEquals(dirtyTreeProblem("warning: could not open directory 'data/': Permission denied\n"), undefined);
});
