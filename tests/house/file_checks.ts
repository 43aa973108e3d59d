/**
 * The files one by one: length, name and docstrings.
 *
 * @module
 */

import ts from "typescript";
import { exportsOf } from "./exports.ts";
import { type Check, type HouseFile, walk } from "./house.ts";

/** A longer file needs another design. */
const LINES_MAX = 300;

/** Files whose exports and modules have docstrings. */
const DOCUMENTED = /^(common|server|client|bench|demo|packaging|tests\/house)\//;

/** A check of the files that `isChecked` chooses. */
function fileCheck(
  name: string,
  isChecked: (file: HouseFile) => boolean,
  offencesIn: (file: HouseFile) => readonly string[],
): Check {
  return {
    name,
    run: ({ files }) => {
      const looked = files.filter(isChecked);
      const offences = looked.flatMap((file) => offencesIn(file).map((offence) => `${file.path} ${offence}`));
      return { offences, checked: looked.length, unit: "files" };
    },
  };
}

/** A long file is two files. */
export const SHORT = fileCheck(
  `files are at most ${LINES_MAX} lines`,
  () => true,
  ({ text }) => {
    const lines = text.split("\n").length - 1;
    return lines > LINES_MAX ? [`has ${lines} lines`] : [];
  },
);

/** Files are found by the name of their main export in one spelling. */
export const SNAKE_CASE = fileCheck(
  "names of files are snake_case",
  () => true,
  ({ path }) =>
    /\/[a-z][a-z0-9]*(_[a-z0-9]+)*\.tsx?$/.test(`/${path}`) ? [] : ["has a name that is not snake_case"],
);

/** The purpose of a module stands before its imports. */
export const MODULES = fileCheck(
  "every module has a docstring",
  ({ path }) => DOCUMENTED.test(path),
  ({ text }) => {
    const header = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0];
    if (header === undefined || !/^ \* @module$/m.test(header)) return ["has no module docstring"];
    return wordsOf(header.replace("@module", "")) === "" ? ["has an empty module docstring"] : [];
  },
);

/** A caller reads the docstring, not the code. */
export const EXPORTS = fileCheck(
  "every export has a docstring",
  ({ path }) => DOCUMENTED.test(path),
  (file) =>
    exportsOf(file).filter(({ statement }) => {
      const docs = docstringsOf(statement).filter((doc) => !doc.includes("@module"));
      return wordsOf(docs.at(-1) ?? "") === "";
    }).map(({ name }) => `exports ${name} without a docstring`),
);

/** A docstring that points to the module docstring has no words of its own. */
export const TELLING = fileCheck(
  "docstrings say something",
  ({ path }) => DOCUMENTED.test(path),
  ({ syntax }) => {
    const offences: string[] = [];
    walk(syntax, (node) => {
      const isEmpty = docstringsOf(node).some((doc) => /^See the module\b/i.test(wordsOf(doc)));
      if (isEmpty) offences.push(`says "See the module" of ${nameOf(node)}`);
    });
    return [...new Set(offences)];
  },
);

/** Each face of the client has words of its own, and a page knows no commands. */
export const WORDLESS: Check = {
  name: "the client's core has no words for people",
  run: ({ files }) => {
    const core = files.filter(({ path }) => path.startsWith("client/core/"));
    const texts = core.flatMap(({ path, syntax }) => textsOf(syntax).map((text) => ({ path, text })));
    const offences = texts.filter(({ text }) => /[A-Za-z,;:] [A-Za-z]|^\/./.test(text))
      .map(({ path, text }) => `${path} says ${JSON.stringify(text)}`);
    return { offences, checked: texts.length, unit: "texts" };
  },
};

/** The texts in a file; of one with values in it, its parts. */
function textsOf(syntax: ts.SourceFile): string[] {
  const texts: string[] = [];
  walk(syntax, (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) texts.push(node.text);
    if (ts.isTemplateMiddleOrTemplateTail(node)) texts.push(node.text.replace(/^\//, ""));
  });
  return texts;
}

function docstringsOf(node: ts.Node): string[] {
  const docs = ts.getJSDocCommentsAndTags(node).filter((doc) => ts.isJSDoc(doc) && doc.parent === node);
  return docs.map((doc) => doc.getText());
}

/** A comment without its frame. */
function wordsOf(comment: string): string {
  return comment.replace(/^\/\*\*|\*\/$/g, "").replace(/^\s*\* ?/gm, "").trim();
}

function nameOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations[0]?.name.getText() ?? "a variable";
  }
  return ts.getNameOfDeclaration(node as ts.Declaration)?.getText() ?? "the constructor";
}
