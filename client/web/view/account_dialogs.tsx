/**
 * Dialogs about the account: another password, and its deletion.
 *
 * @module
 */

import type { VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { DeletionField, PasswordField } from "../page/actions.ts";
import { type ChangeForm, type DeletionForm, waitOf } from "../page/forms.ts";
import { EN } from "../texts/en.ts";
import { Buttons, DialogBox } from "./dialog_box.tsx";
import { FieldProblem, FormField, problemText } from "./fields.tsx";
import type { Props } from "./props.ts";

/** Another password. */
export function ChangePassword({ page, act, form }: Props & { readonly form: ChangeForm }): VNode {
  const typed = (field: PasswordField) => (text: string): void => act({ kind: "passwordTyped", field, text });
  const wait = waitOf(form, page.nowSeconds);
  const { old, next, repeat, change } = EN.dialogs;
  const fields = [["old", old], ["next", next], ["repeat", repeat]] as const;
  return (
    <DialogBox
      act={act}
      title={EN.dialogs.changePassword}
      submit={() => act({ kind: "passwordSubmitted" })}
    >
      <p>{EN.dialogs.changePasswordText}</p>
      <UserName name={page.model.account?.name ?? ""} />
      {fields.map(([field, label]) => (
        <FormField
          key={field}
          id={`password-${field}`}
          type="password"
          autoComplete={field === "old" ? "current-password" : "new-password"}
          label={label}
          value={form[field]}
          typed={typed(field)}
          hasFocus={field === "old"}
          problem={problemText(form.problems[field], field === "old" ? EN.problems.missing.old : undefined)}
        />
      ))}
      <FieldProblem text={problemText(form.problems.form)} />
      <Buttons
        act={act}
        confirm={wait > 0 ? EN.login.wait(wait) : change}
        isDangerous={false}
        isOff={form.isBusy || wait > 0}
      />
    </DialogBox>
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
  const typed = (field: DeletionField) => (text: string): void => act({ kind: "deletionTyped", field, text });
  const wait = waitOf(form, page.nowSeconds);
  const { accountName, deleteNow } = EN.dialogs;
  return (
    <DialogBox
      act={act}
      title={EN.dialogs.deleteAccount}
      submit={() => act({ kind: "deletionSubmitted" })}
    >
      <p>
        {EN.settings.loggedInAs(visibleText(page.model.account?.name ?? ""))} {EN.dialogs.deleteAccountText}
      </p>
      <FormField
        id="deletion-name"
        type="text"
        autoComplete="off"
        label={accountName}
        value={form.name}
        typed={typed("name")}
        hasFocus
        problem={problemText(form.problems.name)}
      />
      <FormField
        id="deletion-password"
        type="password"
        autoComplete="current-password"
        label={EN.login.password}
        value={form.password}
        typed={typed("password")}
        problem={problemText(form.problems.password)}
      />
      <FieldProblem text={problemText(form.problems.form)} />
      <Buttons
        act={act}
        confirm={wait > 0 ? EN.login.wait(wait) : deleteNow}
        isDangerous
        isOff={form.isBusy || wait > 0}
      />
    </DialogBox>
  );
}
