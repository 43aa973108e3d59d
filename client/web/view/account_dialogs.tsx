/**
 * Dialogs about the account: another password, and its deletion.
 *
 * @module
 */

import { type ComponentChildren, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { type ChangeForm, type DeletionForm, type Form, waitOf } from "../page/forms.ts";
import { EN } from "../texts/en.ts";
import { Buttons, DialogBox } from "./dialog_box.tsx";
import { FieldProblem, FormFields, type FormRow, problemText } from "./fields.tsx";
import type { Props } from "./props.ts";

/** Another password. */
export function ChangePassword({ page, act, form }: Props & { readonly form: ChangeForm }): VNode {
  const { old, next, repeat, change } = EN.dialogs;
  return (
    <FormDialog
      page={page}
      act={act}
      form={form}
      id="password"
      rows={[
        ["old", "current-password", old, EN.problems.missing.old],
        ["next", "new-password", next],
        ["repeat", "new-password", repeat],
      ]}
      typed={(field, text) => act({ kind: "passwordTyped", field, text })}
      title={EN.dialogs.changePassword}
      confirm={change}
      submit={() => act({ kind: "passwordSubmitted" })}
    >
      <p>{EN.dialogs.changePasswordText}</p>
      <UserName name={page.model.account?.name ?? ""} />
    </FormDialog>
  );
}

/** The name that a password manager keeps the password for. */
function UserName({ name }: { readonly name: string }): VNode {
  return (
    <input
      class="hidden"
      type="text"
      autoComplete="username"
      tabIndex={-1}
      aria-hidden
      readOnly
      value={name}
    />
  );
}

/** Deletion of the account: what goes, and the proof that it is meant. */
export function DeleteAccount({ page, act, form }: Props & { readonly form: DeletionForm }): VNode {
  const { accountName, deleteNow } = EN.dialogs;
  return (
    <FormDialog
      page={page}
      act={act}
      form={form}
      id="deletion"
      rows={[["name", "off", accountName], ["password", "current-password", EN.login.password]]}
      typed={(field, text) => act({ kind: "deletionTyped", field, text })}
      title={EN.dialogs.deleteAccount}
      confirm={deleteNow}
      submit={() => act({ kind: "deletionSubmitted" })}
    >
      <p>
        {EN.settings.loggedInAs(visibleText(page.model.account?.name ?? ""))} {EN.dialogs.deleteAccountText}
      </p>
    </FormDialog>
  );
}

interface FormDialogProps<Field extends string> extends Props {
  readonly form: Form<Field> & Readonly<Record<Field, string>>;
  readonly id: "password" | "deletion";
  readonly rows: readonly FormRow<Field>[];
  readonly typed: (field: Field, text: string) => void;
  readonly title: string;
  readonly confirm: string;
  readonly submit: () => void;
  readonly children: ComponentChildren;
}

/** A dialog with a form, which waits as long as the node wants it. */
function FormDialog<Field extends string>(props: FormDialogProps<Field>): VNode {
  const { page, act, form, id, rows, typed, title, confirm, submit, children } = props;
  const wait = waitOf(form, page.nowSeconds);
  return (
    <DialogBox act={act} title={title} submit={submit}>
      {children}
      <FormFields id={id} form={form} rows={rows} typed={typed} hasFocus />
      <FieldProblem text={problemText(form.problems.form)} />
      <Buttons
        act={act}
        confirm={wait > 0 ? EN.login.wait(wait) : confirm}
        isDangerous={id === "deletion"}
        isOff={form.isBusy || wait > 0}
      />
    </DialogBox>
  );
}
