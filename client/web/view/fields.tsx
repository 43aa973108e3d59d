/**
 * Parts of forms and lists.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Form, Problem } from "../page/forms.ts";
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

/** A field of a form: its name, the kind of text that a browser may fill in, its label, and the hint if it is empty. */
export type FormRow<Field> = readonly [field: Field, autoComplete: string, label: string, missing?: string];

interface FormFieldsProps<Field extends string> {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly form: Form<Field> & Readonly<Partial<Record<Field, string | undefined>>>;
  readonly rows: readonly FormRow<Field>[];
  readonly typed: (field: Field, text: string) => void;
  /** True if the first field has the focus first. */
  readonly hasFocus?: boolean;
}

const PASSWORD = { type: "password" } as const;
const TEXT = { type: "text" } as const;

/** The fields of a form, each with its problem beside it. */
export function FormFields<Field extends string>(
  { id, form, rows, typed, hasFocus = false }: FormFieldsProps<Field>,
): VNode {
  return (
    <>
      {rows.map(([field, autoComplete, label, missing], i) => {
        const name = `${id}-${field}`;
        const problem = problemText(form.problems[field], missing);
        return (
          <div key={field} class="form-field">
            <label for={name}>{label}</label>
            <input
              id={name}
              {...autoComplete.endsWith("password") ? PASSWORD : TEXT}
              value={form[field]}
              autoComplete={autoComplete}
              autoCapitalize="none"
              autoFocus={hasFocus && i === 0}
              spellcheck={false}
              aria-invalid={problem !== undefined}
              aria-describedby={`${name}-problem`}
              onInput={({ currentTarget: { value } }) => typed(field, value)}
            />
            <FieldProblem id={`${name}-problem`} text={problem} />
          </div>
        );
      })}
    </>
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
