/**
 * The keys of the page.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { EN } from "../texts/en.ts";
import { DialogBox } from "./dialog_box.tsx";
import type { Props } from "./props.ts";

/** The keys of the page. */
export function KeyTable({ act }: Pick<Props, "act">): VNode {
  return (
    <DialogBox act={act} title={EN.menu.keys} submit={() => act({ kind: "closeDialog" })}>
      <dl class="keys">
        {EN.keys.map(([key, meaning]) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
      </dl>
    </DialogBox>
  );
}
