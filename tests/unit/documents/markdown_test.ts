import { assertEquals } from "@std/assert";
import { readMarkdown } from "../../documents/markdown.ts";

Deno.test("readMarkdown() finds headings, blocks and prose, with their lines and sections", () => {
  const text = [
    "# Title",
    "text",
    "```sh runnable",
    "# no heading",
    "two",
    "```",
    "### Deep",
    "~~~~",
    "~~~",
    "~~~~",
  ]
    .join("\n");
  assertEquals(readMarkdown(text), {
    headings: [{ level: 1, text: "Title" }, { level: 3, text: "Deep" }],
    fences: [
      { info: "sh runnable", text: "# no heading\ntwo", line: 3, section: 1 },
      { info: "", text: "~~~", line: 8, section: 1 },
    ],
    prose: "# Title\ntext\n\n\n\n\n### Deep\n\n\n",
  });
});

Deno.test("readMarkdown() counts sections by headings of at most two signs", () => {
  const block = "```\nx\n```\n";
  const { fences } = readMarkdown(
    `${block}# A\n${block}## B\n### C\n${block}#### D\n${block}## E ##\n${block}`,
  );
  assertEquals(fences.map(({ section }) => section), [0, 1, 2, 2, 3]);
});

Deno.test("readMarkdown() lets a block without an end go to the end of the document", () => {
  const { fences, headings } = readMarkdown("```sh\none\n# two");
  assertEquals([fences.map(({ text }) => text), headings], [["one\n# two"], []]);
});

Deno.test("readMarkdown() knows the end of a block from a shorter or another fence", () => {
  const { fences } = readMarkdown("````\n```\n~~~~\n```` x\n`````\n");
  assertEquals(fences.map(({ text }) => text), ["```\n~~~~\n```` x"]);
});
