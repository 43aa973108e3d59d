/**
 * Everything that is known about a message.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Message } from "../../core/message.ts";
import { isMe } from "../../core/messages.ts";
import { EN } from "../texts/en.ts";
import { Fact } from "./about.tsx";
import { DialogBox } from "./dialog_box.tsx";
import type { Props } from "./props.ts";

/** Everything that is known about a message. */
export function Details({ page, act, id }: Props & { readonly id: string }): VNode {
  const { model, formats } = page;
  const message = model.messages.get(id);
  const close = (): void => act({ kind: "closeDialog" });
  return (
    <DialogBox act={act} title={EN.menu.details} submit={close}>
      {message !== undefined && (
        <dl class="facts">
          <Fact name={EN.details.from} value={message.sender} />
          <Fact name={EN.details.to} value={message.recipient} />
          <Fact name={EN.details.time} value={formats.full(message.timestamp)} />
          {isMe(model, message.sender) && <Fact name={EN.details.state} value={stateOf(message)} />}
          <Fact name={EN.details.bytes} value={EN.details.length(utf8Bytes(message.content))} />
          <Fact name={EN.details.id} value={id} />
        </dl>
      )}
    </DialogBox>
  );
}

/** The state, and the nodes that had stored the message when it was acknowledged. */
function stateOf({ status, stored }: Message): string {
  const state = EN.message.states[status];
  return stored === undefined ? state : `${state}, ${EN.details.copies(stored.copies, stored.nodes)}`;
}
