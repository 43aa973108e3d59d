/**
 * The login, which makes an account for a name that nobody has.
 *
 * @module
 */

import type { VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { LoginField } from "../page/actions.ts";
import { type LoginForm, waitOf } from "../page/forms.ts";
import { EN } from "../texts/en.ts";
import { FieldProblem, FormField, problemText } from "./fields.tsx";
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
        <Fields page={page} act={act} />
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

function Fields({ page, act }: Props): VNode {
  const { login } = page;
  const { name, password } = EN.problems.missing;
  const isRegister = login.step === "register";
  const typed = (field: LoginField) => (text: string): void => act({ kind: "loginTyped", field, text });
  return (
    <>
      <FormField
        id="login-name"
        type="text"
        autoComplete="username"
        label={EN.login.name}
        value={login.name}
        typed={typed("name")}
        problem={problemText(login.problems.name, name)}
      />
      <FormField
        id="login-password"
        type="password"
        autoComplete={isRegister ? "new-password" : "current-password"}
        label={EN.login.password}
        value={login.password}
        typed={typed("password")}
        problem={problemText(login.problems.password, password)}
      />
      {isRegister && (
        <FormField
          id="login-repeat"
          type="password"
          autoComplete="new-password"
          label={EN.login.repeat}
          value={login.repeat}
          typed={typed("repeat")}
          problem={problemText(login.problems.repeat)}
        />
      )}
    </>
  );
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
