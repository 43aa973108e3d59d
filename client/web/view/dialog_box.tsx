/**
 * The frame of dialogs.
 *
 * @module
 */

import { type ComponentChildren, h, type VNode } from "preact";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import type { Props } from "./props.ts";

interface DialogProps extends Pick<Props, "act"> {
  readonly title: string;
  readonly submit: () => void;
  readonly children: ComponentChildren;
}

/** A dialog in front of everything else: it keeps the focus until it is closed. */
export function DialogBox({ act, title, submit, children }: DialogProps): VNode {
  return (
    <dialog
      class="dialog"
      aria-labelledby="dialog-title"
      ref={showInFront}
      onCancel={(event) => {
        event.preventDefault();
        act({ kind: "closeDialog" });
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button
            type="button"
            class="quiet"
            aria-label={EN.dialogs.close}
            onClick={() => act({ kind: "closeDialog" })}
          >
            <Icon name="close" />
          </button>
        </div>
        {children}
      </form>
    </dialog>
  );
}

/** An element that comes in front of the others. */
interface Front {
  readonly open: boolean;
  showModal(): void;
}

function showInFront(dialog: Front | null): void {
  if (dialog !== null && !dialog.open) dialog.showModal();
}

interface ButtonsProps extends Pick<Props, "act"> {
  readonly confirm: string;
  readonly isDangerous: boolean;
  readonly isOff?: boolean;
  /** True if the way back has the focus first. */
  readonly isQuestion?: boolean;
}

/** The buttons below a dialog. */
export function Buttons({ act, confirm, isDangerous, isOff, isQuestion }: ButtonsProps): VNode {
  return (
    <div class="buttons">
      <button
        type="button"
        class="plain"
        autoFocus={isQuestion ?? false}
        onClick={() => act({ kind: "closeDialog" })}
      >
        {EN.dialogs.cancel}
      </button>
      <button type="submit" class={isDangerous ? "primary danger" : "primary"} disabled={isOff ?? false}>
        {confirm}
      </button>
    </div>
  );
}
