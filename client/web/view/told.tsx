/**
 * News that are told for a while, and those that are only heard.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { visibleLines, visibleText } from "../../../common/visible_text.ts";
import type { Heard, Told } from "../page/page.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import type { Props } from "./props.ts";

/** News that are told for a while; failures until they are dismissed. */
export function ToldList({ page, act }: Props): VNode {
  return (
    <div class="told-place">
      <div role="status">
        {page.told.filter(({ isAlert }) => !isAlert).map((told) => (
          <Line key={told.number} told={told} act={act} />
        ))}
      </div>
      <div role="alert">
        {page.told.filter(({ isAlert }) => isAlert).map((told) => (
          <Line key={told.number} told={told} act={act} />
        ))}
      </div>
    </div>
  );
}

function Line({ told: { number, of, isAlert }, act }: { told: Told; act: Props["act"] }): VNode {
  return (
    <p class={isAlert ? "told alert" : "told"}>
      <span>{visibleText(textOf(of))}</span>
      <button
        type="button"
        class="quiet"
        aria-label={EN.told.dismiss}
        onClick={() => act({ kind: "dismiss", number })}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}

function textOf(of: Told["of"]): string {
  switch (of.kind) {
    case "notice":
      return EN.notice(of.notice);
    case "failure":
      return EN.failure(of.failure);
    case "storeFailed":
      return EN.told.storeFailed(of.reason);
    case "copied":
      return of.isCopied ? EN.told.copied : EN.told.notCopied;
  }
}

/** New messages of others, for people who hear the page: no own ones, no states, no older pages. */
export function HeardLog({ page }: Pick<Props, "page">): VNode {
  return (
    <div class="hidden" role="log" aria-live="polite">
      {page.heard.map(({ number, of }) => <p key={number}>{saidOf(of)}</p>)}
    </div>
  );
}

function saidOf(of: Heard["of"]): string {
  switch (of.kind) {
    case "message":
      return EN.told.said(visibleText(of.sender), visibleLines(of.text).join("\n"));
    case "elsewhere":
      return EN.told.saidElsewhere(visibleText(of.sender));
    case "many":
      return EN.newMessages(of.count);
  }
}
