/**
 * Parts of forms and lists.
 *
 * @module
 */

import type { VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Problem } from "../page/forms.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly typed: (text: string) => void;
}

/** A field that filters what is below it. */
export function Field({ id, label, value, typed }: FieldProps): VNode {
  return (
    <div class="find">
      <Icon name="search" />
      <input
        id={id}
        type="search"
        dir="auto"
        autoComplete="off"
        enterkeyhint="search"
        spellcheck={false}
        aria-label={label}
        placeholder={label}
        value={value}
        onInput={(event) => typed(event.currentTarget.value)}
      />
    </div>
  );
}

/** A button below a list that has more rows. */
export function More({ label, act }: { readonly label: string; readonly act: () => void }): VNode {
  return <button type="button" class="more" onClick={act}>{label}</button>;
}

interface FormFieldProps extends FieldProps {
  readonly type: "text" | "password";
  readonly autoComplete: string;
  readonly problem: string | undefined;
  readonly hasFocus?: boolean;
}

/** A field of a form, with its problem beside it. */
export function FormField(props: FormFieldProps): VNode {
  const { id, label, value, typed, type, autoComplete, problem, hasFocus = false } = props;
  const common = {
    id,
    value,
    autoComplete,
    autoCapitalize: "none",
    autoFocus: hasFocus,
    spellcheck: false,
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-problem`,
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      typed(currentTarget.value),
  } as const;
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      {type === "password" ? <input type="password" {...common} /> : <input type="text" {...common} />}
      <FieldProblem id={`${id}-problem`} text={problem} />
    </div>
  );
}

/** A problem; its place is always there, so that it is said when it comes. */
export function FieldProblem(
  { id, text }: { readonly id?: string; readonly text: string | undefined },
): VNode {
  return <p class="problem" id={id} role="alert">{text}</p>;
}

/** A problem in words. */
export function problemText(
  problem: Problem | undefined,
  missing: string = EN.problems.missing.password,
): string | undefined {
  switch (problem?.kind) {
    case undefined:
      return undefined;
    case "failure":
      return visibleText(EN.failure(problem.failure));
    case "missing":
      return missing;
    case "differs":
      return EN.problems.differs;
    case "otherName":
      return EN.problems.otherName;
  }
}
