import { assertEquals } from "@std/assert";
import { anchorsOf, linksOf } from "../../documents/links.ts";
import { readMarkdown } from "../../documents/markdown.ts";

function linksIn(text: string): (string | undefined)[][] {
  return linksOf(readMarkdown(text), "docs/one.md").map(({ path, anchor }) => [path, anchor]);
}

Deno.test("linksOf() finds what leads to the project, from where the document is", () => {
  const cases: readonly (readonly [string, readonly (readonly (string | undefined)[])[]])[] = [
    ["[two](two.md)", [["docs/two.md", undefined]]],
    ["[up](../README.md#start) and [here](#there)", [["README.md", "start"], ["docs/one.md", "there"]]],
    ['![image](terminal.svg "A title")', [["docs/terminal.svg", undefined]]],
    ["[![both](a.svg)](b.md)", [["docs/a.svg", undefined], ["docs/b.md", undefined]]],
    ["[folder](../tests/sim/) [root](..)", [["tests/sim", undefined], ["", undefined]]],
    ["[spaced](a%20b.md) [bracketed](<c.md>)", [["docs/a b.md", undefined], ["docs/c.md", undefined]]],
    ["[defined]: two.md", [["docs/two.md", undefined]]],
    ["[out](https://deno.com) [mail](mailto:a@b.c) [other](//host/x)", []],
    ["`[code](no.md)`\n\n```\n[block](no.md)\n```\n", []],
  ];
  for (const [text, links] of cases) assertEquals(linksIn(text), links as string[][], text);
});

Deno.test("anchorsOf() names headings as GitHub does", () => {
  const text =
    "# Two words\n## `code`, and: more!\n## 11. With jq\n## [link](x.md) a_b\n## Again\n## Again\n";
  assertEquals([...anchorsOf(readMarkdown(text))], [
    "two-words",
    "code-and-more",
    "11-with-jq",
    "link-a_b",
    "again",
    "again-1",
  ]);
});
