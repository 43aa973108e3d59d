/**
 * The login, which makes an account for a name that nobody has.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { LoginField } from "../page/actions.ts";
import { type LoginForm, waitOf } from "../page/forms.ts";
import { EN } from "../texts/en.ts";
import { FieldProblem, FormFields, type FormRow, problemText } from "./fields.tsx";
import { Icon } from "./icons.tsx";
import type { Props } from "./props.ts";

/** The login. */
export function Login({ page, act }: Props): VNode {
  const { login } = page;
  const isRegister = login.step === "register";
  return (
    <main class="login">
      <form
        class="card"
        aria-labelledby="login-heading"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          act({ kind: "loginSubmitted" });
        }}
      >
        <p class="brand">
          <Icon name="chats" />
          <span>{EN.name}</span>
        </p>
        <h2 id="login-heading">{isRegister ? EN.login.registerHeading : EN.login.submit}</h2>
        <p class="intro" role="status">
          {isRegister ? EN.login.registerIntro(visibleText(login.name.trim())) : EN.login.intro}
        </p>
        <FormFields
          id="login"
          form={login}
          rows={rowsOf(login)}
          typed={(field, text) => act({ kind: "loginTyped", field, text })}
        />
        <label class="choice">
          <input
            type="checkbox"
            checked={page.stays}
            onChange={(event) => act({ kind: "stayChosen", stays: event.currentTarget.checked })}
          />
          <span>
            {EN.login.stays}
            <small>{EN.login.staysHint}</small>
          </span>
        </label>
        <FieldProblem text={problemText(login.problems.form)} />
        <Buttons page={page} act={act} />
      </form>
    </main>
  );
}

function rowsOf({ step, invitation }: LoginForm): readonly FormRow<LoginField>[] {
  const { login: labels, problems: { missing } } = EN;
  const isRegister = step === "register";
  const rows: FormRow<LoginField>[] = [
    ["name", "username", labels.name, missing.name],
    ["password", isRegister ? "new-password" : "current-password", labels.password],
  ];
  if (isRegister) rows.push(["repeat", "new-password", labels.repeat]);
  if (invitation !== undefined) rows.push(["invitation", "off", labels.invitation]);
  return rows;
}

function Buttons({ page, act }: Props): VNode {
  const { login, nowSeconds } = page;
  const wait = waitOf(login, nowSeconds);
  return (
    <div class="buttons">
      {login.step === "register" && (
        <button
          type="button"
          class="plain"
          onClick={() => act({ kind: "loginAgain" })}
        >
          {EN.login.other}
        </button>
      )}
      <button type="submit" class="primary" disabled={login.isBusy || wait > 0}>
        {labelOf(login, wait)}
      </button>
    </div>
  );
}

function labelOf({ isBusy, step }: LoginForm, wait: number): string {
  if (isBusy) return EN.login.busy;
  if (wait > 0) return EN.login.wait(wait);
  return step === "register" ? EN.login.register : EN.login.submit;
}
