/**
 * The line being typed, behind its prompt.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import { isSecret } from "../core/questions.ts";
import type { Editor } from "./keyboard/editor.ts";
import type { PromptArea } from "./display/screen.ts";
import { span } from "./display/spans.ts";
import { visibleTabbed } from "./display/tabs.ts";
import { promptLine } from "./display/view.ts";

const LINE_BREAK = "\u21b5";

/** The prompt and the line as they are shown: of a secret answer, nothing is. */
export function promptArea(model: Model, { text, cursor, search }: Editor): PromptArea {
  if (isSecret(model.question)) return { prompt: promptLine(model), beforeCursor: "", afterCursor: "" };
  const beforeCursor = typedText(text.slice(0, cursor));
  return {
    prompt: search === undefined ? promptLine(model) : [span(`(search ${search.query})> `)],
    beforeCursor,
    afterCursor: typedText(text).slice(beforeCursor.length),
  };
}

/** The line being typed is one line: a sign stands for each line break in it. */
function typedText(text: string): string {
  return visibleTabbed(text.replaceAll("\n", LINE_BREAK));
}
