/**
 * The search in one's messages.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Message } from "../../core/message.ts";
import { EN } from "../texts/en.ts";
import { Field, FieldProblem, More } from "./fields.tsx";
import { Name } from "./names.tsx";
import type { Props } from "./props.ts";
import { lineOf } from "./text.tsx";

/** The search: its words, and the messages that it has found. */
export function SearchList({ page, act }: Props): VNode {
  const { typed, with: name, asked, isBusy, failure, hasMore } = page.search;
  return (
    <>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          act({ kind: "searchSubmitted" });
        }}
      >
        <Field
          id="words"
          label={EN.search.label}
          value={typed}
          typed={(text) => act({ kind: "wordsTyped", text })}
        />
        {name !== undefined && (
          <p class="scope">
            {EN.search.within(visibleText(name))} <a href="#/search">{EN.search.everywhere}</a>
          </p>
        )}
      </form>
      <div class="rows-place">
        <FieldProblem text={failure && visibleText(EN.failure(failure))} />
        {asked === undefined && <p class="empty">{EN.search.hint}</p>}
        <Found page={page} act={act} />
        {isBusy && <p class="empty">{EN.search.busy}</p>}
        {hasMore && !isBusy && <More label={EN.search.more} act={() => act({ kind: "searchOn" })} />}
      </div>
    </>
  );
}

function Found({ page, act }: Props): VNode {
  const { found, asked, isBusy, failure } = page.search;
  const messages = found.flatMap((id) => page.model.messages.get(id) ?? []).filter(({ deleted }) => !deleted);
  const isNothing = asked !== undefined && !isBusy && failure === undefined && messages.length === 0;
  return (
    <>
      <p class="hidden" role="status">
        {asked !== undefined && !isBusy && EN.search.found(messages.length)}
      </p>
      {isNothing && <p class="empty">{EN.search.nothing(visibleText(asked.words))}</p>}
      <ul class="rows" role="list">
        {messages.map((message) => (
          <li key={message.id} class="row">
            <FoundRow page={page} act={act} message={message} />
          </li>
        ))}
      </ul>
    </>
  );
}

function FoundRow({ page, act, message }: Props & { readonly message: Message }): VNode {
  const { id, sender, recipient, timestamp, content } = message;
  return (
    <button type="button" class="row-link" onClick={() => act({ kind: "openAt", id })}>
      <span class="row-text">
        <span class="row-top">
          <Name of={EN.search.direction(sender, recipient)} />
          <span class="row-time">{page.formats.brief(timestamp, page.nowSeconds)}</span>
        </span>
        <span class="found" dir="auto">{lineOf(content)}</span>
      </span>
    </button>
  );
}
