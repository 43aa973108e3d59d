/**
 * The line being typed, behind its prompt.
 *
 * @module
 */

import { visibleText } from "../../common/visible_text.ts";
import type { Model } from "../core/model.ts";
import { isSecret } from "../core/questions.ts";
import type { Editor } from "./keyboard/editor.ts";
import type { PromptArea } from "./display/screen.ts";
import { span } from "./display/spans.ts";
import { promptLine } from "./display/view.ts";

/** The prompt and the line as they are shown: of a secret answer, nothing is. */
export function promptArea(model: Model, { text, cursor, search }: Editor): PromptArea {
  if (isSecret(model.question)) return { prompt: promptLine(model), beforeCursor: "", afterCursor: "" };
  return {
    prompt: search === undefined ? promptLine(model) : [span(`(search ${search.query})> `)],
    beforeCursor: visibleText(text.slice(0, cursor)),
    afterCursor: visibleText(text.slice(cursor)),
  };
}
