import { assertEquals } from "@std/assert";
import { commandLines, runnableBlocks } from "../../documents/runnable_blocks.ts";

const DOCUMENT = `# Title

\`\`\`sh runnable in=project
one
\`\`\`

\`\`\`sh
not this
\`\`\`

## Next

\`\`\`sh runnable in=executables background
./chat-server
\`\`\`

\`\`\`text
it listens
\`\`\`
`;

Deno.test("runnableBlocks() finds the marked blocks with their lines and sections", () => {
  assertEquals(runnableBlocks(DOCUMENT), {
    blocks: [
      {
        folder: "project",
        manner: "to its end",
        needs: [],
        status: 0,
        text: "one",
        line: 3,
        section: 1,
        shown: undefined,
      },
      {
        folder: "executables",
        manner: "in the background",
        needs: [],
        status: 0,
        text: "./chat-server",
        line: 13,
        section: 2,
        shown: "it listens",
      },
    ],
    problems: [],
  });
});

Deno.test("runnableBlocks() says which markers are wrong", () => {
  const wrong = DOCUMENT.replace("in=executables", "on=executables").replace(
    "one",
    "# nothing but a comment",
  );
  const { blocks, problems } = runnableBlocks(wrong);
  assertEquals(blocks, []);
  assertEquals(problems.map((problem) => problem.replace(/;.*/, "")), [
    "line 3: there is nothing to run",
    'line 13: "on=executables" does not belong there',
  ]);
});

Deno.test("runnableBlocks() refuses what would not be compared", () => {
  const { blocks, problems } = runnableBlocks(DOCUMENT.replace("background", "terminal"));
  assertEquals(blocks.map(({ line }) => line), [3]);
  assertEquals(problems, ["line 13: a block of text cannot show what is in a terminal"]);
});

Deno.test("commandLines() joins what a backslash has cut, and leaves comments out", () => {
  assertEquals(commandLines("one \\\n  two\n\n# three\n  four # five\n"), ["one    two", "four # five"]);
});
