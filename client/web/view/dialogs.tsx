/**
 * Dialogs: what stands in front of everything else until it is answered.
 *
 * @module
 */

import { type ComponentChildren, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { isMe } from "../../core/messages.ts";
import { EN } from "../texts/en.ts";
import { Details } from "./details.tsx";
import { ChangePassword, DeleteAccount } from "./account_dialogs.tsx";
import { KeyTable } from "./key_table.tsx";
import { Buttons, DialogBox } from "./dialog_box.tsx";
import type { Props } from "./props.ts";

/** The dialog that is open. */
export function Dialogs({ page, act }: Props): VNode | null {
  const { dialog } = page;
  switch (dialog?.kind) {
    case undefined:
      return null;
    case "deleteMessage":
      return <DeleteMessage page={page} act={act} id={dialog.id} />;
    case "details":
      return <Details page={page} act={act} id={dialog.id} />;
    case "logOut":
      return (
        <Question act={act} title={EN.dialogs.logOut} confirm={EN.dialogs.logOutNow}>
          {EN.dialogs.logOutText(dialog.unsent)}
        </Question>
      );
    case "changePassword":
      return <ChangePassword page={page} act={act} form={dialog.form} />;
    case "deleteAccount":
      return <DeleteAccount page={page} act={act} form={dialog.form} />;
    case "keys":
      return <KeyTable act={act} />;
  }
}

function DeleteMessage({ page: { model }, act, id }: Props & { readonly id: string }): VNode {
  const message = model.messages.get(id);
  const isOwn = message !== undefined && isMe(model, message.sender);
  const name = visibleText((isOwn ? message?.recipient : message?.sender) ?? "");
  const { deleteForBoth, deleteForBothText, deleteForMe, deleteForMeText } = EN.dialogs;
  return (
    <Question act={act} title={isOwn ? deleteForBoth : deleteForMe} confirm={EN.dialogs.delete}>
      {isOwn ? deleteForBothText(name) : deleteForMeText(name)}
    </Question>
  );
}

interface QuestionProps extends Pick<Props, "act"> {
  readonly title: string;
  readonly confirm: string;
  readonly children: ComponentChildren;
}

function Question({ act, title, confirm, children }: QuestionProps): VNode {
  return (
    <DialogBox act={act} title={title} submit={() => act({ kind: "confirm" })}>
      <p>{children}</p>
      <Buttons act={act} confirm={confirm} isDangerous isQuestion />
    </DialogBox>
  );
}
