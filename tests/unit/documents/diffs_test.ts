import { assertEquals } from "@std/assert";
import { hunksOf } from "../../documents/diffs.ts";
import { readMarkdown } from "../../documents/markdown.ts";

const DIFF = `\`\`\`diff
--- a/one.ts
+++ b/one.ts
@@ -1,2 +1,3 @@
 first
+second
@@ -9 +10 @@ in a function
-old
+new
--- a/two.md
+++ b/two.md
@@ -0,0 +1,2 @@
+| a |

\`\`\`
`;

Deno.test("hunksOf() gives every hunk as its file has it once the change is made", () => {
  assertEquals(hunksOf(readMarkdown(DIFF)), [
    { path: "one.ts", after: "first\nsecond" },
    { path: "one.ts", after: "new" },
    { path: "two.md", after: "| a |" },
  ]);
});

Deno.test("hunksOf() passes over blocks that are no diffs", () => {
  assertEquals(hunksOf(readMarkdown("```sh\n--- a/one.ts\n+++ b/one.ts\n@@ -1 +1 @@\n+x\n```\n")), []);
});
